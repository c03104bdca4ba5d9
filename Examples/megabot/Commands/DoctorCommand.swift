// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser
import MegaCore

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Checks the installation and says how to mend each finding; exit code 1 when something is broken.")

    @OptionGroup var options: InstallationOptions

    func run() async throws {
        try await reporting {
            let findings = try await Examination(options: options).run()
            for finding in findings {
                Console.line("\(finding.mark) \(finding.subject): \(finding.detail)")
                if let mend = finding.mend { Console.line("    \(mend)") }
            }
            let broken = findings.count { $0.verdict == .broken }
            let doubtful = findings.count { $0.verdict == .doubtful }
            Console.line("\(broken) broken, \(doubtful) worth a look, \(findings.count - broken - doubtful) fine")
            if broken > 0 { throw ExitCode(1) }
        }
    }
}

/// One thing that was looked at.
struct Finding: Sendable {
    enum Verdict: Sendable { case fine, doubtful, broken }

    var verdict: Verdict
    var subject: String
    var detail: String
    var mend: String?

    var mark: String {
        switch verdict {
        case .fine: "✓"
        case .doubtful: "!"
        case .broken: "✗"
        }
    }

    static func fine(_ subject: String, _ detail: String) -> Finding { Finding(verdict: .fine, subject: subject, detail: detail) }

    static func doubtful(_ subject: String, _ detail: String, mend: String) -> Finding {
        Finding(verdict: .doubtful, subject: subject, detail: detail, mend: mend)
    }

    static func broken(_ subject: String, _ detail: String, mend: String? = nil) -> Finding {
        Finding(verdict: .broken, subject: subject, detail: detail, mend: mend)
    }

    /// What a part says about itself.
    init(_ subject: String, _ health: ComponentHealth, mend: String) {
        switch health.status {
        case .healthy: self = .fine(subject, health.detail ?? "works")
        case .degraded: self = .doubtful(subject, health.detail ?? "degraded", mend: mend)
        case .down: self = .broken(subject, health.detail ?? "does not work", mend: mend)
        }
    }

    init(verdict: Verdict, subject: String, detail: String, mend: String? = nil) {
        self.verdict = verdict
        self.subject = subject
        self.detail = detail
        self.mend = mend
    }
}
