// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Synchronization

/// Turns that a person has stopped, until they have ended.
final class StopRequests: Sendable {
    private let turns = Mutex<Set<TurnID>>([])

    func add(_ turn: TurnID) { turns.withLock { _ = $0.insert(turn) } }
    func contains(_ turn: TurnID) -> Bool { turns.withLock { $0.contains(turn) } }
    func forget(_ turn: TurnID) { turns.withLock { _ = $0.remove(turn) } }
}
