// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import Testing

@Suite("The daemon, killed again and again", .serialized, .timeLimit(.minutes(8)))
struct CrashTests {
    @Test(
        "2,000 messages over a dozen kill -9: each stored once, none lost, each answered exactly once",
        .enabled(if: PeerProgram.mayRun, PeerProgram.hint))
    func kills() async throws {
        // Another one every day, and every run of one day the same.
        let seed = Int(Date().timeIntervalSince1970 / 86_400)
        let report = try await PeerProgram.run(
            "crash.py", ["--messages", "2000", "--kills", "14", "--seed", "\(seed)", "--deadline", "240"], timeLimit: .seconds(400))
        print("crash test:", report, terminator: "")
    }
}
