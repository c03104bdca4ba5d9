// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Turns that a person has stopped, until they have ended.
actor StopRequests {
    private var turns: Set<TurnID> = []

    func add(_ turn: TurnID) { turns.insert(turn) }
    func contains(_ turn: TurnID) -> Bool { turns.contains(turn) }
    func forget(_ turn: TurnID) { turns.remove(turn) }
}
