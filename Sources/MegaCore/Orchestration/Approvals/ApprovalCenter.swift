// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Logging
import Synchronization

/// Asks people and waits for their answers. Requests, votes, decisions and uses are durable; a decision is final, and an approval
/// holds for one start of the very action that was asked about.
///
/// Who may answer is decided by the caller of ``decide(_:_:by:askedBefore:)``: only a person's own message leads there, never
/// anything a model or tool wrote.
actor ApprovalCenter {
    let writer: LedgerWriter
    let dependencies: Dependencies
    let audit: any AuditSink
    let policy: ApprovalPolicy
    let grants: GrantBook
    /// Told when something was asked or settled.
    nonisolated let changed = Signal()
    private let lifetime: Duration
    private let grantRules: (any GrantRules)?
    var pending: [ApprovalRequest.ID: ApprovalRequest] = [:] {
        didSet { noteLiveRequests() }
    }
    /// Approved, and the action has not started yet.
    var approved: [ApprovalRequest.ID: ApprovalRequest] = [:] {
        didSet { noteLiveRequests() }
    }
    /// Readable without waiting for the actor: almost every turn ends with nothing open.
    private let hasRequests = Mutex(false)
    /// Requests something is being written about. Whoever wants to change one of them waits, and then looks at what it has become.
    private var locked: Set<ApprovalRequest.ID> = []
    private var lockWaiters: [CheckedContinuation<Void, Never>] = []
    /// Approvals used by this process.
    private var used: Set<ApprovalRequest.ID> = []
    private var waiters: [ApprovalRequest.ID: CheckedContinuation<ApprovalDecision, any Error>] = [:]
    var fatigue = FatigueMeter()
    /// The last codes given out: an old answer must not meet a new question.
    private var recentCodes: [String] = []
    /// Told of every new request, for ``Orchestrator/approvalRequests``.
    private let observer: @Sendable (ApprovalRequest) -> Void

    init(
        writer: LedgerWriter, dependencies: Dependencies, audit: any AuditSink, lifetime: Duration, policy: ApprovalPolicy = ApprovalPolicy(),
        grantRules: (any GrantRules)? = nil, observer: @escaping @Sendable (ApprovalRequest) -> Void
    ) {
        self.writer = writer
        self.dependencies = dependencies
        self.audit = audit
        self.lifetime = lifetime
        self.policy = policy
        self.grantRules = grantRules
        grants = GrantBook(rules: grantRules, policy: policy, writer: writer, dependencies: dependencies, audit: audit)
        self.observer = observer
    }

    /// Takes up what was open before a restart.
    func recover() async throws {
        try await grants.recover()
        for request in try await writer.ledger.recentApprovals(limit: 500).reversed() {
            recentCodes.append(request.shortCode)
            if let decision = request.decision, decision.isApproved { fatigue.note(GrantCandidate(request), at: request.decidedAt ?? request.createdAt) }
        }
        for request in try await writer.ledger.pendingApprovals() {
            pending[request.id] = request
            // A turn that has ended asks no more.
            if try await writer.ledger.turn(request.turn)?.state.isTerminal ?? true { try await settle([request.id], .withdrawn) }
        }
    }

    /// Open requests, oldest first.
    var open: [ApprovalRequest] { pending.values.sorted(by: ApprovalRequest.precedes) }

    /// The open cards of a conversation, oldest first.
    func cards(in conversation: ConversationID) -> [ApprovalCard] {
        Dictionary(grouping: pending.values.filter { $0.conversation == conversation }, by: \.cardID).values.compactMap { ApprovalCard($0) }
            .sorted { ApprovalRequest.precedes($0.requests[0], $1.requests[0]) }
    }

    /// False when certainly nothing is open, at once.
    nonisolated var mayHaveRequests: Bool { hasRequests.withLock { $0 } }

    // MARK: Asking

    /// Makes requests durable, as one card. Does not wait for the answer. A live request for the same call and the same subject
    /// counts as asked; it is returned instead of a new one.
    func ask(_ questions: [ApprovalQuestion]) async throws -> [ApprovalRequest] {
        var result: [ApprovalRequest] = []
        var fresh: [ApprovalQuestion] = []
        for question in questions {
            if let live = live(question) { result.append(live) } else { fresh.append(question) }
        }
        guard !fresh.isEmpty else { return result }
        let now = dependencies.now()
        let code = makeShortCode()
        let card = fresh.count > 1 ? ApprovalRequest.ID(rawValue: dependencies.makeID()) : nil
        for question in fresh {
            let request = make(question, code: code, card: card, now: now)
            try await audit.record(
                AuditRecord(
                    .approvalRequested, at: now, turn: request.turn, person: request.requester,
                    details: [
                        "approval": request.id.rawValue, "tool": request.tool, "summary": request.preview.summary, "reason": request.reason,
                        "digest": request.digest, "approvers": String(request.approvers), "kind": request.kind.rawValue,
                    ]))
            try await writer.write("save approval") { try await $0.save(request) }
            pending[request.id] = request
            result.append(request)
        }
        changed.notify()
        for request in result where request.decision == nil { observer(request) }
        return result
    }

    /// The card a request stands on, as far as it is open.
    func card(of request: ApprovalRequest) -> ApprovalCard? {
        ApprovalCard(pending.values.filter { $0.cardID == request.cardID }) ?? ApprovalCard([request])
    }

    /// Waits for the decision about a request, at most until it expires.
    func decision(about id: ApprovalRequest.ID) async throws -> ApprovalDecision {
        guard let request = pending[id] else {
            if let decision = approved[id]?.decision { return decision }
            guard let stored = try await writer.ledger.approval(id), let decision = stored.decision else { return .withdrawn }
            return decision
        }
        let remaining = Duration.seconds(max(0, request.expiresAt.timeIntervalSince(dependencies.now())))
        let clock = dependencies.clock
        let expiry = Task {
            try await clock.sleep(for: remaining, tolerance: nil)
            await self.expire(id)
        }
        defer { expiry.cancel() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if Task.isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else {
                    waiters[id] = continuation
                }
            }
        } onCancel: {
            Task { await self.abandon(id) }
        }
    }

    // MARK: Using

    /// Why an approval does not hold for a start of the action now.
    enum UseRefusal: String { case notApproved, changed, used, late }

    /// Marks an approval as used, durable on return; nil means that the action may start now, once.
    ///
    /// - Parameter subject: What would happen, made anew.
    func use(_ id: ApprovalRequest.ID, for subject: ApprovalSubject, turn: TurnID, callID: String) async throws -> UseRefusal? {
        let stored: ApprovalRequest?
        if let known = approved[id] { stored = known } else { stored = try await writer.ledger.approval(id) }
        guard var request = stored, request.decision?.isApproved == true, request.turn == turn, request.callID == callID else { return .notApproved }
        // Used before a restart, and the journal knows of no start: the process died in between, and this is that same start.
        guard used.insert(id).inserted else { return .used }
        guard !request.digest.isEmpty, request.digest == subject.digest else { return .changed }
        let now = dependencies.now()
        let limit = max(request.expiresAt, (request.decidedAt ?? request.createdAt) + 600)
        guard now <= limit, now >= request.createdAt - Self.clockTolerance else { return .late }
        request.usedAt = now
        let final = request
        try await audit.record(
            AuditRecord(
                .approvalUsed, at: now, turn: turn, person: request.decision?.person,
                details: ["approval": id.rawValue, "digest": request.digest, "tool": request.tool]))
        try await writer.write("use approval") { try await $0.save(final) }
        approved[id] = nil
        return nil
    }

    // MARK: Ending

    /// Ends every pending request of a turn with no, and drops what was approved and not used.
    nonisolated func withdraw(turn: TurnID) async throws {
        guard hasRequests.withLock({ $0 }) else { return }
        try await withdrawRequests { $0.turn == turn }
    }

    /// Ends every pending request that fits with no.
    nonisolated func withdraw(_ isMeant: @Sendable (ApprovalRequest) -> Bool) async throws {
        guard hasRequests.withLock({ $0 }) else { return }
        try await withdrawRequests(isMeant)
    }

    private func withdrawRequests(_ isMeant: @Sendable (ApprovalRequest) -> Bool) async throws {
        for request in approved.values where isMeant(request) { approved[request.id] = nil }
        for request in pending.values where isMeant(request) { try await settle([request.id], .withdrawn) }
    }

    /// Writes a decision about requests; nil when one of them was decided meanwhile.
    @discardableResult
    func settle(
        _ ids: [ApprovalRequest.ID], _ decision: ApprovalDecision, votes: [ApprovalRequest.Vote]? = nil
    ) async throws -> [ApprovalRequest]? {
        await lock(ids)
        // Not durable means not decided: when the write fails it stays open, whatever the answer was.
        defer {
            unlock(ids)
            changed.notify()
        }
        guard ids.allSatisfy({ pending[$0] != nil }) else { return nil }
        var result: [ApprovalRequest] = []
        for id in ids {
            guard var request = pending[id] else { continue }
            let now = dependencies.now()
            request.decision = decision
            request.decidedAt = now
            if let votes { request.votes = votes }
            let decided = request
            try await audit.record(
                AuditRecord(
                    .approvalDecided, at: now, turn: request.turn, person: decision.person,
                    details: ["approval": id.rawValue, "decision": decision.auditName, "digest": request.digest]))
            try await writer.write("save decision") { try await $0.save(decided) }
            if decision.isApproved {
                approved[id] = decided
                fatigue.note(GrantCandidate(decided), at: now)
            }
            pending[id] = nil
            waiters.removeValue(forKey: id)?.resume(returning: decision)
            result.append(decided)
        }
        return result
    }

    /// Returns when nothing else is being written about the requests.
    func lock(_ ids: [ApprovalRequest.ID]) async {
        while !locked.isDisjoint(with: ids) { await withCheckedContinuation { lockWaiters.append($0) } }
        locked.formUnion(ids)
    }

    func unlock(_ ids: [ApprovalRequest.ID]) {
        locked.subtract(ids)
        let waiting = lockWaiters
        lockWaiters = []
        for waiter in waiting { waiter.resume() }
    }

    /// No, because the time is over. Trouble with store or audit only delays it.
    private func expire(_ id: ApprovalRequest.ID) async {
        while !Task.isCancelled, pending[id] != nil {
            do {
                try await settle([id], .expired)
            } catch {
                writer.logger.error("an expired request could not be noted", metadata: ["error": "\(error)"])
            }
            if pending[id] == nil { return }
            do { try await dependencies.clock.sleep(for: .seconds(1), tolerance: nil) } catch { return }
        }
    }

    private func abandon(_ id: ApprovalRequest.ID) {
        waiters.removeValue(forKey: id)?.resume(throwing: CancellationError())
    }

    // MARK: -

    static let clockTolerance: TimeInterval = 60

    private func make(_ question: ApprovalQuestion, code: String, card: ApprovalRequest.ID?, now: Date) -> ApprovalRequest {
        let (action, scope) = (question.action, question.action.scope)
        let demand = policy.demand(for: action.tool.name, effects: action.tool.effects)
        var request = ApprovalRequest(
            id: ApprovalRequest.ID(rawValue: dependencies.makeID()), shortCode: code, card: card, turn: scope.turn,
            callID: question.call.id, conversation: scope.conversation, requester: scope.person, tool: action.tool.name,
            effects: action.tool.effects, arguments: action.arguments, preview: action.preview, influence: action.influence,
            kind: question.kind, reason: question.reason, approvers: demand.approvers, separatesDuties: demand.separatesDuties,
            createdAt: now, expiresAt: expiry(from: now))
        request.proposal = proposal(for: request, at: now)
        return request
    }

    /// The lifetime, and as long again after the end of quiet hours that hold up the chain.
    private func expiry(from now: Date) -> Date {
        let usual = now + lifetime.timeInterval
        guard let quiet = policy.quietHours else { return usual }
        let postponed = policy.escalation.map { (planned: now + $0.after.timeInterval, due: quiet.postponed(now + $0.after.timeInterval)) }
        guard let first = postponed.first(where: { $0.due > $0.planned && $0.planned < usual }) else { return usual }
        return max(usual, first.due + lifetime.timeInterval)
    }

    /// After many like approvals: something narrower than a yes every time. Nothing is widened by itself.
    private func proposal(for request: ApprovalRequest, at now: Date) -> String? {
        guard policy.fatigueLimit > 0, let grantRules, request.kind == .policy, request.approvers == 1, !request.separatesDuties else { return nil }
        let earlier = fatigue.approved(like: GrantCandidate(request), at: now)
        guard earlier.count >= policy.fatigueLimit, let way = grantRules.proposal(for: GrantCandidate(request), after: earlier) else { return nil }
        return "You approved like actions \(earlier.count) times within a day. Instead: \(way.replacing("CODE", with: request.shortCode))"
    }

    private func live(_ question: ApprovalQuestion) -> ApprovalRequest? {
        let digest = ApprovalSubject(of: question.action).digest
        func fits(_ request: ApprovalRequest) -> Bool {
            request.turn == question.action.scope.turn && request.callID == question.call.id && request.digest == digest
        }
        return pending.values.first(where: fits) ?? approved.values.first(where: fits)
    }

    private func makeShortCode() -> String {
        while true {
            let code = ShortCode.make(dependencies)
            guard !recentCodes.contains(code), !pending.values.contains(where: { $0.shortCode == code }) else { continue }
            recentCodes.append(code)
            if recentCodes.count > 1000 { recentCodes.removeFirst(500) }
            return code
        }
    }

    private func noteLiveRequests() {
        let isAny = !pending.isEmpty || !approved.isEmpty
        hasRequests.withLock { $0 = isAny }
    }
}

/// What a person is to be asked.
struct ApprovalQuestion: Sendable {
    var call: ToolCall
    var action: ProposedAction
    var reason: String
    var kind: ApprovalRequest.Kind
}

extension ApprovalDecision {
    var person: PersonID? {
        switch self {
        case .approved(let person), .denied(let person, _): person
        case .expired, .withdrawn: nil
        }
    }

    var auditName: String {
        switch self {
        case .approved: "approved"
        case .denied: "denied"
        case .expired: "expired"
        case .withdrawn: "withdrawn"
        }
    }
}
