// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Synchronization

/// Counts the reads under way, so that a database is closed only when none is, and refuses new ones from then on.
final class ReadGate: Sendable {
    private struct State {
        var reads = 0
        var isClosed = false
        var closing: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Begins a read; ``leave()`` ends it.
    ///
    /// - Throws: `StoreError` with `closed`.
    func enter() throws {
        try state.withLock { state in
            guard !state.isClosed else { throw StoreError(.closed, reason: "the store was closed; open a new one") }
            state.reads += 1
        }
    }

    func leave() {
        let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.reads -= 1
            guard state.reads == 0 else { return [] }
            defer { state.closing = [] }
            return state.closing
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Lets nobody in any more and returns when everybody has left.
    func close() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                state.isClosed = true
                if state.reads > 0 { state.closing.append(continuation) }
                return state.reads == 0
            }
            if isEmpty { continuation.resume() }
        }
    }
}
