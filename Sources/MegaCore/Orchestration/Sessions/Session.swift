// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// The mailbox of one conversation, as a pure state machine.
///
/// Work is done one turn at a time, in order. Commands overtake waiting work, because they steer it (`!approve`, `!stop`); but work
/// never starts before the commands that came in ahead of it are done.
struct Session {
    /// Work that waits. Past a certain length of the queue only the number is kept; the ledger has the rest.
    enum Entry {
        case loaded(Turn)
        case stored(TurnID)

        var id: TurnID {
            switch self {
            case .loaded(let turn): turn.id
            case .stored(let id): id
            }
        }
    }

    private var commands = Queue<Turn>()
    private var work = Queue<(entry: Entry, afterCommands: Int)>()
    private var commandsAccepted = 0
    private var commandsDone = 0
    private(set) var isCommandRunning = false
    /// The turn that is worked on.
    private var workRunning: TurnID?
    var isWorkRunning: Bool { workRunning != nil }

    var waiting: Int { commands.count + work.count }
    var waitingWork: Int { work.count }
    /// The turn that is worked on, or the next one.
    var current: TurnID? { workRunning ?? work.first?.entry.id }
    var isIdle: Bool { waiting == 0 && !isCommandRunning && !isWorkRunning }

    mutating func addCommand(_ turn: Turn) {
        commandsAccepted += 1
        commands.append(turn)
    }

    /// - Parameter loadedLimit: How many waiting turns are kept whole.
    mutating func addWork(_ turn: Turn, loadedLimit: Int) {
        let entry = Entry.loaded(turn)
        // Two deliveries at the same moment may arrive here in another order than the ledger took them in.
        var later: [(entry: Entry, afterCommands: Int)] = []
        while let last = work.last, last.entry.id > turn.id, let moved = work.popLast() { later.append(moved) }
        work.append((work.count < loadedLimit ? entry : .stored(turn.id), commandsAccepted))
        for moved in later.reversed() { work.append(moved) }
    }

    /// The next command to run, when none runs.
    mutating func startCommand() -> Turn? {
        guard !isCommandRunning, let turn = commands.popFirst() else { return nil }
        isCommandRunning = true
        return turn
    }

    var canStartCommand: Bool { !isCommandRunning && !commands.isEmpty }

    /// Whether the next turn may begin.
    var canStartWork: Bool {
        guard !isWorkRunning, let next = work.first else { return false }
        return commandsDone >= next.afterCommands
    }

    /// The next turn to work on, when none is worked on.
    mutating func startWork() -> Entry? {
        guard canStartWork, let next = work.popFirst() else { return nil }
        workRunning = next.entry.id
        return next.entry
    }

    mutating func commandEnded() {
        isCommandRunning = false
        commandsDone += 1
    }

    mutating func workEnded() { workRunning = nil }
}
