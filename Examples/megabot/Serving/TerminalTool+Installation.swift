// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import MegaSecurity
import MegaTools

extension TerminalTool {
    /// Commands in the workspace, confined, with the daemon's own files out of sight.
    init(_ installation: Installation) {
        let settings = installation.configuration.tools.commands
        self.init(
            runner: BubblewrapRunner(hiddenPaths: installation.hiddenPaths),
            inspector: ShellInspector(), workspace: installation.workspace, allowsNetwork: settings.allowsNetwork,
            limits: CommandRequest.Limits(cpuSeconds: settings.timeoutSeconds, memoryBytes: settings.memoryMegabytes << 20),
            longestTime: .seconds(settings.timeoutSeconds))
    }
}
