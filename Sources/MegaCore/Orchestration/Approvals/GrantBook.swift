// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Synchronization

/// The grants in force: gives them, counts their uses, ends them.
actor GrantBook {
    private let rules: (any GrantRules)?
    private let policy: ApprovalPolicy
    private let writer: LedgerWriter
    private let dependencies: Dependencies
    private let audit: any AuditSink
    private var grants: [ApprovalGrant] = [] {
        didSet { hasGrants.withLock { $0 = !grants.isEmpty } }
    }
    /// Readable without waiting for the actor: most installations have none most of the time.
    private let hasGrants = Mutex(false)

    static let mostGrants = 200

    init(rules: (any GrantRules)?, policy: ApprovalPolicy, writer: LedgerWriter, dependencies: Dependencies, audit: any AuditSink) {
        self.rules = rules
        self.policy = policy
        self.writer = writer
        self.dependencies = dependencies
        self.audit = audit
    }

    /// Takes up what was in force before a restart.
    func recover() async throws {
        grants = try await writer.ledger.grants()
        try await endExpired()
    }

    /// The grants in force, oldest first.
    func inForce() async throws -> [ApprovalGrant] {
        try await endExpired()
        return grants
    }

    /// What a grant for a request would cover.
    ///
    /// - Throws: ``CommandError`` that says why there can be none.
    nonisolated func scope(for request: ApprovalRequest, _ terms: GrantTerms) throws -> GrantScope {
        guard let rules else { throw CommandError("This installation keeps no grants. !approve \(request.shortCode) approves it once.") }
        guard request.kind == .policy, Self.mayAnswer(influence: request.influence, effects: request.effects) else {
            throw CommandError(
                "Text from outside may have led to this, so each such action is asked about. !approve \(request.shortCode) approves it once.")
        }
        guard request.approvers == 1, !request.separatesDuties else {
            throw CommandError("Actions of this class need their own approval each time. !approve \(request.shortCode) approves it once.")
        }
        guard (10...GrantTerms.longest).contains(terms.seconds) else {
            throw CommandError("A grant may hold from 10 seconds to \(GrantTerms.rendering(seconds: GrantTerms.longest)).")
        }
        guard (1...GrantTerms.mostUses).contains(terms.uses) else {
            throw CommandError("A grant may have from 1 to \(GrantTerms.mostUses) uses.")
        }
        return try rules.scope(for: GrantCandidate(request), pattern: terms.pattern)
    }

    /// Gives a grant. Durable on return.
    func add(_ scope: GrantScope, for request: ApprovalRequest, _ terms: GrantTerms, by person: PersonID) async throws -> ApprovalGrant {
        try await endExpired()
        guard grants.count < Self.mostGrants else {
            throw CommandError("There are \(Self.mostGrants) grants already. Revoke some first: !grants lists them, !revoke ID ends one.")
        }
        let now = dependencies.now()
        let grant = ApprovalGrant(
            id: makeID(), scope: scope, person: request.requester, conversation: request.conversation, grantedBy: person,
            approval: request.id, createdAt: now, expiresAt: now + Double(terms.seconds), usesAllowed: terms.uses)
        try await audit.record(
            AuditRecord(
                .grantGiven, at: now, turn: request.turn, person: person,
                details: [
                    "grant": grant.id, "approval": request.id.rawValue, "scope": scope.rendering, "uses": String(terms.uses),
                    "seconds": String(terms.seconds), "for": request.requester.rawValue,
                ]))
        try await writer.write("save grant") { try await $0.save(grant) }
        grants.append(grant)
        return grant
    }

    /// Whether a grant would answer a question; nothing is counted.
    func covers(_ action: ProposedAction, _ kind: ApprovalRequest.Kind) -> Bool {
        hasGrants.withLock { $0 } && index(for: action, kind) != nil
    }

    /// Answers a question with a grant and counts the use. Durable on return, before the action starts.
    ///
    /// Only for what would be asked: refusals never come here.
    func use(for action: ProposedAction, _ kind: ApprovalRequest.Kind) async throws -> ApprovalGrant? {
        guard hasGrants.withLock({ $0 }), let index = index(for: action, kind) else { return nil }
        let now = dependencies.now()
        // Counted before the first suspension: of two calls at once only one gets the last use.
        grants[index].uses += 1
        grants[index].lastUsedAt = now
        var grant = grants[index]
        if grant.uses >= grant.usesAllowed {
            grant.endedAt = now
            grant.ending = "used up"
            grants.remove(at: index)
        }
        let used = grant
        try await audit.record(
            AuditRecord(
                .grantUsed, at: now, turn: action.scope.turn, person: action.scope.person,
                details: ["grant": used.id, "use": "\(used.uses) of \(used.usesAllowed)", "summary": action.preview.summary]))
        try await writer.write("count grant") { try await $0.save(used) }
        return used
    }

    /// Ends grants by id, or all.
    ///
    /// - Throws: ``CommandError`` when there is none of that id.
    func revoke(_ reference: String, by person: PersonID) async throws -> [ApprovalGrant] {
        let wanted = reference.lowercased()
        let meant = grants.filter { wanted == "all" || $0.id.lowercased() == wanted }
        guard !meant.isEmpty else {
            throw CommandError(
                wanted == "all"
                    ? "There are no grants." : "There is no grant “\(ApprovalText.folded(reference, head: 40, tail: 0))”. !grants lists those in force.")
        }
        // Out of force at once, whatever the store says.
        grants.removeAll { grant in meant.contains { $0.id == grant.id } }
        for grant in meant { try await end(grant, "revoked", by: person) }
        return meant
    }

    private func endExpired() async throws {
        let now = dependencies.now()
        let over = grants.filter { !$0.isInForce(at: now) }
        guard !over.isEmpty else { return }
        grants.removeAll { grant in over.contains { $0.id == grant.id } }
        for grant in over { try await end(grant, "expired", by: nil) }
    }

    private func end(_ grant: ApprovalGrant, _ ending: String, by person: PersonID?) async throws {
        var ended = grant
        let now = dependencies.now()
        ended.endedAt = now
        ended.ending = ending
        let final = ended
        try await audit.record(
            AuditRecord(.grantEnded, at: now, person: person, details: ["grant": grant.id, "why": ending, "uses": String(grant.uses)]))
        try await writer.write("end grant") { try await $0.save(final) }
    }

    private func index(for action: ProposedAction, _ kind: ApprovalRequest.Kind) -> Int? {
        guard let rules, kind == .policy, Self.mayAnswer(influence: action.influence, effects: action.tool.effects) else { return nil }
        let demand = policy.demand(for: action.tool.name, effects: action.tool.effects)
        guard demand.approvers == 1, !demand.separatesDuties else { return nil }
        let (now, candidate) = (dependencies.now(), GrantCandidate(action))
        return grants.firstIndex {
            $0.isInForce(at: now) && $0.person == action.scope.person && $0.conversation == action.scope.conversation
                && rules.covers($0.scope, candidate)
        }
    }

    /// Text from strangers or the network may have led to it: then only a person who sees that may answer.
    private static func mayAnswer(influence: TrustLabel, effects: ToolEffects) -> Bool {
        effects.isDisjoint(with: .consequential) || (influence != .web && influence != .unknown)
    }

    private func makeID() -> String {
        while true {
            let id = "g" + ShortCode.make(dependencies)
            if !grants.contains(where: { $0.id == id }) { return id }
        }
    }
}
