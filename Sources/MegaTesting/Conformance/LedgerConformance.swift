// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What every `Ledger` must do. Each check wants a fresh, empty subject.
public enum LedgerConformance {
    /// All checks.
    public static let checks: [ConformanceCheck<any Ledger>] = admission + turns + outbox + approvals + modes

    private typealias Samples = StoreSamples

    static let admission: [ConformanceCheck<any Ledger>] = [
        .init("A recorded message comes back as it was, exact to the fraction of a second") { ledger in
            let message = Samples.inbound("m1", "grüße 👩‍👩‍👧 \u{0} end")
            let turn = try await ledger.accept(message)
            try ConformanceFailure.unlessEqual(turn.state, .received, "the first state")
            try ConformanceFailure.unlessEqual(try await ledger.turn(turn.id), turn, "the stored turn")
            try ConformanceFailure.unlessEqual(turn.message, message, "the message")
            try ConformanceFailure.unlessEqual(turn.receivedAt, Samples.start, "the time")
        },
        .init("A redelivered message is a duplicate of its turn, and only the cursor moves") { ledger in
            let turn = try await ledger.accept(Samples.inbound("m1"), cursor: "10")
            let again = try await ledger.record(
                Samples.inbound("m1", "changed"), from: Samples.person, cursor: "11", at: Samples.time(1))
            try ConformanceFailure.unlessEqual(again, .duplicate(turn.id), "the second admission")
            try ConformanceFailure.unlessEqual(try await ledger.cursor(for: Samples.channel), "11", "the cursor")
            try ConformanceFailure.unlessEqual(try await ledger.turn(turn.id)?.message.text, "hello", "the text")
            try ConformanceFailure.unlessEqual(try await ledger.turnCounts(), [.received: 1], "the counts")
        },
        .init("The same message id in another conversation is another message") { ledger in
            let first = try await ledger.accept(Samples.inbound("m1"))
            let second = try await ledger.accept(Samples.inbound("m1", in: Samples.otherChat))
            try ConformanceFailure.unless(first.id < second.id, expected: "rising turn ids", seen: "\(first.id), \(second.id)")
        },
        .init("Ids that look alike when joined stay apart") { ledger in
            _ = try await ledger.accept(Samples.inbound("d:e", in: ConversationID(platform: "t", chat: "c")))
            _ = try await ledger.accept(Samples.inbound("e", in: ConversationID(platform: "t", chat: "c", thread: "d")))
            _ = try await ledger.accept(Samples.inbound("e", in: ConversationID(platform: "t", chat: "c:d")))
        },
        .init("Of many deliveries of one message at once exactly one is accepted") { ledger in
            let admissions = try await withThrowingTaskGroup(of: LedgerAdmission.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        try await ledger.record(Samples.inbound("same"), from: Samples.person, cursor: nil, at: Samples.start)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let accepted = admissions.compactMap { if case .accepted(let turn) = $0 { turn.id } else { nil } }
            let duplicates = admissions.compactMap { if case .duplicate(let id) = $0 { id } else { nil } }
            try ConformanceFailure.unlessEqual(accepted.count, 1, "the number accepted")
            try ConformanceFailure.unlessEqual(Set(duplicates), Set(accepted), "the turn of the duplicates")
        },
        .init("Cursors belong to their channel, and a message without one leaves it") { ledger in
            try ConformanceFailure.unlessEqual(try await ledger.cursor(for: Samples.channel), nil, "the first cursor")
            _ = try await ledger.accept(Samples.inbound("m1"), cursor: "5")
            _ = try await ledger.accept(Samples.inbound("m2"))
            try ConformanceFailure.unlessEqual(try await ledger.cursor(for: Samples.channel), "5", "the cursor")
            let other = ChannelID(platform: "test", account: "two")
            try ConformanceFailure.unlessEqual(try await ledger.cursor(for: other), nil, "another account's cursor")
        },
        .init("Five hundred messages from many tasks all become turns of their own") { ledger in
            let ids = try await withThrowingTaskGroup(of: TurnID.self) { group in
                for number in 0..<500 { group.addTask { try await ledger.accept(Samples.inbound("m\(number)")).id } }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            try ConformanceFailure.unlessEqual(ids.count, 500, "the number of turns")
            try ConformanceFailure.unlessEqual(try await ledger.turnCounts(), [.received: 500], "the counts")
        },
    ]

    static let turns: [ConformanceCheck<any Ledger>] = [
        .init("A turn goes from received to delivered through its states") { ledger in
            let id = try await ledger.accept(Samples.inbound("m1")).id
            try await ledger.begin(id, at: Samples.time(1))
            try await ledger.requireState(id, .running, "the state after begin")
            try await ledger.append([], to: id, state: .waitingApproval, at: Samples.time(2))
            try await ledger.requireState(id, .waitingApproval, "the state while asking")
            try await ledger.append([], to: id, state: .running, at: Samples.time(3))
            try await ledger.finish(
                id, journal: [], replies: [Samples.outbound("o1"), Samples.outbound("o2")], at: Samples.time(4))
            try await ledger.requireState(id, .replying, "the state after finish")
            try await ledger.deliver("o1")
            try await ledger.requireState(id, .replying, "the state with one message on its way")
            try await ledger.deliver("o2")
            try await ledger.requireState(id, .delivered, "the state after the last arrival")
            try ConformanceFailure.unlessEqual(try await ledger.turn(id)?.attempts, 1, "the attempts")
            try ConformanceFailure.unlessEqual(try await ledger.turn(id)?.updatedAt, Samples.time(9), "the time of the last change")
        },
        .init("The journal keeps its entries in order over several calls") { ledger in
            let id = try await ledger.accept(Samples.inbound("m1")).id
            try await ledger.begin(id, at: Samples.start)
            let call = ToolCall(id: "c1", name: "run", arguments: ["n": 9_007_199_254_740_993])
            let entries: [JournalEntry] = [
                .modelReply(ModelReply(text: "", toolCalls: [call], finishReason: .toolCalls)),
                .approvalRequested(callID: "c1", approval: .init(rawValue: "a1")),
                .approvalDecided(approval: .init(rawValue: "a1"), .denied(by: Samples.person, reason: "no")),
                .toolIntent(callID: "c1", tool: "run", isIdempotent: false),
                .toolOutcome(callID: "c1", ToolOutcome(.refused, text: "refused")),
            ]
            try await ledger.append(Array(entries[0..<2]), to: id, state: .waitingApproval, at: Samples.start)
            try await ledger.append(Array(entries[2..<4]), to: id, state: .running, at: Samples.start)
            try await ledger.finish(id, journal: [entries[4]], replies: [], at: Samples.start)
            try ConformanceFailure.unlessEqual(try await ledger.journal(of: id), entries, "the journal")
            try ConformanceFailure.unlessEqual(try await ledger.journal(of: TurnID(rawValue: 999)), [], "the journal of no turn")
        },
        .init("Ending a turn twice changes nothing, however it ended") { ledger in
            let id = try await ledger.accept(Samples.inbound("m1")).id
            try await ledger.begin(id, at: Samples.start)
            try await ledger.finish(id, journal: [], replies: [Samples.outbound("o1")], at: Samples.start)
            let before = try await ledger.turn(id)
            try await ledger.finish(
                id, journal: [.toolIntent(callID: "x", tool: "x", isIdempotent: true)], replies: [Samples.outbound("o2")],
                at: Samples.time(5))
            try await ledger.fail(id, reason: "late", notice: Samples.outbound("o3"), at: Samples.time(5))
            try ConformanceFailure.unlessEqual(try await ledger.turn(id), before, "the turn")
            try ConformanceFailure.unlessEqual(try await ledger.journal(of: id), [], "the journal")
            try ConformanceFailure.unlessEqual(try await ledger.pendingOutbox(limit: 9).map(\.message.id), ["o1"], "the outbox")
        },
        .init("A turn without replies is delivered at once") { ledger in
            let id = try await ledger.accept(Samples.inbound("m1")).id
            try await ledger.begin(id, at: Samples.start)
            try await ledger.finish(id, journal: [], replies: [], at: Samples.time(1))
            try await ledger.requireState(id, .delivered, "the state")
        },
        .init("A failed turn says why, and its notice does not revive it") { ledger in
            let id = try await ledger.accept(Samples.inbound("m1")).id
            try await ledger.fail(
                id, reason: "the model is down", notice: Samples.outbound("n1", kind: .error), at: Samples.time(1))
            try await ledger.requireState(id, .failed, "the state")
            try await ledger.deliver("n1")
            try await ledger.requireState(id, .failed, "the state after the notice arrived")
            try ConformanceFailure.unlessEqual(try await ledger.turn(id)?.failure, "the model is down", "the reason")
        },
        .init("Illegal moves are refused and change nothing") { ledger in
            let id = try await ledger.accept(Samples.inbound("m1")).id
            try await ConformanceFailure.unlessThrows(.illegalTransition, "append before begin") {
                try await ledger.append([], to: id, state: .running, at: Samples.start)
            }
            try await ledger.begin(id, at: Samples.start)
            for state: Turn.State in [.received, .replying, .delivered, .failed] {
                try await ConformanceFailure.unlessThrows(.illegalTransition, "append to \(state)") {
                    try await ledger.append(
                        [.toolIntent(callID: "x", tool: "x", isIdempotent: true)], to: id, state: state, at: Samples.start)
                }
            }
            try await ledger.finish(id, journal: [], replies: [], at: Samples.start)
            try await ConformanceFailure.unlessThrows(.illegalTransition, "begin after the end") {
                try await ledger.begin(id, at: Samples.start)
            }
            try await ConformanceFailure.unlessThrows(.illegalTransition, "append after the end") {
                try await ledger.append([], to: id, state: .running, at: Samples.start)
            }
            try await ConformanceFailure.unlessThrows(.notFound, "begin of no turn") {
                try await ledger.begin(TurnID(rawValue: 77), at: Samples.start)
            }
            try await ConformanceFailure.unlessThrows(.notFound, "finish of no turn") {
                try await ledger.finish(TurnID(rawValue: 77), journal: [], replies: [Samples.outbound("o9")], at: Samples.start)
            }
            try ConformanceFailure.unlessEqual(try await ledger.journal(of: id), [], "the journal")
            try ConformanceFailure.unlessEqual(try await ledger.pendingOutbox(limit: 9), [], "the outbox")
        },
        .init("Work may begin again after a restart, and each time counts") { ledger in
            let id = try await ledger.accept(Samples.inbound("m1")).id
            try await ledger.begin(id, at: Samples.start)
            try await ledger.append([], to: id, state: .waitingApproval, at: Samples.start)
            try await ledger.begin(id, at: Samples.start)
            try ConformanceFailure.unlessEqual(try await ledger.turn(id)?.attempts, 2, "the attempts")
            try await ledger.requireState(id, .running, "the state")
        },
        .init("Unfinished turns come oldest first, recent ones newest first, within the states and the limit") { ledger in
            var ids: [TurnID] = []
            for number in 0..<5 { ids.append(try await ledger.accept(Samples.inbound("m\(number)")).id) }
            try await ledger.begin(ids[1], at: Samples.start)
            try await ledger.finish(ids[2], journal: [], replies: [], at: Samples.start)
            try await ledger.fail(ids[3], reason: "x", notice: nil, at: Samples.start)
            let all = Set(Turn.State.allCases)
            try ConformanceFailure.unlessEqual(
                try await ledger.unfinishedTurns(in: all, limit: 9).map(\.id), [ids[0], ids[1], ids[4]], "the unfinished")
            try ConformanceFailure.unlessEqual(
                try await ledger.unfinishedTurns(in: [.received], limit: 1).map(\.id), [ids[0]], "the first received")
            try ConformanceFailure.unlessEqual(try await ledger.unfinishedTurns(in: [], limit: 9), [], "those in no state")
            try ConformanceFailure.unlessEqual(
                try await ledger.recentTurns(limit: 2, in: nil).map(\.id), [ids[4], ids[3]], "the recent")
            try ConformanceFailure.unlessEqual(
                try await ledger.recentTurns(limit: 9, in: [.failed]).map(\.id), [ids[3]], "the failed")
            try ConformanceFailure.unlessEqual(
                try await ledger.turnCounts(), [.received: 2, .running: 1, .delivered: 1, .failed: 1], "the counts")
        },
    ]
}
