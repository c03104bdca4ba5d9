// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import Testing

@Suite("Shell hooks", .enabled(if: PeerProgram.mayRun, PeerProgram.hint), .serialized) struct ShellHookTests {
    private static let installed = ["bash", "zsh", "fish"].filter { shell in
        ["/bin", "/usr/bin", "/usr/local/bin"].contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(shell)") }
    }

    @Test("In a real interactive shell an allowed command runs once, a blocked one never, an asked one when told so", arguments: installed)
    func interactive(_ shell: String) async throws {
        try await PeerProgram.run("shell_hook.py", ["--shell", shell], timeLimit: .seconds(120))
    }
}
