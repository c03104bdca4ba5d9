// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What every `ConversationLog` that is also the ledger must do. Each check wants a fresh, empty subject.
public enum ConversationLogConformance {
    private typealias Samples = StoreSamples

    private static func texts(_ log: any ConversationLog, before: TurnID? = nil, limit: Int = 50) async throws -> [String] {
        try await log.recentEntries(in: Samples.chat, before: before, limit: limit).map(\.text)
    }

    private static func exchange(
        _ store: any Ledger & ConversationLog, _ number: Int, _ question: String, _ answer: String
    ) async throws -> TurnID {
        let id = try await store.accept(Samples.inbound("m\(number)", question)).id
        try await store.begin(id, at: Samples.start)
        let journal = [JournalEntry.modelReply(ModelReply(text: answer))]
        try await store.finish(
            id, journal: journal, replies: [Samples.outbound("o\(number)", answer)], at: Samples.time(Double(number)))
        try await store.deliver("o\(number)")
        return id
    }

    /// All checks.
    public static let checks: [ConformanceCheck<any Ledger & ConversationLog>] = [
        .init("A question and its answer become two lines with author, role, trust, time and turn") { store in
            let id = try await exchange(store, 1, "what time is it?", "noon")
            let lines = try await store.recentEntries(in: Samples.chat, before: nil, limit: 9)
            let question = LogEntry(
                conversation: Samples.chat, role: .person, text: "what time is it?", author: "Ada", trust: .known,
                timestamp: Samples.start, turn: id)
            try ConformanceFailure.unlessEqual(lines.first, question, "the first line")
            try ConformanceFailure.unlessEqual(lines.last?.role, .assistant, "the second line's role")
            try ConformanceFailure.unlessEqual(lines.last?.text, "noon", "the second line's text")
            try ConformanceFailure.unlessEqual(lines.last?.turn, id, "the second line's turn")
            try ConformanceFailure.unlessEqual(lines.last?.trust.mayInstruct, false, "whether the assistant's line may instruct")
        },
        .init("The newest lines come oldest first; a turn's own lines and younger ones are left out on demand") { store in
            _ = try await exchange(store, 1, "q1", "a1")
            let second = try await exchange(store, 2, "q2", "a2")
            try ConformanceFailure.unlessEqual(try await texts(store, limit: 3), ["a1", "q2", "a2"], "the newest three")
            try ConformanceFailure.unlessEqual(
                try await texts(store, before: second), ["q1", "a1"], "those older than the second turn")
            try ConformanceFailure.unlessEqual(try await texts(store, limit: 0), [], "none")
        },
        .init("A duplicate message or outbox id makes no second line; questions and notices make none") { store in
            _ = try await exchange(store, 1, "q1", "a1")
            _ = try await store.record(Samples.inbound("m1", "q1"), from: Samples.person, cursor: nil, at: Samples.start)
            try await store.enqueue(
                [
                    Samples.outbound("o1", "again"), Samples.outbound("p", "may I?", kind: .approvalRequest),
                    Samples.outbound("n", "by the way", kind: .notice), Samples.outbound("c", "mode: plan", kind: .commandResult),
                ], at: Samples.start)
            try ConformanceFailure.unlessEqual(try await texts(store), ["q1", "a1", "mode: plan"], "the lines")
        },
        .init("Conversations do not see each other's lines") { store in
            _ = try await exchange(store, 1, "apple", "pear")
            let other = try await store.recentEntries(in: Samples.otherChat, before: nil, limit: 9)
            try ConformanceFailure.unlessEqual(other, [], "the other conversation")
            let found = try await store.searchEntries(in: Samples.otherChat, matching: "apple", limit: 9)
            try ConformanceFailure.unlessEqual(found, [], "the search there")
        },
        .init("Search finds lines by their words, best first, as soon as they are recorded") { store in
            for number in 0..<40 { _ = try await exchange(store, number, "filler line \(number)", "fine") }
            _ = try await exchange(store, 99, "The invoices are in the green folder", "noted")
            let found = try await store.searchEntries(in: Samples.chat, matching: "which folder holds the invoice?", limit: 5)
            try ConformanceFailure.unlessEqual(found.first?.text, "The invoices are in the green folder", "the best line")
            try ConformanceFailure.unlessEqual(
                try await store.searchEntries(in: Samples.chat, matching: "zeppelin", limit: 5), [], "an unknown word's lines")
        },
        .init("Clearing removes the lines and what ended turns hold of them, for good") { store in
            let id = try await exchange(store, 1, "my pin is 4711", "I will remember 4711")
            let failed = try await store.accept(Samples.inbound("m2", "pin 4711 again")).id
            try await store.fail(failed, reason: "4711 failed", notice: Samples.outbound("o2", "sorry, 4711"), at: Samples.start)
            try await store.deadLetter("o2", error: "blocked 4711", at: Samples.start)
            _ = try await store.searchEntries(in: Samples.chat, matching: "pin", limit: 5)
            // A store that keeps what it has read must not keep it any longer.
            try ConformanceFailure.unlessEqual(try await texts(store, limit: 200).count, 4, "the lines before")
            try ConformanceFailure.unlessEqual(try await store.clear(Samples.chat), 4, "the number of lines deleted")
            try ConformanceFailure.unlessEqual(try await texts(store, limit: 200), [], "the lines")
            try ConformanceFailure.unlessEqual(
                try await store.searchEntries(in: Samples.chat, matching: "pin", limit: 5), [], "the search")
            try ConformanceFailure.unlessEqual(try await store.journal(of: id), [], "the journal")
            let rest = "\(try await store.recentTurns(limit: 9, in: nil)) \(try await store.deadLetters(limit: 9))"
            try ConformanceFailure.unless(!rest.contains("4711"), expected: "no trace in turns and dead letters", seen: rest)
            try await store.requireState(id, .delivered, "the turn")
            let again = try await store.record(Samples.inbound("m1"), from: Samples.person, cursor: nil, at: Samples.start)
            try ConformanceFailure.unlessEqual(again, .duplicate(id), "a redelivery after clearing")
        },
        .init("Clearing keeps lines with a keep word, other conversations, and turns under way") { store in
            _ = try await exchange(store, 1, "DECISION: we use Swift", "a decision in small letters")
            _ = try await store.accept(Samples.inbound("x", "elsewhere", in: Samples.otherChat))
            let running = try await store.accept(Samples.inbound("m2", "still going")).id
            try await store.begin(running, at: Samples.start)
            _ = try await store.recentEntries(in: Samples.chat, before: nil, limit: 200)
            _ = try await store.clear(Samples.chat)
            let lines = try await store.recentEntries(in: Samples.chat, before: nil, limit: 200)
            try ConformanceFailure.unlessEqual(lines.map(\.text), ["DECISION: we use Swift"], "the kept lines")
            try ConformanceFailure.unlessEqual(lines.map(\.isKept), [true], "their mark")
            try ConformanceFailure.unlessEqual(
                try await store.recentEntries(in: Samples.otherChat, before: nil, limit: 9).count, 1,
                "the other conversation's lines")
            try ConformanceFailure.unlessEqual(
                try await store.turn(running)?.message.text, "still going", "the running turn's message")
            let found = try await store.searchEntries(in: Samples.chat, matching: "swift", limit: 5)
            try ConformanceFailure.unlessEqual(found.count, 1, "the number of kept lines found")
        },
        .init("Lines that come after clearing are read, and none from before it") { store in
            for round in 1...3 {
                _ = try await exchange(store, round, "question \(round)", "answer \(round)")
                try ConformanceFailure.unlessEqual(
                    try await texts(store, limit: 200), ["question \(round)", "answer \(round)"], "the lines of round \(round)")
                try ConformanceFailure.unlessEqual(try await store.clear(Samples.chat), 2, "the number of lines deleted")
            }
            try ConformanceFailure.unlessEqual(try await texts(store, limit: 200), [], "the lines at the end")
        },
    ]
}
