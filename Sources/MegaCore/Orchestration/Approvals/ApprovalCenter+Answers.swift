// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension ApprovalCenter {
    /// What an answer did.
    enum Answered: Sendable {
        /// The card is decided; a grant was given as well, perhaps.
        case decided([ApprovalRequest], grant: ApprovalGrant?)
        /// It counts, and more persons are needed.
        case counted([ApprovalRequest], missing: Int)
    }

    /// A person's answer to a card.
    ///
    /// - Parameters:
    ///   - reference: A short code or an id; nil means the only card pending.
    ///   - askedBefore: When the person wrote the answer. It cannot be meant for a question asked later.
    /// - Throws: ``CommandError`` in words for the person. Nothing was decided then, unless it says so.
    func decide(
        _ reference: String?, _ answer: ApprovalAnswer, by person: PersonID, askedBefore: Date? = nil
    ) async throws -> Answered {
        let requests = try find(reference, askedBefore: askedBefore)
        let ids = requests.map(\.id)
        guard let first = requests.first else { throw CommandError("There is nothing to approve or refuse.") }
        let now = dependencies.now()
        guard first.expiresAt > now else {
            try await settle(ids, .expired)
            throw CommandError("Request \(first.shortCode) has expired; the answer was no. Ask again if you still want it.")
        }
        guard now >= first.createdAt - Self.clockTolerance else {
            try await settle(ids, .expired)
            throw CommandError("The clock went back since request \(first.shortCode) was asked, so the answer is no. Ask again.")
        }
        switch answer {
        case .deny(let reason):
            return .decided(try await settleOrTell(requests, .denied(by: person, reason: reason)), grant: nil)
        case .once:
            return try await approve(requests, by: person, at: now)
        case .grant(let terms):
            guard requests.count == 1 else {
                throw CommandError("\(first.shortCode) asks for \(requests.count) things; a grant holds for one kind. !approve \(first.shortCode) approves exactly those listed.")
            }
            // Refused before anything is decided.
            let scope = try grants.scope(for: first, terms)
            let decided = try await settleOrTell(requests, .approved(by: person), votes: [.init(person: person, at: now)])
            return .decided(decided, grant: try await grants.add(scope, for: first, terms, by: person))
        }
    }

    /// Whether a reference names a pending card.
    func isPending(_ reference: String) -> Bool { !match(reference).isEmpty }

    /// The open requests a reference means.
    ///
    /// - Throws: ``CommandError`` when it means none, or could mean several cards.
    func find(_ reference: String?, askedBefore: Date? = nil) throws -> [ApprovalRequest] {
        let found: [ApprovalRequest]
        if let reference {
            found = match(reference)
            if found.isEmpty { throw CommandError("There is no open request “\(ApprovalText.folded(reference, head: 60, tail: 0))”. \(listing)") }
        } else {
            let cards = Set(pending.values.map(\.cardID))
            guard cards.count < 2 else { throw CommandError("\(cards.count) requests are open; say which. \(listing)") }
            found = open
            if found.isEmpty { throw CommandError("There is nothing to approve or refuse.") }
        }
        if let askedBefore, let first = found.first, first.createdAt > askedBefore {
            throw CommandError("The open request came after you wrote that; answer again if you mean it. \(listing)")
        }
        return found
    }

    private func approve(_ requests: [ApprovalRequest], by person: PersonID, at now: Date) async throws -> Answered {
        guard let first = requests.first else { throw CommandError("There is nothing to approve or refuse.") }
        if requests.contains(where: { $0.separatesDuties && $0.requester == person }) {
            throw CommandError("You asked for \(first.shortCode) yourself, so another person has to approve it. !deny \(first.shortCode) refuses it.")
        }
        let needed = requests.map(\.approvers).max() ?? 1
        guard needed > 1 else {
            return .decided(try await settleOrTell(requests, .approved(by: person), votes: [.init(person: person, at: now)]), grant: nil)
        }
        return try await vote(requests.map(\.id), first, needed: needed, by: person, at: now)
    }

    /// Counts one of several yeses; the last one decides.
    private func vote(
        _ ids: [ApprovalRequest.ID], _ first: ApprovalRequest, needed: Int, by person: PersonID, at now: Date
    ) async throws -> Answered {
        await lock(ids)
        let current = ids.compactMap { pending[$0] }
        // What others said at the same moment counts by now.
        let earlier = current.first?.votes ?? []
        guard current.count == ids.count, !earlier.contains(where: { $0.person == person }) else {
            unlock(ids)
            if current.count < ids.count { throw Self.answeredMeanwhile(first) }
            throw CommandError("You have approved \(first.shortCode) already; it takes \(needed) different persons.")
        }
        let votes = earlier + [.init(person: person, at: now)]
        guard votes.count < needed else {
            unlock(ids)
            return .decided(try await settleOrTell(current, .approved(by: person), votes: votes), grant: nil)
        }
        defer { unlock(ids) }
        var counted: [ApprovalRequest] = []
        for request in current {
            var voted = request
            voted.votes = votes
            let final = voted
            try await audit.record(
                AuditRecord(
                    .approvalVoted, at: now, turn: request.turn, person: person,
                    details: ["approval": request.id.rawValue, "votes": "\(votes.count) of \(needed)", "digest": request.digest]))
            try await writer.write("save vote") { try await $0.save(final) }
            pending[request.id] = final
            counted.append(final)
        }
        return .counted(counted, missing: needed - votes.count)
    }

    /// Of two answers at once exactly one counts; the other is told so.
    private func settleOrTell(
        _ requests: [ApprovalRequest], _ decision: ApprovalDecision, votes: [ApprovalRequest.Vote]? = nil
    ) async throws -> [ApprovalRequest] {
        guard let decided = try await settle(requests.map(\.id), decision, votes: votes) else {
            throw requests.first.map(Self.answeredMeanwhile) ?? CommandError("There is nothing to approve or refuse.")
        }
        return decided
    }

    private static func answeredMeanwhile(_ request: ApprovalRequest) -> CommandError {
        CommandError("Request \(request.shortCode) was answered at the same moment by somebody else; this answer does not count.")
    }

    /// All requests of the card of that code or id, or the one request of that id.
    private func match(_ reference: String) -> [ApprovalRequest] {
        let wanted = reference.lowercased()
        let card = open.filter { $0.shortCode.lowercased() == wanted || $0.cardID.rawValue == wanted }
        return card.isEmpty ? open.filter { $0.id.rawValue == wanted } : card
    }

    private var listing: String {
        let cards = Dictionary(grouping: open, by: \.cardID).values.compactMap { ApprovalCard($0) }
            .sorted { ($0.requests[0].createdAt, $0.code) < ($1.requests[0].createdAt, $1.code) }
        guard !cards.isEmpty else { return "None is open." }
        let lines = cards.prefix(20).map { card in
            let more = card.requests.count > 1 ? " and \(card.requests.count - 1) more" : ""
            return "\(card.code) (\(ApprovalText.oneLine(card.requests[0].preview.summary, limit: 60))\(more))"
        }
        return "Open: " + lines.joined(separator: ", ")
    }
}
