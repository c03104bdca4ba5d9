// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Synchronization

/// The sealers of the turns that were written to last, so that writing to a turn needs no look at its row.
final class TurnOwners: Sendable {
    private static let capacity = 1024

    private let known = Mutex<[TurnID: any DataSealer]>([:])

    subscript(turn: TurnID) -> (any DataSealer)? { known.withLock { $0[turn] } }

    func keep(_ sealer: any DataSealer, of turn: TurnID) {
        known.withLock { known in
            if known.count >= Self.capacity { known = [:] }
            known[turn] = sealer
        }
    }

    func forgetAll() { known.withLock { $0 = [:] } }
}
