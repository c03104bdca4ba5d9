// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension LedgerConformance {
    private typealias Samples = StoreSamples

    static let outbox: [ConformanceCheck<any Ledger>] = [
        .init("The outbox gives messages in the order they were put in, whether due or not") { ledger in
            try await ledger.enqueue([Samples.outbound("a1"), Samples.outbound("b1", in: Samples.otherChat)], at: Samples.start)
            try await ledger.enqueue([Samples.outbound("a2", kind: .notice)], at: Samples.time(-50))
            try await ledger.reschedule("a1", dueAt: Samples.time(100), error: "busy", countsAsAttempt: true)
            let items = try await ledger.pendingOutbox(limit: 9)
            try ConformanceFailure.unlessEqual(items.map(\.message.id), ["a1", "b1", "a2"], "the order")
            try ConformanceFailure.unlessEqual(items.first?.dueAt, Samples.time(100), "the due time")
            try ConformanceFailure.unlessEqual(items.first?.attempts, 1, "the attempts")
            try ConformanceFailure.unlessEqual(items.first?.lastError, "busy", "the error")
            try ConformanceFailure.unlessEqual(
                try await ledger.pendingOutbox(limit: 2).map(\.message.id), ["a1", "b1"], "the first two")
        },
        .init("A message comes out of the outbox as it went in") { ledger in
            var message = Samples.outbound("a1", "text ✓", kind: .approvalRequest)
            message.approval = ApprovalRequest.ID(rawValue: "f00")
            message.replyTo = "p9"
            try await ledger.enqueue([message], at: Samples.start)
            try ConformanceFailure.unlessEqual(
                try await ledger.pendingOutbox(limit: 1), [OutboxItem(message: message, dueAt: Samples.start)], "the item")
        },
        .init("An id that is or was in the outbox is left alone") { ledger in
            let first = try await ledger.enqueue([Samples.outbound("a1", "first"), Samples.outbound("a1", "again")], at: Samples.start)
            try ConformanceFailure.unlessEqual(first, ["a1"], "the new ids")
            let second = try await ledger.enqueue([Samples.outbound("a1", "second")], at: Samples.time(1))
            try ConformanceFailure.unlessEqual(second, [], "the new ids of a repeat")
            try ConformanceFailure.unlessEqual(
                try await ledger.pendingOutbox(limit: 9).map(\.message.text), ["first"], "the outbox")
            try await ledger.deliver("a1")
            try await ledger.enqueue([Samples.outbound("a1", "third")], at: Samples.time(2))
            try ConformanceFailure.unlessEqual(try await ledger.pendingOutbox(limit: 9), [], "the outbox after delivery")
        },
        .init("An away recipient costs no attempt") { ledger in
            try await ledger.enqueue([Samples.outbound("a1")], at: Samples.start)
            try await ledger.reschedule("a1", dueAt: Samples.time(5), error: "away", countsAsAttempt: false)
            try ConformanceFailure.unlessEqual(try await ledger.pendingOutbox(limit: 1).first?.attempts, 0, "the attempts")
        },
        .init("A dead letter fails its replying turn and is listed newest first") { ledger in
            let id = try await ledger.accept(Samples.inbound("m1")).id
            try await ledger.begin(id, at: Samples.start)
            try await ledger.finish(id, journal: [], replies: [Samples.outbound("a1")], at: Samples.start)
            try await ledger.enqueue([Samples.outbound("a2")], at: Samples.start)
            try await ledger.deadLetter("a1", error: "blocked", at: Samples.time(3))
            try await ledger.deadLetter("a2", error: "gone", at: Samples.time(4))
            try await ledger.requireState(id, .failed, "the turn")
            let failure = try await ledger.turn(id)?.failure ?? ""
            try ConformanceFailure.unless(failure.contains("blocked"), expected: "the reason in the turn's failure", seen: failure)
            let dead = try await ledger.deadLetters(limit: 9)
            try ConformanceFailure.unlessEqual(dead.map(\.message.id), ["a2", "a1"], "the dead letters")
            try ConformanceFailure.unlessEqual(dead.map(\.lastError), ["gone", "blocked"], "their errors")
            try ConformanceFailure.unlessEqual(dead.map(\.state), [.dead, .dead], "their states")
            try ConformanceFailure.unlessEqual(try await ledger.pendingOutbox(limit: 9), [], "the outbox")
            try await ledger.deliver("a1")
            try await ledger.requireState(id, .failed, "the turn after a late arrival")
        },
        .init("An approval request given up does not end a running turn, and the turn can still be delivered") { ledger in
            let id = try await ledger.accept(Samples.inbound("m1")).id
            try await ledger.begin(id, at: Samples.start)
            var question = Samples.outbound("q1", kind: .approvalRequest)
            question.turn = id
            try await ledger.enqueue([question], at: Samples.start)
            try await ledger.deadLetter("q1", error: "blocked", at: Samples.start)
            try await ledger.requireState(id, .running, "the turn")
            try await ledger.finish(id, journal: [], replies: [Samples.outbound("a1")], at: Samples.start)
            try await ledger.deliver("a1")
            try await ledger.requireState(id, .delivered, "the turn")
        },
        .init("Unknown message ids are an error, and none of the call's deliveries counts then") { ledger in
            try await ledger.enqueue([Samples.outbound("a1")], at: Samples.start)
            try await ConformanceFailure.unlessThrows(.notFound, "delivery of an unknown message") {
                try await ledger.deliver("a1", "nobody")
            }
            try ConformanceFailure.unlessEqual(try await ledger.pendingOutbox(limit: 9).map(\.message.id), ["a1"], "the outbox")
            try await ConformanceFailure.unlessThrows(.notFound, "rescheduling an unknown message") {
                try await ledger.reschedule("nobody", dueAt: Samples.start, error: "", countsAsAttempt: true)
            }
            try await ConformanceFailure.unlessThrows(.notFound, "giving up an unknown message") {
                try await ledger.deadLetter("nobody", error: "", at: Samples.start)
            }
        },
        .init("The outbox can be read on from a message, and for one conversation") { ledger in
            for number in 1...3 {
                try await ledger.enqueue(
                    [Samples.outbound("a\(number)"), Samples.outbound("b\(number)", in: Samples.otherChat)], at: Samples.start)
            }
            try ConformanceFailure.unlessEqual(
                try await ledger.pendingOutbox(in: nil, after: "b1", limit: 3).map(\.message.id), ["a2", "b2", "a3"], "what comes after b1")
            try await ledger.deliver("b1")
            try ConformanceFailure.unlessEqual(
                try await ledger.pendingOutbox(in: nil, after: "b1", limit: 1).map(\.message.id), ["a2"], "what comes after a delivered one")
            try ConformanceFailure.unlessEqual(
                try await ledger.pendingOutbox(in: Samples.otherChat, after: nil, limit: 9).map(\.message.id), ["b2", "b3"],
                "those of one conversation")
            try ConformanceFailure.unlessEqual(
                try await ledger.pendingOutbox(in: Samples.otherChat, after: "b2", limit: 9).map(\.message.id), ["b3"], "the rest of it")
        },
        .init("Pruning deletes what ended long ago and nothing else") { ledger in
            let old = try await ledger.accept(Samples.inbound("m1")).id
            try await ledger.begin(old, at: Samples.start)
            try await ledger.save(Samples.approval("0001", turn: old, decision: .approved(by: Samples.person)))
            try await ledger.finish(old, journal: [], replies: [Samples.outbound("a1")], at: Samples.start)
            try await ledger.deliver("a1")
            let waiting = try await ledger.accept(Samples.inbound("m2")).id
            try await ledger.begin(waiting, at: Samples.start)
            try await ledger.finish(waiting, journal: [], replies: [Samples.outbound("a2")], at: Samples.start)
            let new = try await ledger.accept(Samples.inbound("m3")).id
            try await ledger.begin(new, at: Samples.time(500))
            try await ledger.finish(new, journal: [], replies: [], at: Samples.time(500))

            try await ledger.prune(endedBefore: Samples.time(100), limit: 100)
            try ConformanceFailure.unlessEqual(try await ledger.turn(old)?.state, nil, "the old turn")
            try ConformanceFailure.unlessEqual(
                try await ledger.approval(Samples.approval("0001", turn: old).id), nil, "the old turn's approval")
            try ConformanceFailure.unlessEqual(try await ledger.turn(waiting)?.state, .replying, "the turn whose answer waits")
            try ConformanceFailure.unlessEqual(try await ledger.pendingOutbox(limit: 9).map(\.message.id), ["a2"], "the outbox")
            try ConformanceFailure.unlessEqual(try await ledger.turn(new)?.state, .delivered, "the new turn")
            let again = try await ledger.prune(endedBefore: Samples.time(100), limit: 100)
            try ConformanceFailure.unlessEqual(again, 0, "what a second call deleted")
            let admission = try await ledger.record(Samples.inbound("m1"), from: Samples.person, cursor: nil, at: Samples.time(600))
            guard case .accepted = admission else {
                throw ConformanceFailure(expected: "the pruned message to count as new", seen: "a duplicate")
            }
        },
        .init("Turns of many conversations run through at the same time") { ledger in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for chat in 0..<16 {
                    group.addTask {
                        let place = ConversationID(channel: Samples.channel, chat: "chat \(chat)")
                        for number in 0..<10 {
                            let id = try await ledger.accept(Samples.inbound("m\(number)", in: place)).id
                            try await ledger.begin(id, at: Samples.start)
                            let reply = Samples.outbound("\(chat)-\(number)", in: place)
                            try await ledger.finish(id, journal: [], replies: [reply], at: Samples.start)
                            try await ledger.deliver("\(chat)-\(number)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            try ConformanceFailure.unlessEqual(try await ledger.turnCounts(), [.delivered: 160], "the counts")
            try ConformanceFailure.unlessEqual(try await ledger.pendingOutbox(limit: 9), [], "the outbox")
        },
    ]

    static let approvals: [ConformanceCheck<any Ledger>] = [
        .init("Approval requests are kept, listed oldest first while open, and changed by saving again") { ledger in
            let turn = try await ledger.accept(Samples.inbound("m1")).id
            let first = Samples.approval("0001", turn: turn)
            let second = Samples.approval("0002", turn: turn)
            try await ledger.save(first)
            try await ledger.save(second)
            try ConformanceFailure.unlessEqual(try await ledger.pendingApprovals(), [first, second], "the open requests")
            let decided = Samples.approval("0001", turn: turn, decision: .approved(by: Samples.person))
            try await ledger.save(decided)
            try ConformanceFailure.unlessEqual(
                try await ledger.pendingApprovals(), [second], "the open requests after one decision")
            try ConformanceFailure.unlessEqual(try await ledger.approval(first.id), decided, "the decided request")
            try ConformanceFailure.unlessEqual(try await ledger.approval(.init(rawValue: "none")), nil, "a request nobody made")
        },
        .init("Votes, use and card of an approval request come back, and the newest requests come first in any state") { ledger in
            let turn = try await ledger.accept(Samples.inbound("m1")).id
            var first = Samples.approval("0001", turn: turn, decision: .approved(by: Samples.person))
            first.card = ApprovalRequest.ID(rawValue: "card")
            first.votes = [.init(person: "one", at: Samples.time(1)), .init(person: "two", at: Samples.time(2))]
            first.decidedAt = Samples.time(2)
            first.usedAt = Samples.time(3)
            let second = Samples.approval("0002", turn: turn)
            try await ledger.save(second)
            try await ledger.save(first)
            try ConformanceFailure.unlessEqual(try await ledger.approval(first.id), first, "the decided request")
            try ConformanceFailure.unlessEqual(try await ledger.recentApprovals(limit: 9), [first, second], "the recent requests")
            try ConformanceFailure.unlessEqual(try await ledger.recentApprovals(limit: 1), [first], "the newest request")
        },
        .init("Grants are kept in order until they end, and changed by saving again") { ledger in
            try ConformanceFailure.unlessEqual(try await ledger.grants(), [], "the grants before any")
            var first = Samples.grant("g1")
            let second = Samples.grant("g2")
            try await ledger.save(first)
            try await ledger.save(second)
            first.uses = 1
            first.lastUsedAt = Samples.time(5)
            try await ledger.save(first)
            try ConformanceFailure.unlessEqual(try await ledger.grants(), [first, second], "the grants after a use")
            first.endedAt = Samples.time(6)
            first.ending = "revoked"
            try await ledger.save(first)
            try ConformanceFailure.unlessEqual(try await ledger.grants(), [second], "the grants after one ended")
        },
        .init("Kill switches are those set last") { ledger in
            try ConformanceFailure.unlessEqual(try await ledger.killSwitches(), [], "the switches before any")
            let switches: [KillSwitch] = [.all, .tool("run"), .channel("test:one"), .conversation(Samples.chat)].map {
                KillSwitch(scope: $0, by: Samples.person, at: Samples.start, reason: "ü")
            }
            try await ledger.setKillSwitches(switches)
            try ConformanceFailure.unlessEqual(try await ledger.killSwitches(), switches, "the switches")
            try await ledger.setKillSwitches([])
            try ConformanceFailure.unlessEqual(try await ledger.killSwitches(), [], "the switches after release")
        },
    ]

    static let modes: [ConformanceCheck<any Ledger>] = [
        .init("A conversation has no mode until it is set, and then the one set last") { ledger in
            try ConformanceFailure.unlessEqual(try await ledger.mode(of: Samples.chat), nil, "the first mode")
            for mode in Mode.allCases + [.ask] {
                try await ledger.setMode(mode, of: Samples.chat)
                try ConformanceFailure.unlessEqual(try await ledger.mode(of: Samples.chat), mode, "the mode")
            }
        },
        .init("A mode belongs to its conversation, thread and account, before and without any message there") { ledger in
            let thread = ConversationID(channel: Samples.channel, chat: Samples.otherChat.chat, thread: "8")
            let account = ConversationID(channel: ChannelID(platform: "test", account: "two"), chat: Samples.chat.chat)
            try await ledger.setMode(.plan, of: Samples.chat)
            try await ledger.setMode(.build, of: Samples.otherChat)
            for other in [thread, account] {
                try ConformanceFailure.unlessEqual(try await ledger.mode(of: other), nil, "the mode of \(other)")
            }
            try ConformanceFailure.unlessEqual(try await ledger.mode(of: Samples.chat), .plan, "the first chat's mode")
            try ConformanceFailure.unlessEqual(try await ledger.mode(of: Samples.otherChat), .build, "the other chat's mode")
            try ConformanceFailure.unlessEqual(try await ledger.turnCounts(), [:], "the counts")
        },
    ]
}
