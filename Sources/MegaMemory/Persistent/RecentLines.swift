// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The newest lines of conversations, opened, so that a turn opens only the lines that are new since the last one.
///
/// Lines are only ever added, with rising ids, or deleted by a clear, which forgets the conversation here. A process that shares the
/// file with a writer must not use it.
final class RecentLines: Sendable {
    /// The newest lines of one conversation without a gap, oldest first.
    struct Tail: Sendable {
        var lines: [(id: Int64, entry: LogEntry)] = []
        /// Whether it reaches back to the conversation's first line.
        var isWhole: Bool
        fileprivate var bytes = 0

        init(isWhole: Bool = true) { self.isWhole = isWhole }

        /// All lines up to this id are known.
        var lastID: Int64 { lines.last?.id ?? 0 }

        /// The newest `limit` lines of turns before `turn`, or nil when the tail does not reach far enough back.
        func entries(before turn: Int64, limit: Int) -> [LogEntry]? {
            var result: [LogEntry] = []
            result.reserveCapacity(min(limit, lines.count))
            for line in lines.reversed() where (line.entry.turn?.rawValue ?? .min) < turn {
                if result.count >= limit { break }
                result.append(line.entry)
            }
            guard result.count >= limit || isWhole else { return nil }
            return result.reversed()
        }
    }

    /// What was known when a read began; it may be put back only if nothing was cleared meanwhile.
    struct Known: Sendable {
        var tail: Tail?
        fileprivate var clears: Int
    }

    private struct State {
        var tails: [Data: Tail] = [:]
        var bytes = 0
        var clears = 0
    }

    /// Lines per conversation.
    static let length = 256
    /// Bytes of text over all conversations; past it everything is read anew when it is next needed.
    private static let capacity = 8 << 20

    private let state = Mutex(State())

    func known(_ conversation: Data) -> Known {
        state.withLock { Known(tail: $0.tails[conversation], clears: $0.clears) }
    }

    func keep(_ tail: Tail, of conversation: Data, since known: Known) {
        var tail = tail
        if tail.lines.count > Self.length + Self.length / 4 {
            tail.lines.removeFirst(tail.lines.count - Self.length)
            tail.isWhole = false
        }
        tail.bytes = tail.lines.reduce(0) { $0 + $1.entry.text.utf8.count + 256 }
        state.withLock { state in
            // A read that saw more may have been quicker.
            guard state.clears == known.clears, (state.tails[conversation]?.lastID ?? -1) <= tail.lastID else { return }
            state.bytes += tail.bytes - (state.tails[conversation]?.bytes ?? 0)
            if state.bytes > Self.capacity {
                state.tails = [:]
                state.bytes = tail.bytes
            }
            state.tails[conversation] = tail
        }
    }

    /// Forgets every conversation.
    func forgetAll() {
        state.withLock { state in
            state.clears += 1
            state.tails = [:]
            state.bytes = 0
        }
    }

    /// To be called before and after lines are deleted.
    func forget(_ conversation: Data) {
        state.withLock { state in
            state.clears += 1
            if let tail = state.tails.removeValue(forKey: conversation) { state.bytes -= tail.bytes }
        }
    }
}
