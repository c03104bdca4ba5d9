// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Synchronization

/// What one piece of work on a turn has done so far: the journal to replay, what is still to be written, the budget used.
final class TurnRun: Sendable {
    private struct State {
        var recordedReplies: Queue<ModelReply>
        var outcomes: [String: ToolOutcome]
        var intents: [String: Bool]
        var approvals: [String: ApprovalRequest.ID]
        var unwritten: [JournalEntry] = []
        var usedCallIDs: Set<String> = []
        var steps = 0
        var toolCalls = 0
        var waited: Duration = .zero
        var influence: TrustLabel
    }

    /// What the journal says of a tool call.
    enum Recorded {
        case nothing
        /// It ended before the restart.
        case outcome(ToolOutcome)
        /// It had begun; whether it happened is unknown.
        case begun(isIdempotent: Bool)
        /// A person had been asked.
        case asked(ApprovalRequest.ID)
    }

    private let state: Mutex<State>

    /// - Parameters:
    ///   - journal: What earlier attempts wrote.
    ///   - influence: The trust of the turn's own message.
    init(journal: [JournalEntry], influence: TrustLabel) {
        var replies = Queue<ModelReply>()
        var outcomes: [String: ToolOutcome] = [:]
        var intents: [String: Bool] = [:]
        var approvals: [String: ApprovalRequest.ID] = [:]
        for entry in journal {
            switch entry {
            case .modelReply(let reply): replies.append(reply)
            case .toolIntent(let call, _, let isIdempotent): intents[call] = isIdempotent
            case .toolOutcome(let call, let outcome): outcomes[call] = outcome
            case .approvalRequested(let call, let approval): approvals[call] = approval
            case .approvalDecided: break  // The ledger's request holds the decision.
            }
        }
        state = Mutex(
            State(
                recordedReplies: replies, outcomes: outcomes, intents: intents, approvals: approvals, influence: influence))
    }

    var influence: TrustLabel { state.withLock { $0.influence } }

    /// Lowers the trust of what the model decides on.
    func absorb(_ trust: TrustLabel) {
        state.withLock { $0.influence = $0.influence.weaker(trust) }
    }

    /// The model's next answer as an earlier attempt got it.
    func nextRecordedReply() -> ModelReply? {
        state.withLock { state in
            guard let reply = state.recordedReplies.popFirst() else { return nil }
            state.steps += 1
            state.usedCallIDs.formUnion(reply.toolCalls.map(\.id))
            return reply
        }
    }

    /// Gives every call an id that no other call of the turn has.
    func claimCallIDs(of reply: ModelReply) -> ModelReply {
        state.withLock { state in
            state.steps += 1
            var reply = reply
            for index in reply.toolCalls.indices {
                let id = reply.toolCalls[index].id
                if !state.usedCallIDs.insert(id).inserted {
                    let fresh = "\(id)#\(state.steps).\(index)"
                    reply.toolCalls[index].id = fresh
                    state.usedCallIDs.insert(fresh)
                }
            }
            return reply
        }
    }

    func recorded(_ callID: String) -> Recorded {
        state.withLock { state in
            if let outcome = state.outcomes[callID] { return .outcome(outcome) }
            if let isIdempotent = state.intents[callID] { return .begun(isIdempotent: isIdempotent) }
            if let approval = state.approvals[callID] { return .asked(approval) }
            return .nothing
        }
    }

    /// Entries that need not be durable before the next ones are.
    func postpone(_ entry: JournalEntry) { state.withLock { $0.unwritten.append(entry) } }

    /// Takes what waits to be written.
    func takeUnwritten() -> [JournalEntry] {
        state.withLock { state in
            defer { state.unwritten = [] }
            return state.unwritten
        }
    }

    var steps: Int { state.withLock { $0.steps } }
    var waited: Duration { state.withLock { $0.waited } }
    func addWaited(_ duration: Duration) { state.withLock { $0.waited += duration } }

    /// Counts a tool call; false when the budget is used up.
    func takeToolCall(limit: Int) -> Bool {
        state.withLock { state in
            guard state.toolCalls < limit else { return false }
            state.toolCalls += 1
            return true
        }
    }
}
