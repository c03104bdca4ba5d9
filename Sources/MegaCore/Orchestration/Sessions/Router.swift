// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Hands accepted turns to their conversations' sessions and decides what runs next.
///
/// Conversations take their turns round robin, so none waits for another's queue. The number of turns at work is bounded; a turn
/// that waits for a person gives its place away meanwhile.
actor Router {
    struct Limits: Sendable {
        /// Turns at work at once, over all conversations.
        var concurrentTurns = 64
        /// Accepted turns that wait, over all conversations; past this ``Router/reserve()`` waits.
        var waitingTurns = 100_000
        /// Waiting turns per conversation that are kept whole in memory.
        var loadedTurns = 64
    }

    enum Job: Sendable {
        case command(Turn)
        case work(ConversationID, Session.Entry)
    }

    private let limits: Limits
    private let readySignal = Signal()
    /// Who waits for room, by ticket.
    private var waitingForRoom: [Int: CheckedContinuation<Void, Never>] = [:]
    private var nextTicket = 0
    /// Room given to callers who have not added their turn yet.
    private var reserved = 0
    private var sessions: [ConversationID: Session] = [:]
    private var readyCommands = Queue<ConversationID>()
    private var readyWork = Queue<ConversationID>()
    private var queuedForWork: Set<ConversationID> = []
    private var waiting = 0
    private var running = 0
    private var commandsRunning = 0
    private var isAccepting = true
    private var runningTurns: [ConversationID: Running] = [:]
    /// Turns to be stopped as soon as they begin.
    private var stops: [ConversationID: TurnID] = [:]

    /// A turn at work, and how to stop it.
    struct Running: Sendable {
        var turn: TurnID
        var cancel: @Sendable () -> Void
    }

    init(limits: Limits) { self.limits = limits }

    var isDrained: Bool { waiting == 0 && running == 0 && commandsRunning == 0 }
    var load: (waiting: Int, running: Int, sessions: Int) { (waiting, running, sessions.count) }

    /// Takes room for one more turn, to be used by ``add(_:isCommand:isReserved:)`` or given back by ``release()``; waits for it.
    ///
    /// - Throws: `CancellationError`, or ``ShutdownError`` when nothing is accepted any more.
    func reserve() async throws {
        while isAccepting, waiting + reserved >= limits.waitingTurns {
            try Task.checkCancellation()
            await waitForRoom()
        }
        guard isAccepting else { throw ShutdownError() }
        try Task.checkCancellation()
        reserved += 1
    }

    /// Gives reserved room back.
    func release() {
        reserved -= 1
        noteRoom()
    }

    func stopAccepting() {
        isAccepting = false
        noteRoom()
    }

    private func waitForRoom() async {
        nextTicket += 1
        let ticket = nextTicket
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { continuation.resume() } else { waitingForRoom[ticket] = continuation }
            }
        } onCancel: {
            Task { await self.wake(ticket) }
        }
    }

    private func wake(_ ticket: Int) { waitingForRoom.removeValue(forKey: ticket)?.resume() }

    /// All look again; they are as few as there are channels.
    private func noteRoom() {
        let waiting = waitingForRoom.values
        waitingForRoom = [:]
        for continuation in waiting { continuation.resume() }
    }

    func add(_ turn: Turn, isCommand: Bool, isReserved: Bool = false) {
        let conversation = turn.message.conversation
        if isReserved { reserved -= 1 }
        waiting += 1
        if isCommand {
            sessions[conversation, default: Session()].addCommand(turn)
        } else {
            sessions[conversation, default: Session()].addWork(turn, loadedLimit: limits.loadedTurns)
        }
        makeReady(conversation)
    }

    /// The next job, or nil when the task was cancelled. One caller.
    func next() async -> Job? {
        while !Task.isCancelled {
            if let job = takeJob() { return job }
            await readySignal.wait()
        }
        return nil
    }

    private func takeJob() -> Job? {
        while let conversation = readyCommands.popFirst() {
            guard let turn = sessions[conversation]?.startCommand() else { continue }
            waiting -= 1
            commandsRunning += 1
            noteRoom()
            return .command(turn)
        }
        while running < limits.concurrentTurns, let conversation = readyWork.popFirst() {
            queuedForWork.remove(conversation)
            guard let entry = sessions[conversation]?.startWork() else { continue }
            waiting -= 1
            running += 1
            noteRoom()
            return .work(conversation, entry)
        }
        return nil
    }

    func commandEnded(in conversation: ConversationID) {
        commandsRunning -= 1
        sessions[conversation]?.commandEnded()
        makeReady(conversation)
    }

    func workEnded(in conversation: ConversationID) {
        running -= 1
        runningTurns[conversation] = nil
        stops[conversation] = nil
        sessions[conversation]?.workEnded()
        makeReady(conversation)
        readySignal.notify()
    }

    /// A turn begins to wait for a person: its place is free meanwhile.
    func pause() {
        running -= 1
        readySignal.notify()
    }

    /// It goes on, even when that makes one more than the limit for a while.
    func resume() { running += 1 }

    /// Remembers the conversation's turn at work.
    func setRunning(_ turn: Running, in conversation: ConversationID) {
        runningTurns[conversation] = turn
        if stops[conversation] == turn.turn { turn.cancel() }
    }

    /// The turn of a conversation that is at work, is being taken up or comes next, when it came before another turn.
    func stoppable(in conversation: ConversationID, before turn: TurnID) -> TurnID? {
        guard let current = runningTurns[conversation]?.turn ?? sessions[conversation]?.current, current < turn else { return nil }
        return current
    }

    /// Stops a turn that ``stoppable(in:before:)`` named, as soon as it has begun.
    func stop(_ turn: TurnID, in conversation: ConversationID) {
        if let running = runningTurns[conversation], running.turn == turn {
            running.cancel()
        } else if sessions[conversation]?.current == turn {
            stops[conversation] = turn
        }
    }

    /// How many messages wait in a conversation behind the turn at work.
    func waiting(in conversation: ConversationID) -> Int { sessions[conversation]?.waitingWork ?? 0 }

    private func makeReady(_ conversation: ConversationID) {
        guard let session = sessions[conversation] else { return }
        if session.isIdle {
            // Nothing but the mode outlives the queue, and that is in the store: idle sessions cost nothing.
            sessions[conversation] = nil
            return
        }
        if session.canStartCommand { readyCommands.append(conversation) }
        if session.canStartWork, queuedForWork.insert(conversation).inserted { readyWork.append(conversation) }
        readySignal.notify()
    }
}

/// The orchestrator is stopping; hand the message in again after the restart.
public struct ShutdownError: Error, Sendable, CustomStringConvertible {
    /// Makes the error.
    public init() {}
    /// In words, for people and logs.
    public var description: String { "the orchestrator is shutting down" }
}
