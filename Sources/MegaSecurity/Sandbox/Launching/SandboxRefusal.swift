// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// A refusal to run without a control.
enum SandboxRefusal {
    static func reason(_ missing: [SandboxCoverage.Control], _ coverage: SandboxCoverage) -> String {
        let parts = missing.map { control in
            if case .notAvailable(let why) = coverage[control] { "\(control.title) (\(why))" } else { control.title }
        }
        return "The sandbox cannot do all that is required here, so no command is run. Missing: \(parts.joined(separator: "; "))."
    }

    static func check(_ coverage: SandboxCoverage, _ requirements: Set<SandboxCoverage.Control>, for request: CommandRequest) throws {
        var required = requirements
        if case .allowList = request.network { required.insert(.destinations) } else { required.remove(.destinations) }
        let missing = coverage.missing(of: required)
        guard missing.isEmpty else { throw CommandRunnerError(.sandboxUnavailable, reason: reason(missing, coverage)) }
    }
}
