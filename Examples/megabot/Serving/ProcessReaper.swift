// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaSecurity
import ServiceLifecycle

/// Waits for ended descendants of commands, so that none stays in the process table where process 1 waits for nobody, as in many containers.
///
/// The daemon starts processes through MegaSecurity's runners only, so it may.
struct ProcessReaper: Service {
    func run() async throws {
        AdoptedProcesses.begin()
        // why: the wait ends by cancellation only, and that is how the loop ends
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: .seconds(2))
                AdoptedProcesses.reap()
            }
        }
    }
}
