// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Keeps the kill switches in the store: in memory first, because a stop must not wait for a disk.
actor KillSwitchKeeper {
    nonisolated let board = KillSwitchBoard()
    private let ledger: any Ledger
    private var isLoaded = false
    private var last: Task<Void, any Error>?

    init(ledger: any Ledger) { self.ledger = ledger }

    /// Puts on what was on before a restart.
    func load() async throws {
        guard !isLoaded else { return }
        board.restore(try await ledger.killSwitches())
        isLoaded = true
    }

    /// Stores what is on. One write after the other, each with what is on by then.
    func save() async throws {
        try await load()
        let task = Task { [last, ledger, board] in
            _ = await last?.result
            try await ledger.setKillSwitches(board.switches)
        }
        last = task
        try await task.value
    }

    /// Takes switches off; on again when that cannot be stored.
    func release(_ isMeant: (KillSwitch) -> Bool) async throws -> [KillSwitch] {
        try await load()
        let released = board.release(isMeant)
        do {
            if !released.isEmpty { try await save() }
        } catch {
            board.restore(released)
            throw error
        }
        return released
    }
}
