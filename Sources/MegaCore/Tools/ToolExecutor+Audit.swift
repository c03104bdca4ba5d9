// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension ToolExecutor {
    /// Tells the audit of a failure that has a name of its own there, such as `read_file.denied`.
    func note(_ error: any Error, of tool: ToolDefinition, _ scope: ToolScope) async {
        guard let named = error as? any AuditNamedError else { return }
        let event = AuditRecord.Event(rawValue: "\(tool.name).\(named.auditName)")
        let reason: String
        do { reason = try redactor.redact(OutputSanitizer.clean("\(error)")) } catch { reason = "withheld: it could not be checked for secrets" }
        await audit.note(
            AuditRecord(event, at: dependencies.now(), turn: scope.turn, person: scope.person, details: ["reason": reason]),
            orLogTo: writer.logger)
    }
}
