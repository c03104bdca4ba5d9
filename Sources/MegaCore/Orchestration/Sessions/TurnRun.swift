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
        var flow: any FlowSession
        /// The calls of the model's last answer.
        var planned: [ToolCall] = []
        /// What the calls that ran would touch, by call.
        var paths: [String: [String]] = [:]
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
    ///   - flow: What the flow policy knows of the turn.
    init(journal: [JournalEntry], influence: TrustLabel, flow: any FlowSession = NoFlowPolicy().makeSession()) {
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
                recordedReplies: replies, outcomes: outcomes, intents: intents, approvals: approvals, influence: influence,
                flow: flow))
    }

    var influence: TrustLabel { state.withLock { $0.influence } }

    /// Lowers the trust of what the model decides on.
    func absorb(_ trust: TrustLabel) {
        state.withLock { $0.influence = $0.influence.weaker(trust) }
    }

    // MARK: Information flow

    /// Tells the flow policy of the person's message, then of everything else the model reads.
    func begin(_ message: FlowText) { state.withLock { $0.flow.begin(message) } }
    func note(_ texts: [FlowText]) { state.withLock { state in for text in texts { state.flow.note(text) } } }

    /// What the flow policy says of a call, with the calls of the same answer that follow it.
    func judge(_ call: FlowCall, id: String, tools: [String: any Tool]) -> FlowDecision {
        state.withLock { state in
            let position = state.planned.firstIndex { $0.id == id }
            let following = position.map { state.planned[($0 + 1)...] } ?? []
            return state.flow.decide(
                call, following: following.compactMap { next in tools[next.name].map { FlowCall(tool: $0.definition, arguments: next.arguments) } })
        }
    }

    func endorse(_ call: FlowCall, covering: [FlowCall]) { state.withLock { $0.flow.endorse(call, covering: covering) } }
    func label(_ label: FlowLabel, of call: FlowCall) -> FlowLabel { state.withLock { $0.flow.label(for: call, label) } }
    func followsWrites(of call: FlowCall) -> Bool { state.withLock { $0.flow.followsWrites(of: call) } }
    func noteWrites(_ files: FileWrites, of call: FlowCall) { state.withLock { $0.flow.noteWrites(files, of: call) } }
    func touches(_ paths: [String], by callID: String) { state.withLock { $0.paths[callID] = paths } }

    func observe(_ result: FlowText, of call: FlowCall, id: String) {
        state.withLock { state in
            var call = call
            call.paths = state.paths[id] ?? []
            state.flow.observe(result, of: call)
        }
    }

    /// The model's next answer as an earlier attempt got it.
    func nextRecordedReply() -> ModelReply? {
        state.withLock { state in
            guard let reply = state.recordedReplies.popFirst() else { return nil }
            state.steps += 1
            state.usedCallIDs.formUnion(reply.toolCalls.map(\.id))
            state.planned = reply.toolCalls
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
            state.planned = reply.toolCalls
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
