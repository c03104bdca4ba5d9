// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Logging
@testable import MegaCore
import MegaTesting
import Synchronization
import Testing

@Suite("An approval: one action, once, in time, by the right person")
struct ApprovalStateTests {
    /// A center over a store, with one open request.
    private struct Bench {
        let store: InMemoryStore
        let clock: ManualClock
        let center: ApprovalCenter
        let audit = RecordingAudit()

        init(store: InMemoryStore = InMemoryStore(), clock: ManualClock = ManualClock(), policy: ApprovalPolicy = ApprovalPolicy()) {
            self.store = store
            self.clock = clock
            let writer = LedgerWriter(ledger: store, dependencies: clock.dependencies, logger: .init(label: "test"))
            center = ApprovalCenter(
                writer: writer, dependencies: clock.dependencies, audit: audit, lifetime: .seconds(600), policy: policy, observer: { _ in })
        }

        func turn(_ id: String = "m1") async throws -> TurnID {
            let message = InboundMessage(
                id: id, conversation: ConversationID(platform: "memory", chat: "a"), sender: Participant(id: "ana"), content: [.text("do it")],
                timestamp: clock.date, trust: .owner)
            guard case .accepted(let turn) = try await store.record(message, from: "memory:ana", cursor: nil, at: clock.date) else {
                throw CommandError("not accepted")
            }
            return turn.id
        }

        static func question(_ turn: TurnID, _ call: String = "c", summary: String = "act", effects: ToolEffects = .executes) -> ApprovalQuestion {
            let action = ProposedAction(
                tool: ToolDefinition(name: "act", description: "", effects: effects), arguments: [:], preview: ActionPreview(summary: summary),
                scope: .forTesting(conversation: ConversationID(platform: "memory", chat: "a"), turn: turn), influence: .owner)
            return ApprovalQuestion(call: ToolCall(id: call, name: "act", arguments: [:]), action: action, reason: "asks", kind: .policy)
        }

        func open(_ summary: String = "act") async throws -> (ApprovalRequest, ApprovalQuestion) {
            let question = Self.question(try await turn(), summary: summary)
            return (try #require(try await center.ask([question]).first), question)
        }
    }

    private func error<Result>(_ body: () async throws -> Result) async -> String {
        do {
            _ = try await body()
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test("A used approval does not count again, in this process, for another call, or after a restart with another start")
    func replay() async throws {
        let bench = Bench()
        let (request, question) = try await bench.open()
        let subject = ApprovalSubject(of: question.action)
        #expect(try await bench.center.use(request.id, for: subject, turn: request.turn, callID: "c") == .notApproved)
        _ = try await bench.center.decide(request.shortCode, .once, by: "memory:ana")
        #expect(try await bench.center.use(request.id, for: subject, turn: request.turn, callID: "other") == .notApproved)
        #expect(try await bench.center.use(request.id, for: subject, turn: TurnID(rawValue: 99), callID: "c") == .notApproved)
        #expect(try await bench.center.use(request.id, for: subject, turn: request.turn, callID: "c") == nil)
        #expect(try await bench.center.use(request.id, for: subject, turn: request.turn, callID: "c") == .used)
        #expect(try await bench.store.approval(request.id)?.usedAt != nil)
        #expect(bench.audit.events == ["approval.requested", "approval.decided", "approval.used"])
        #expect(await error { try await bench.center.decide(request.shortCode, .once, by: "memory:ana") }.contains("There is no open request"))
    }

    @Test("An approval for one thing does not hold for another")
    func otherSubject() async throws {
        let bench = Bench()
        let (request, _) = try await bench.open()
        _ = try await bench.center.decide(nil, .once, by: "memory:ana")
        let other = ApprovalSubject(of: Bench.question(request.turn, summary: "act differently").action)
        #expect(try await bench.center.use(request.id, for: other, turn: request.turn, callID: "c") == .changed)
    }

    @Test("An expired request is a no, also when the answer comes at the same moment, and an approval not used in time lapses")
    func expiry() async throws {
        let bench = Bench()
        let (request, question) = try await bench.open()
        async let waited = bench.center.decision(about: request.id)
        try await bench.clock.advance(by: .seconds(600), onceSleeping: 1)
        let answer = await error { try await bench.center.decide(request.shortCode, .once, by: "memory:ana") }
        #expect(answer.contains("expired") || answer.contains("no open request") || answer.contains("answered at the same moment"))
        #expect(try await waited == .expired)
        #expect(try await bench.store.approval(request.id)?.decision == .expired)

        let second = try #require(try await bench.center.ask([Bench.question(request.turn, "d")]).first)
        _ = try await bench.center.decide(second.shortCode, .once, by: "memory:ana")
        bench.clock.advance(by: .seconds(601))
        #expect(try await bench.center.use(second.id, for: ApprovalSubject(of: question.action), turn: second.turn, callID: "d") == .late)
    }

    @Test("A clock that went back ends what was asked")
    func clockBackwards() async throws {
        let bench = Bench(clock: ManualClock(start: Date(timeIntervalSince1970: 1_700_000_000)))
        let (request, _) = try await bench.open()
        let earlier = Bench(store: bench.store, clock: ManualClock(start: Date(timeIntervalSince1970: 1_600_000_000)))
        try await earlier.center.recover()
        #expect(await error { try await earlier.center.decide(request.shortCode, .once, by: "memory:ana") }.contains("clock went back"))
        #expect(try await bench.store.approval(request.id)?.decision == .expired)
    }

    @Test("Of many answers at once exactly one wins, and the others are told", arguments: 0..<20)
    func race(_ round: Int) async throws {
        let bench = Bench()
        let (request, _) = try await bench.open()
        let outcomes = await withTaskGroup(of: (approve: Bool, error: String).self) { group in
            for number in 0..<8 {
                let approve = (number + round) % 2 == 0
                group.addTask {
                    let text = await error {
                        try await bench.center.decide(request.shortCode, approve ? .once : .deny(reason: nil), by: PersonID(rawValue: "p\(number)"))
                    }
                    return (approve, text)
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let winners = outcomes.filter(\.error.isEmpty)
        #expect(winners.count == 1)
        #expect(try await bench.store.approval(request.id)?.decision?.isApproved == winners.first?.approve)
        for loser in outcomes where !loser.error.isEmpty {
            #expect(loser.error.contains("at the same moment") || loser.error.contains("no open request"))
        }
    }

    @Test("Restart while open, approved, used, refused and expired: each is what it was")
    func restarts() async throws {
        let bench = Bench()
        let turn = try await bench.turn()
        var requests: [String: ApprovalRequest] = [:]
        for name in ["open", "approved", "used", "denied", "expired"] {
            requests[name] = try await bench.center.ask([Bench.question(turn, name)]).first
        }
        let (approved, used) = (try #require(requests["approved"]), try #require(requests["used"]))
        _ = try await bench.center.decide(approved.shortCode, .once, by: "memory:ana")
        _ = try await bench.center.decide(used.shortCode, .once, by: "memory:ana")
        let subject = ApprovalSubject(of: Bench.question(turn).action)
        #expect(try await bench.center.use(used.id, for: subject, turn: turn, callID: "used") == nil)
        _ = try await bench.center.decide(requests["denied"]?.shortCode, .deny(reason: "no"), by: "memory:ana")
        _ = try await bench.center.settle([try #require(requests["expired"]).id], .expired)

        let next = Bench(store: bench.store, clock: bench.clock)
        try await next.center.recover()
        #expect(await next.center.open.map(\.callID) == ["open"])
        #expect(try await next.center.decision(about: approved.id) == .approved(by: "memory:ana"))
        #expect(try await next.center.use(approved.id, for: subject, turn: turn, callID: "approved") == nil)
        #expect(try await next.center.use(approved.id, for: subject, turn: turn, callID: "approved") == .used)
        for name in ["denied", "expired"] {
            let request = try #require(requests[name])
            #expect(try await next.center.decision(about: request.id).isApproved == false)
            #expect(try await next.center.use(request.id, for: subject, turn: turn, callID: name) == .notApproved)
        }
        // The journal decides whether a used one may start again; the center only lets the very same call through, once.
        #expect(try await next.center.use(used.id, for: subject, turn: turn, callID: "other") == .notApproved)
    }

    @Test("Codes: any case, never a part of one, never an answer written before the question, never a code that was used lately")
    func codes() async throws {
        let bench = Bench()
        let (request, _) = try await bench.open()
        let code = request.shortCode
        for wrong in [String(code.dropLast()), code + "A", code + " ", "", "*", "all", "yes", String(code.reversed()) == code ? "AAAA" : String(code.reversed())] {
            #expect(await error { try await bench.center.decide(wrong, .once, by: "memory:ana") }.contains("no open request"), "\(wrong)")
        }
        #expect(await error { try await bench.center.decide(code, .once, by: "memory:ana", askedBefore: request.createdAt - 1) }.contains("came after you wrote"))
        #expect(await bench.center.open.count == 1)
        _ = try await bench.center.decide(code.lowercased(), .deny(reason: nil), by: "memory:ana")
        var seen: Set<String> = [code]
        for number in 0..<300 {
            let other = try #require(try await bench.center.ask([Bench.question(request.turn, "n\(number)")]).first)
            #expect(seen.insert(other.shortCode).inserted)
        }
    }

    @Test("Two persons: two accounts of one person count once, one alone decides nothing, votes survive a restart, one no is enough")
    func twoPersons() async throws {
        let policy = ApprovalPolicy(classes: [.init("acts", effects: .executes, approvers: 2, separatesDuties: true)])
        let bench = Bench(policy: policy)
        let (request, _) = try await bench.open()
        #expect(request.approvers == 2 && request.separatesDuties)
        #expect(await error { try await bench.center.decide(nil, .once, by: "memory:ana") }.contains("another person has to"))
        guard case .counted(_, let missing) = try await bench.center.decide(nil, .once, by: "bo") else {
            Issue.record("one yes decided")
            return
        }
        #expect(missing == 1)
        #expect(await error { try await bench.center.decide(nil, .once, by: "bo") }.contains("approved \(request.shortCode) already"))
        #expect(await error { try await bench.center.decide(nil, .grant(GrantTerms()), by: "cy") }.contains("keeps no grants"))
        let next = Bench(store: bench.store, clock: bench.clock, policy: policy)
        try await next.center.recover()
        #expect(await next.center.open.first?.votes.map(\.person) == ["bo"])
        guard case .decided(let decided, _) = try await next.center.decide(nil, .once, by: "cy") else {
            Issue.record("the second yes did not decide")
            return
        }
        #expect(decided.first?.votes.map(\.person) == ["bo", "cy"])
        let other = try #require(try await next.center.ask([Bench.question(request.turn, "d")]).first)
        _ = try await next.center.decide(other.shortCode, .once, by: "bo")
        _ = try await next.center.decide(other.shortCode, .deny(reason: nil), by: "memory:ana")
        #expect(try await bench.store.approval(other.id)?.decision?.isApproved == false)
    }

    @Test("Two yeses for two persons at the same moment both count", arguments: 0..<10)
    func twoPersonsAtOnce(_ round: Int) async throws {
        let bench = Bench(policy: ApprovalPolicy(classes: [.init("acts", effects: .executes, approvers: 2)]))
        let (request, _) = try await bench.open()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for person in ["bo", "cy"] { group.addTask { _ = try await bench.center.decide(request.shortCode, .once, by: PersonID(rawValue: person)) } }
            try await group.waitForAll()
        }
        #expect(try await bench.store.approval(request.id)?.decision?.isApproved == true)
        #expect(try await bench.store.approval(request.id)?.votes.count == 2)
    }

    @Test("An answer that was not offered is refused and decides nothing", arguments: ["for", "maybe", "x", "x0x", "for 30", "for 30m 20", "as ls", "for 30m as", "always", "for 30m for 1h", "x2 x3"])
    func notOffered(_ words: String) async throws {
        let arguments = ["AAAA"] + words.split(separator: " ").map(String.init)
        #expect(throws: CommandError.self) { try ApprovalArguments(arguments) }
    }

    @Test("Terms are read as they are written")
    func terms() throws {
        #expect(try ApprovalArguments([]) == ApprovalArguments([]))
        #expect(try ApprovalArguments(["k7m3"]).terms == nil)
        #expect(try ApprovalArguments(["K7M3", "for", "30m"]).terms == GrantTerms(seconds: 1800))
        #expect(try ApprovalArguments(["K7M3", "x5", "FOR", "2h"]).terms == GrantTerms(seconds: 7200, uses: 5))
        #expect(try ApprovalArguments(["K7M3", "for", "1d", "as", "ls", "-l", "*"]).terms == GrantTerms(seconds: 86_400, pattern: ["ls", "-l", "*"]))
    }
}
