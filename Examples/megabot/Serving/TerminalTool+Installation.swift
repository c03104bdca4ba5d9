// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import MegaSecurity
import MegaTools

extension TerminalTool {
    /// Commands in the workspace, confined, with the daemon's own files out of sight.
    ///
    /// - Parameter secrets: Gives commands the secrets they name; nil when there are none.
    init(_ installation: Installation, secrets: SecretHandles?) {
        let settings = installation.configuration.tools.commands
        let confined = installation.commandRunner
        let programs = installation.configuration.secrets.bindings.map { ($0.name, $0.programs) }
        self.init(
            runner: secrets.map { SecretResolvingRunner(confined, handles: $0, inspector: ShellInspector()) } ?? confined, inspector: ShellInspector(), workspace: installation.workspace, network: settings.reach,
            limits: CommandRequest.Limits(
                cpuSeconds: settings.timeoutSeconds, memoryBytes: settings.memoryMegabytes << 20, processes: settings.processes,
                fileBytes: settings.fileMegabytes << 20, diskBytes: settings.diskMegabytes << 20), longestTime: .seconds(settings.timeoutSeconds),
            secrets: Dictionary(programs, uniquingKeysWith: +))
    }
}

extension MegaConfiguration.Tools.Commands {
    /// What commands may reach.
    var reach: CommandRequest.Network {
        if allowsNetwork { return .open }
        return allowedHosts.isEmpty ? .none : .allowList(.only(allowedHosts))
    }

    fileprivate func required(of controls: Set<SandboxCoverage.Control>) -> Set<SandboxCoverage.Control> {
        controls.filter { !toleratesMissing.contains($0.rawValue) }
    }
}

extension Installation {
    /// Removes what a daemon that was killed left in the workspace.
    func tidyWorkspace() async throws {
        if let runner = commandRunner as? BubblewrapRunner { try await runner.removeLeftovers(in: [workspace]) }
    }

    /// The sandbox of the configuration.
    var commandRunner: any CommandRunner {
        let settings = configuration.tools.commands
        return switch settings.sandbox {
        case .bubblewrap:
            BubblewrapRunner(
                hiddenPaths: hiddenPaths, readableFolders: settings.readableFolders,
                protectedPaths: ProtectedPaths.standard + settings.protectedPaths,
                requirements: settings.required(of: BubblewrapRunner.standardRequirements))
        case .landlock:
            LandlockRunner(
                hiddenPaths: hiddenPaths, readableFolders: settings.readableFolders,
                requirements: settings.required(of: LandlockRunner.standardRequirements))
        }
    }
}
