// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Logging
import Synchronization

extension Orchestrator {
    /// The way to effects, for one turn.
    var executor: ToolExecutor {
        ToolExecutor(
            authorizer: authorizer, approvals: approvals, kills: kills.board, redactor: redactor, inspector: outputInspector, audit: audit,
            writer: writer,
            dependencies: dependencies, present: { [self] card, turn in try await present(card, turn) },
            pause: { [router] in await router.pause() }, resume: { [router] in await router.resume() },
            currentMode: { [modes] conversation in
                // Unreadable means the least.
                do { return try await modes.mode(of: conversation) } catch { return .ask }
            }, saveFlow: { [flow] in try await flow.save() })
    }

    var chatPresenter: ChatApprovalPresenter { ChatApprovalPresenter(writer: writer, outbox: outbox, now: dependencies.now, fitted: { [self] in fitted($0) }) }

    /// Puts questions nobody answers before further people.
    var escalator: ApprovalEscalator {
        var byMedium: [ApprovalMedium: any ApprovalPresenter] = [.chat: chatPresenter]
        for presenter in presenters { byMedium[presenter.medium] = presenter }
        return ApprovalEscalator(
            center: approvals, policy: options.approvals, presenters: byMedium, dependencies: dependencies, logger: logger)
    }

    /// Puts the question into the conversation, word for word what will run, and into the chats of the owners when the person there cannot
    /// decide it alone. Asking again after a restart sends nothing twice.
    private func present(_ card: ApprovalCard, _ turn: Turn) async throws {
        try await chatPresenter.present(presentation(of: card, turn, text: card.rendering(note: note(card, turn))))
        let asker = "Asked by \(ApprovalText.escaped(turn.person.rawValue)) in \(ApprovalText.escaped(turn.message.conversation.description))."
        for (person, chat) in elsewhere(card, turn) {
            try await chatPresenter.present(
                ApprovalPresentation(key: "approval-\(card.id)-\(person)", card: card, conversation: chat, text: card.rendering(note: asker)))
        }
        if await router.waiting(in: turn.message.conversation) > 0 { await tellOfWaiting(in: turn.message.conversation) }
    }

    private func presentation(of card: ApprovalCard, _ turn: Turn, text: String) -> ApprovalPresentation {
        ApprovalPresentation(
            key: "approval-\(card.id)", card: card, conversation: turn.message.conversation, text: text, replyTo: turn.message.id,
            metadata: turn.message.metadata)
    }

    /// The open questions of a conversation for somebody who has just come; see ``Inbox/openQuestions(in:)``.
    func openQuestions(in conversation: ConversationID) async throws -> [OutboundMessage] {
        guard approvals.mayHaveRequests else { return [] }
        var messages: [OutboundMessage] = []
        for card in await approvals.cards(in: conversation) {
            guard let id = card.requests.first?.turn, let turn = try await store.turn(id) else { continue }
            var message = ChatApprovalPresenter.message(presentation(of: card, turn, text: ""))
            // What nobody has received yet comes by itself.
            if await outbox.isWaiting(message.id, in: conversation) { continue }
            let age = GrantTerms.rendering(seconds: max(0, Int(dependencies.now().timeIntervalSince(card.requests[0].createdAt))))
            let behind = switch await router.waiting(in: conversation) {
            case 0: ""
            case 1: " 1 message waits behind it."
            case let count: " \(count) messages wait behind it."
            }
            let lines = [note(card, turn), "Asked \(age) ago and still open.\(behind)"].compactMap { $0 }
            message.content = [.text(card.rendering(note: lines.joined(separator: "\n")))]
            messages += fitted(message)
        }
        return messages
    }

    /// Says once for each open question that messages wait for its answer.
    func tellOfWaiting(in conversation: ConversationID) async {
        guard approvals.mayHaveRequests, let card = await approvals.cards(in: conversation).first else { return }
        let message = OutboundMessage(
            id: "waits-\(card.id)", conversation: conversation, kind: .notice,
            content: [
                .text("This waits: \(card.code) is still open here. !approve \(card.code) or !deny \(card.code) answers it, !stop gives it up; then I go on.")
            ])
        let now = dependencies.now()
        do {
            // The id is the card's, so the ledger takes it once.
            let new = try await store.enqueue([message], at: now)
            if !new.isEmpty { await outbox.add([message]) }
        } catch {
            guard !(error is CancellationError) else { return }
            logger.warning("could not tell that a message waits", metadata: ["error": "\(error)"])
        }
    }

    /// Which owners are asked in chats of their own: those who may decide, when whoever asked may not or not alone.
    private func elsewhere(_ card: ApprovalCard, _ turn: Turn) -> [(person: PersonID, chat: ConversationID)] {
        guard let first = card.requests.first, turn.message.trust != .owner || first.approvers > 1 || first.separatesDuties else { return [] }
        let owners = people.withLock { $0.ownerPersons }.subtracting(first.separatesDuties ? [first.requester] : [])
        return ownerChats.chats(of: owners, except: turn.message.conversation)
    }

    /// Who may decide, when that is not simply whoever reads it.
    private func note(_ card: ApprovalCard, _ turn: Turn) -> String? {
        let people = people.withLock { $0 }
        guard let first = card.requests.first, first.approvers > 1 || first.separatesDuties else {
            guard turn.message.trust != .owner else { return nil }
            return elsewhere(card, turn).isEmpty ? "Only the owner can decide." : "Only the owner can decide, who has been asked as well."
        }
        var able = people.ownerPersons.subtracting([DirectAdapter.owner])
        if first.separatesDuties { able.remove(first.requester) }
        return able.count < first.approvers
            ? "There are not enough people here who may approve this, so it will not happen. people.owners lists them."
            : "Only owners can decide."
    }

    /// Answers an open question on behalf of an account, for presenters other than chats. The account must be an owner's, whatever
    /// channel the answer came in by.
    ///
    /// - Parameters:
    ///   - reference: The card's code or id, or the id of one request.
    ///   - account: As in ``People/owners``, `platform:sender`.
    /// - Returns: The requests as they stand now.
    /// - Throws: ``CommandError`` when the account may not decide, or the answer does not count.
    @discardableResult
    public func answer(_ reference: String, with answer: ApprovalAnswer, from account: String) async throws -> [ApprovalRequest] {
        switch try await approvals.decide(reference, answer, by: owner(account)) {
        case .decided(let requests, _), .counted(let requests, _): return requests
        }
    }

    /// The person behind an owner's account.
    private func owner(_ account: String) throws -> PersonID {
        let person = people.withLock { people in people.owners.contains(account) ? people.person(account: account) : nil }
        guard let person else { throw CommandError("Only owners can approve or refuse.") }
        return person
    }

    /// The grants in force, oldest first.
    public func grants() async throws -> [ApprovalGrant] { try await approvals.grants.inForce() }

    /// Ends a grant on behalf of an owner's account, for hosts that show grants elsewhere than in chats.
    ///
    /// - Parameters:
    ///   - reference: The grant's id, or `all`.
    ///   - account: As in ``People/owners``, `platform:sender`.
    /// - Returns: What was ended, with its counts.
    /// - Throws: ``CommandError`` when the account may not decide or there is no such grant.
    @discardableResult
    public func revokeGrant(_ reference: String, from account: String) async throws -> [ApprovalGrant] {
        try await approvals.grants.revoke(reference, by: owner(account))
    }
}
