// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Logging
import Synchronization

/// Asks people and waits for their answers. Requests and decisions are durable; a decision is final.
///
/// Who may answer is decided by the caller of ``decide(_:approve:by:reason:)``: only a person's own message leads there, never
/// anything a model or tool wrote.
actor ApprovalCenter {
    private let writer: LedgerWriter
    private let dependencies: Dependencies
    private let audit: any AuditSink
    private let lifetime: Duration
    private var pending: [ApprovalRequest.ID: ApprovalRequest] = [:] {
        didSet { hasPending.withLock { $0 = !pending.isEmpty } }
    }
    /// Readable without waiting for the actor: almost every turn ends with nothing open.
    private let hasPending = Mutex(false)
    /// Pending ones whose decision is being written: nobody can decide them any more, and who waits still waits.
    private var settling: Set<ApprovalRequest.ID> = []
    private var waiters: [ApprovalRequest.ID: CheckedContinuation<ApprovalDecision, any Error>] = [:]
    /// Told of every new request, for tests and other presenters.
    private let observers: @Sendable (ApprovalRequest) -> Void

    init(
        writer: LedgerWriter, dependencies: Dependencies, audit: any AuditSink, lifetime: Duration,
        observer: @escaping @Sendable (ApprovalRequest) -> Void
    ) {
        self.writer = writer
        self.dependencies = dependencies
        self.audit = audit
        self.lifetime = lifetime
        self.observers = observer
    }

    /// Takes up what was open before a restart.
    func recover() async throws {
        for request in try await writer.ledger.pendingApprovals() {
            pending[request.id] = request
            // A turn that has ended asks no more.
            if try await writer.ledger.turn(request.turn)?.state.isTerminal ?? true { try await settle(request.id, .withdrawn) }
        }
    }

    var open: [ApprovalRequest] { undecided.sorted { ($0.createdAt, $0.id.rawValue) < ($1.createdAt, $1.id.rawValue) } }

    /// Makes a request durable. Does not wait for the answer. A request already open for the same call is returned instead.
    func open(_ call: ToolCall, preview: ActionPreview, reason: String, scope: ToolScope) async throws -> ApprovalRequest {
        let same = pending.values.first {
            $0.turn == scope.turn && $0.callID == call.id && $0.preview == preview && $0.arguments == call.arguments
        }
        if let same { return same }
        let now = dependencies.now()
        let request = ApprovalRequest(
            id: ApprovalRequest.ID(rawValue: dependencies.makeID()), shortCode: makeShortCode(), turn: scope.turn, callID: call.id,
            conversation: scope.conversation, requester: scope.person, tool: call.name, arguments: call.arguments, preview: preview,
            reason: reason, createdAt: now, expiresAt: now + lifetime.timeInterval)
        try await audit.record(
            AuditRecord(
                .approvalRequested, at: now, turn: scope.turn, person: scope.person,
                details: ["approval": request.id.rawValue, "tool": call.name, "summary": preview.summary, "reason": reason]))
        try await writer.write("save approval") { try await $0.save(request) }
        pending[request.id] = request
        observers(request)
        return request
    }

    /// Waits for the decision about a request, at most until it expires.
    func decision(about id: ApprovalRequest.ID) async throws -> ApprovalDecision {
        guard let request = pending[id] else {
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

    /// A person's answer.
    ///
    /// - Parameters:
    ///   - reference: A short code or an id; nil means the only one pending.
    ///   - askedBefore: With no reference, only requests made by then count: an answer cannot be meant for a later question.
    /// - Returns: The request as decided.
    /// - Throws: ``CommandError`` in words for the person.
    func decide(
        _ reference: String?, approve: Bool, by person: PersonID, reason: String? = nil, askedBefore: Date? = nil
    ) async throws -> ApprovalRequest {
        let request = try find(reference, askedBefore: askedBefore)
        guard request.expiresAt > dependencies.now() else {
            try await settle(request.id, .expired)
            throw CommandError("Request \(request.shortCode) has expired; the answer was no. Ask again if you still want it.")
        }
        return try await settle(request.id, approve ? .approved(by: person) : .denied(by: person, reason: reason))
            ?? request
    }

    /// Whether a reference names a pending request.
    func isPending(_ reference: String) -> Bool { match(reference) != nil }

    /// Ends every pending request of a turn with no.
    nonisolated func withdraw(turn: TurnID) async throws {
        guard hasPending.withLock({ $0 }) else { return }
        try await withdrawOpen(turn: turn)
    }

    private func withdrawOpen(turn: TurnID) async throws {
        for request in pending.values where request.turn == turn { try await settle(request.id, .withdrawn) }
    }

    @discardableResult
    private func settle(_ id: ApprovalRequest.ID, _ decision: ApprovalDecision) async throws -> ApprovalRequest? {
        guard var request = pending[id], settling.insert(id).inserted else { return nil }
        // Not durable means not decided: when the write fails it stays open, whatever the answer was.
        defer { settling.remove(id) }
        request.decision = decision
        let decided = request
        try await audit.record(
            AuditRecord(
                .approvalDecided, at: dependencies.now(), turn: request.turn, person: decision.person,
                details: ["approval": id.rawValue, "decision": decision.auditName]))
        try await writer.write("save decision") { try await $0.save(decided) }
        pending[id] = nil
        waiters.removeValue(forKey: id)?.resume(returning: decision)
        return decided
    }

    /// No, because the time is over. Trouble with store or audit only delays it.
    private func expire(_ id: ApprovalRequest.ID) async {
        while !Task.isCancelled, pending[id] != nil {
            do {
                try await settle(id, .expired)
            } catch {
                writer.logger.error("an expired request could not be noted", metadata: ["error": "\(error)"])
            }
            do { try await dependencies.clock.sleep(for: .seconds(1), tolerance: nil) } catch { return }
        }
    }

    private func abandon(_ id: ApprovalRequest.ID) {
        waiters.removeValue(forKey: id)?.resume(throwing: CancellationError())
    }

    private func find(_ reference: String?, askedBefore: Date?) throws -> ApprovalRequest {
        if let reference {
            guard let request = match(reference) else {
                throw CommandError("There is no open request “\(reference)”. \(listing)")
            }
            return request
        }
        switch undecided.count {
        case 0: throw CommandError("There is nothing to approve or refuse.")
        case 1:
            let request = open[0]
            if let askedBefore, request.createdAt > askedBefore {
                throw CommandError("The open request came after you wrote that; name it if you mean it. \(listing)")
            }
            return request
        default: throw CommandError("\(undecided.count) requests are open; say which. \(listing)")
        }
    }

    private func match(_ reference: String) -> ApprovalRequest? {
        let wanted = reference.lowercased()
        return undecided.first { $0.shortCode.lowercased() == wanted || $0.id.rawValue == wanted }
    }

    private var undecided: [ApprovalRequest] { pending.values.filter { !settling.contains($0.id) } }

    private var listing: String {
        undecided.isEmpty
            ? "None is open."
            : "Open: " + open.map { "\($0.shortCode) (\(OutputSanitizer.visible($0.preview.summary.prefixText(60))))" }.joined(separator: ", ")
    }

    /// Letters and digits that are not mistaken for each other.
    private func makeShortCode() -> String {
        let alphabet = Array("23456789ABCDEFGHJKMNPQRSTVWXYZ")
        while true {
            let code = String(dependencies.randomBytes(4).map { alphabet[Int($0) % alphabet.count] })
            if match(code) == nil { return code }
        }
    }
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
