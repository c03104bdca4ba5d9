// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// The answers that have been shown while they were written, so that the message that follows each is not shown once more.
///
/// The message may come after the next turn has begun, hence answers are remembered until their message is there.
struct StreamedReplies: Sendable {
    /// What of a message is still to be shown.
    enum Rest: Equatable {
        case everything
        case nothing
        /// It goes on where the streamed text, the last thing on the screen, stopped.
        case ending(String)
    }

    private static let limit = 32
    private var current = ""
    private var finished: [String] = []

    /// - Returns: Whether it is the first of an answer.
    mutating func add(_ text: String) -> Bool {
        defer { current += text }
        return current.isEmpty
    }

    /// The answer being written is complete, or its turn is over.
    mutating func finish() {
        guard !current.isEmpty else { return }
        finished.append(current)
        current = ""
        if finished.count > Self.limit { finished.removeFirst() }
    }

    /// What was written was no answer: a tool follows it.
    mutating func drop() { current = "" }

    /// Takes the answer that belongs to a message.
    ///
    /// - Parameter isLast: Whether nothing has been shown since the text that was streamed last.
    mutating func take(_ message: String, isLast: Bool) -> Rest {
        finish()
        if let index = finished.firstIndex(where: { Self.same($0, message) }) {
            finished.removeSubrange(...index)
            return .nothing
        }
        if isLast, let last = finished.last, message.hasPrefix(last) {
            finished.removeAll()
            return .ending(String(message.dropFirst(last.count)))
        }
        return .everything
    }

    private static func same(_ left: String, _ right: String) -> Bool {
        left.filter { !$0.isWhitespace } == right.filter { !$0.isWhitespace }
    }
}
