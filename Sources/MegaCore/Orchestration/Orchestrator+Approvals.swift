// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension Orchestrator {
    /// The way to effects, for one turn.
    var executor: ToolExecutor {
        ToolExecutor(
            authorizer: authorizer, approvals: approvals, redactor: redactor, audit: audit, writer: writer, dependencies: dependencies,
            present: { [self] request, turn in try await present(request, turn) },
            pause: { [router] in await router.pause() }, resume: { [router] in await router.resume() },
            currentMode: { [modes] conversation in
                // Unreadable means the least.
                do { return try await modes.mode(of: conversation) } catch { return .ask }
            })
    }

    /// Puts the question into the conversation, word for word what will run. Asking again after a restart sends nothing twice.
    private func present(_ request: ApprovalRequest, _ turn: Turn) async throws {
        let decider = turn.message.trust == .owner ? "" : "\nOnly the owner can decide."
        let text = """
            May I do this? (\(OutputSanitizer.visible(request.reason)))
            \(OutputSanitizer.visible(request.preview.summary))
            !approve \(request.shortCode) or !deny \(request.shortCode)\(decider)
            """
        let message = OutboundMessage(
            id: "approval-\(request.id)", conversation: request.conversation, kind: .approvalRequest, content: [.text(text)],
            replyTo: turn.message.id, approval: request.id, turn: turn.id, metadata: turn.message.metadata)
        let now = dependencies.now()
        let new = try await writer.write("enqueue approval") { try await $0.enqueue([message], at: now) }
        if !new.isEmpty { await outbox.add([message]) }
    }
}
