// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Logging

extension Orchestrator {
    /// Tells the audit of what has happened already. Trouble with the audit holds nothing up here; effects are recorded by
    /// ``ToolExecutor`` before they happen, or do not happen.
    func note(_ event: AuditRecord.Event, turn: TurnID? = nil, person: PersonID? = nil, details: [String: String] = [:]) async {
        await audit.note(AuditRecord(event, at: dependencies.now(), turn: turn, person: person, details: details), orLogTo: logger)
    }

    func note(received turn: Turn) async {
        guard isAudited else { return }
        let message = turn.message
        var details = Self.digest(message.content)
        details["conversation"] = message.conversation.description
        details["message"] = message.id
        details["sender"] = message.sender.id
        details["trust"] = message.trust.rawValue
        await note(.messageReceived, turn: turn.id, person: turn.person, details: details)
    }

    func note(sent message: OutboundMessage, as platformID: String?) async {
        guard isAudited else { return }
        var details = Self.digest(message.content)
        details["conversation"] = message.conversation.description
        details["message"] = message.id
        details["kind"] = message.kind.rawValue
        details["platform_id"] = platformID
        await note(.messageSent, turn: message.turn, details: details)
    }

    func note(givenUp message: OutboundMessage, reason: String) async {
        await note(
            .messageGivenUp, turn: message.turn,
            details: ["conversation": message.conversation.description, "message": message.id, "reason": reason])
    }

    /// Whether digests are worth computing.
    private var isAudited: Bool { !(audit is NoAudit) }

    /// What stands for a text that is not in the record: a text at hand can be compared with it.
    private static func digest(_ content: [ContentPart]) -> [String: String] {
        let text = content.compactMap(\.text).joined(separator: "\n")
        var details = ["bytes": "\(text.utf8.count)", "sha256": ContentHash.hex(of: Array(text.utf8))]
        let others = content.count { $0.text == nil }
        if others > 0 { details["attachments"] = "\(others)" }
        return details
    }
}
