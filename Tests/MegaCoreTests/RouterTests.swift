// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
@testable import MegaCore
import Synchronization
import Testing

@Suite("Routing turns to sessions")
struct RouterTests {
    private func turn(_ id: Int64, _ chat: String) -> Turn {
        let message = InboundMessage(
            id: "\(id)", conversation: ConversationID(platform: "memory", chat: chat), sender: Participant(id: "ana"),
            content: [.text("t\(id)")], timestamp: .now)
        return Turn(id: TurnID(rawValue: id), message: message, person: "p", receivedAt: .now, updatedAt: .now)
    }

    private func id(_ job: Router.Job?) -> Int64? {
        switch job {
        case .command(let turn): turn.id.rawValue
        case .work(_, .loaded(let turn)): turn.id.rawValue
        case .work(_, .stored(let id)): id.rawValue
        case nil: nil
        }
    }

    @Test("conversations take turns, and one conversation is never worked on twice at once")
    func fair() async {
        let router = Router(limits: Router.Limits(concurrentTurns: 8))
        for number in 1...5 { await router.add(turn(Int64(number), "flood"), isCommand: false) }
        await router.add(turn(10, "quiet"), isCommand: false)
        #expect(id(await router.next()) == 1)
        #expect(id(await router.next()) == 10)
        await router.workEnded(in: turn(1, "flood").message.conversation)
        #expect(id(await router.next()) == 2)
        #expect(await router.load.running == 2)
    }

    @Test("the limit of turns at work holds, and a turn that waits for a person gives its place away")
    func limit() async {
        let router = Router(limits: Router.Limits(concurrentTurns: 1))
        await router.add(turn(1, "a"), isCommand: false)
        await router.add(turn(2, "b"), isCommand: false)
        #expect(id(await router.next()) == 1)
        let second = Task { await router.next() }
        for _ in 0..<100 { await Task.yield() }
        #expect(await router.load.waiting == 1)
        await router.pause()
        #expect(id(await second.value) == 2)
    }

    @Test("a turn can be stopped while it waits, is taken up or runs, but not one that came after the command")
    func stops() async {
        let router = Router(limits: Router.Limits())
        let conversation = turn(1, "a").message.conversation
        #expect(await router.stoppable(in: conversation, before: TurnID(rawValue: 9)) == nil)
        await router.add(turn(3, "a"), isCommand: false)
        #expect(await router.stoppable(in: conversation, before: TurnID(rawValue: 2)) == nil)
        #expect(await router.stoppable(in: conversation, before: TurnID(rawValue: 4)) == TurnID(rawValue: 3))
        await router.stop(TurnID(rawValue: 3), in: conversation)
        _ = await router.next()
        let cancelled = Mutex(0)
        await router.setRunning(.init(turn: TurnID(rawValue: 3), cancel: { cancelled.withLock { $0 += 1 } }), in: conversation)
        #expect(cancelled.withLock { $0 } == 1)
        await router.stop(TurnID(rawValue: 3), in: conversation)
        #expect(cancelled.withLock { $0 } == 2)
        await router.workEnded(in: conversation)
        await router.add(turn(5, "a"), isCommand: false)
        _ = await router.next()
        await router.setRunning(.init(turn: TurnID(rawValue: 5), cancel: { cancelled.withLock { $0 += 1 } }), in: conversation)
        #expect(cancelled.withLock { $0 } == 2)
    }

    @Test("a command overtakes waiting work but not the work given before it is started after it")
    func commands() async {
        let router = Router(limits: Router.Limits())
        await router.add(turn(1, "a"), isCommand: false)
        await router.add(turn(2, "a"), isCommand: false)
        await router.add(turn(3, "a"), isCommand: true)
        await router.add(turn(4, "a"), isCommand: false)
        let conversation = turn(1, "a").message.conversation
        #expect(id(await router.next()) == 3)
        #expect(id(await router.next()) == 1)
        await router.workEnded(in: conversation)
        #expect(id(await router.next()) == 2)
        await router.workEnded(in: conversation)
        // Turn 4 came after the command, which is still running.
        let fourth = Task { await router.next() }
        for _ in 0..<100 { await Task.yield() }
        #expect(await router.load.waiting == 1)
        await router.commandEnded(in: conversation)
        #expect(id(await fourth.value) == 4)
        await router.workEnded(in: conversation)
        #expect(await router.load.sessions == 0)
        #expect(await router.isDrained)
    }

    @Test("waiting turns past the limit hold the sender back until there is room")
    func backPressure() async throws {
        let router = Router(limits: Router.Limits(waitingTurns: 2))
        await router.add(turn(1, "a"), isCommand: false)
        await router.add(turn(2, "b"), isCommand: false)
        let reserved = Task { try await router.reserve() }
        for _ in 0..<100 { await Task.yield() }
        _ = await router.next()
        try await reserved.value
        await router.stopAccepting()
        await #expect(throws: ShutdownError.self) { try await router.reserve() }
    }

    @Test("a long queue keeps only numbers of its later turns in memory")
    func bounded() async {
        var session = Session()
        for number in 1...10 { session.addWork(turn(Int64(number), "a"), loadedLimit: 4) }
        var loaded = 0
        for number in 1...10 {
            switch session.startWork() {
            case .loaded(let turn):
                loaded += 1
                #expect(turn.id.rawValue == Int64(number))
            case .stored(let id): #expect(id.rawValue == Int64(number))
            case nil: Issue.record("nothing to start")
            }
            #expect(session.startWork() == nil)
            session.workEnded()
        }
        #expect(loaded == 4 && session.isIdle)
    }
}
