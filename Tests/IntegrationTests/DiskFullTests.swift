// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@Suite("The daemon on a full disk", .serialized, .timeLimit(.minutes(5)))
struct DiskFullTests {
    @Test(
        "what was acknowledged survives; the trouble is said; with room again everything ends, with and without a restart",
        .enabled(if: PeerProgram.mayRun, PeerProgram.hint),
        .enabled(if: geteuid() == 0, "only root can mount a small tmpfs"), arguments: ["stay", "restart"])
    func full(end: String) async throws {
        try await PeerProgram.run("disk_full.py", ["--then", end], timeLimit: .seconds(150))
    }
}
