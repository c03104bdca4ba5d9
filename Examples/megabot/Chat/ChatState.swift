// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// What a chat has said and what came of it so far, as a pure state machine.
struct ChatState: Sendable {
    /// Something the person said that has had no answer.
    struct Open: Sendable {
        var id: String
        var text: String
        var isCommand: Bool
        /// The turn the daemon made of it; nil until it was acknowledged.
        var turn: Int64?
    }

    /// A question that waits for the person's decision.
    struct Question: Sendable {
        var code: String?
        var replyTo: String?
        var turn: Int64?
    }

    /// How a pipe's talk ended.
    enum Ending: Sendable {
        case answered
        /// A question is open; what was said and waits behind it is kept.
        case asking(codes: [String], waiting: Int)
        /// Nothing has come for too long.
        case silent
    }

    private(set) var unacknowledged: [Open] = []
    private(set) var open: [Open] = []
    private(set) var questions: [String: Question] = [:]
    private var seen = SeenIDs()

    mutating func say(_ text: String, id: String) {
        let message = Open(id: id, text: text, isCommand: CommandText.isCommand(text))
        unacknowledged.append(message)
        open.append(message)
    }

    /// The daemon has a message, or does not take it.
    mutating func acknowledge(_ id: String, turn: Int64?, isRefused: Bool) {
        unacknowledged.removeAll { $0.id == id }
        if isRefused { open.removeAll { $0.id == id } }
        if let index = open.firstIndex(where: { $0.id == id }) { open[index].turn = turn }
    }

    /// Takes a message of the daemon in.
    ///
    /// - Returns: Whether it is to be shown: every message once, and an open question again when the daemon shows it again.
    mutating func receive(_ frame: JSONValue, kind: OutboundMessage.Kind) -> Bool {
        guard let id = frame["id"]?.stringValue else { return false }
        let isNew = seen.insert(id)
        guard isNew || frame["repeated"] == true else { return false }
        let replyTo = frame["reply_to"]?.stringValue
        switch kind {
        case .approvalRequest:
            let question = Question(
                code: Self.code(in: frame["content"]?.stringValue ?? ""), replyTo: replyTo, turn: frame["turn"]?.integerValue)
            questions[frame["approval_id"]?.stringValue ?? id] = question
        // Only what ends a turn answers its message; a word in between does not.
        case .notice where !id.hasPrefix("turn-"): break
        case .reply, .commandResult, .error, .notice:
            if let decided = frame["approval_id"]?.stringValue { questions[decided] = nil }
            if let ended = frame["metadata"]?["ended_turn"]?.stringValue.flatMap({ Int64($0) }) {
                open.removeAll { $0.turn == ended }
                questions = questions.filter { $0.value.turn != ended }
            }
            guard let replyTo else { break }
            open.removeAll { $0.id == replyTo }
            questions = questions.filter { $0.value.replyTo != replyTo }
        }
        return true
    }

    /// How the talk stands when nothing more is to be waited for; nil while something is.
    ///
    /// A command is answered at once. Everything else waits behind an open question, and so does not end by itself.
    var ending: Ending? {
        guard unacknowledged.isEmpty, !open.contains(where: \.isCommand) else { return nil }
        if questions.isEmpty { return open.isEmpty ? .answered : nil }
        let asked = Set(questions.values.compactMap(\.replyTo))
        return .asking(codes: questions.values.compactMap(\.code).sorted(), waiting: open.count { !asked.contains($0.id) })
    }

    private static func code(in question: String) -> String? {
        guard let start = question.firstRange(of: "!approve ")?.upperBound else { return nil }
        let code = question[start...].prefix { $0.isLetter || $0.isNumber }
        return code.isEmpty ? nil : String(code)
    }
}

/// The ids of the last messages shown; bounded.
struct SeenIDs: Sendable {
    private static let limit = 4096
    private var ids: Set<String> = []
    private var order: [String] = []

    /// False when it was shown already.
    mutating func insert(_ id: String) -> Bool {
        guard ids.insert(id).inserted else { return false }
        order.append(id)
        if order.count > Self.limit {
            for old in order.prefix(Self.limit / 2) { ids.remove(old) }
            order.removeFirst(Self.limit / 2)
        }
        return true
    }
}
