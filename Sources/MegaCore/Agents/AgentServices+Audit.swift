// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Logging

extension AgentServices {
    /// Tells the audit which model answered and how much, not what.
    func note(answered reply: ModelReply, by model: any LanguageModel, after time: Duration) async {
        guard !(executor.audit is NoAudit) else { return }
        var details = [
            "model": model.id, "input_tokens": "\(reply.usage.inputTokens)", "output_tokens": "\(reply.usage.outputTokens)",
            "finish": reply.finishReason.rawValue, "milliseconds": Self.milliseconds(time), "bytes": "\(reply.text.utf8.count)",
            "sha256": ContentHash.hex(of: Array(reply.text.utf8)),
        ]
        if reply.usage.cachedInputTokens > 0 { details["cached_tokens"] = "\(reply.usage.cachedInputTokens)" }
        if !reply.toolCalls.isEmpty { details["calls"] = reply.toolCalls.map { "\($0.name) (\($0.id))" }.joined(separator: ", ") }
        await note(.modelAnswered, details)
    }

    func note(failed error: any Error, of model: any LanguageModel, after time: Duration) async {
        guard !(executor.audit is NoAudit) else { return }
        let what = (error as? ModelError)?.code.rawValue ?? (error is CancellationError ? "cancelled" : "\(type(of: error))")
        await note(.modelFailed, ["model": model.id, "error": what, "milliseconds": Self.milliseconds(time)])
    }

    private func note(_ event: AuditRecord.Event, _ details: [String: String]) async {
        await executor.audit.note(
            AuditRecord(event, at: dependencies.now(), turn: turn.id, person: turn.person, details: details), orLogTo: logger)
    }

    private static func milliseconds(_ time: Duration) -> String { "\(Int(time.timeInterval * 1000))" }
}
