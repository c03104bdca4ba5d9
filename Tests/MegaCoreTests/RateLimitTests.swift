// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import MegaTesting
import Synchronization
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("Rate limits") struct RateLimitTests {
    @Test("A bucket lets bursts pass, then the rate, and counts refusals in a row") func bucket() {
        let limit = RateLimit(2, per: .seconds(1), burst: 3)
        var bucket = TokenBucket(limit, now: .zero)
        #expect((0..<3).allSatisfy { _ in bucket.take(limit, now: .zero) == .pass })
        #expect(bucket.take(limit, now: .zero) == .wait(.milliseconds(500), isFirst: true))
        #expect(bucket.take(limit, now: .milliseconds(500)) == .pass)
        #expect(bucket.take(limit, now: .milliseconds(250)) == .wait(.milliseconds(500), isFirst: true), "a clock set back refills nothing")
        #expect(bucket.take(limit, now: .milliseconds(250)) == .wait(.milliseconds(500), isFirst: false))
        #expect(bucket.refusals == 2)
        #expect((0..<3).allSatisfy { _ in bucket.take(limit, now: .seconds(100)) == .pass })
        #expect(bucket.take(limit, now: .seconds(100)) == .wait(.milliseconds(500), isFirst: true), "a long pause fills no more than the burst")
        bucket.refund(limit)
        #expect(bucket.take(limit, now: .seconds(100)) == .pass)
    }

    @Test("Who reserves waits their turn, one behind the other, and takes nothing when it would be too long") func reserving() {
        let limit = RateLimit(1, per: .seconds(1), burst: 1)
        var bucket = TokenBucket(limit, now: .zero)
        #expect(bucket.reserve(limit, now: .zero, most: .seconds(3)) == .pass)
        for number in 1...3 { #expect(bucket.reserve(limit, now: .zero, most: .seconds(3)) == .wait(.seconds(number), isFirst: number == 1)) }
        for _ in 0..<5 { #expect(bucket.reserve(limit, now: .zero, most: .seconds(3)) == .wait(.seconds(4), isFirst: false)) }
        #expect(bucket.reserve(limit, now: .seconds(1), most: .seconds(3)) == .wait(.seconds(3), isFirst: false))
    }

    @Test("Over any time no more pass than burst and rate allow, and no fewer than the rate when always asked", arguments: 1...8)
    func bound(_ seed: UInt64) {
        var state = seed
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let limit = RateLimit(random(20) + 1, per: .milliseconds(random(900) + 100), burst: random(30) + 1)
        var bucket = TokenBucket(limit, now: .zero)
        var now = Duration.zero
        var passes: [Duration] = []
        for _ in 0..<3000 {
            now += .milliseconds(random(40))
            if bucket.take(limit, now: now) == .pass { passes.append(now) }
        }
        for (index, start) in passes.enumerated().filter({ $0.offset.isMultiple(of: 17) }) {
            for end in stride(from: index, to: min(passes.count, index + 400), by: 13) {
                let seconds = Double((passes[end] - start).components.attoseconds) * 1e-18 + Double((passes[end] - start).components.seconds)
                #expect(Double(end - index + 1) <= Double(limit.burst) + limit.perSecond * seconds + 1.000001)
            }
        }
    }

    @Test("Memory is bounded: full buckets go, a flood of keys shares one, and nobody who was held back gets a new one") func eviction() {
        var limiter = RateLimiter<Int>(RateLimit(10, per: .seconds(10), burst: 2), capacity: 100)
        #expect(limiter.take(-1, now: .zero) == .pass && limiter.take(-1, now: .zero) == .pass)
        var passed = 0
        for key in 0..<100_000 where limiter.take(key, now: .milliseconds(1)) == .pass { passed += 1 }
        #expect(limiter.count <= 100)
        #expect(passed <= 99 + 2, "newcomers share a bucket once all are in use")
        guard case .wait = limiter.take(-1, now: .milliseconds(2)) else { return #expect(Bool(false), "it was held back and is no more") }
        // Later all are full again, and forgotten when room is needed.
        #expect(limiter.take(200_000, now: .seconds(100)) == .pass)
        #expect(limiter.count <= 2)
    }

    @Test("Several subjects are counted together: all of them or none") func together() {
        let table = RequestLimits.Table(
            person: RateLimit(5, per: .seconds(60)), channel: RateLimit(2, per: .seconds(60)),
            endpoints: ["/": RateLimit(100, per: .seconds(60)), "/api/v1/security": RateLimit(1, per: .seconds(60))])
        var limits = RequestLimits(table)
        let channel = ChannelID(platform: "test")
        #expect(limits.take([.person("ana"), .channel(channel)], now: .zero) == .pass)
        #expect(limits.take([.person("ana"), .channel(channel)], now: .zero) == .pass)
        for _ in 0..<10 {
            guard case .wait = limits.take([.person("ana"), .channel(channel)], now: .zero) else { return #expect(Bool(false)) }
        }
        // The refused ones took nothing from the person.
        for _ in 0..<3 { #expect(limits.take([.person("ana")], now: .zero) == .pass) }
        guard case .wait = limits.take([.person("ana")], now: .zero) else { return #expect(Bool(false)) }
        #expect(limits.take([.endpoint("/api/v1/security/approve/7", client: "a")], now: .zero) == .pass)
        guard case .wait = limits.take([.endpoint("/api/v1/security", client: "a")], now: .zero) else { return #expect(Bool(false)) }
        #expect(limits.take([.endpoint("/api/v1/security", client: "b")], now: .zero) == .pass)
        #expect(limits.take([.endpoint("/api/v1/securityx", client: "a"), .connection(.direct, client: "a")], now: .zero) == .pass)
    }

    @Test("The class of a connection follows from its address alone", arguments: [
        ("127.0.0.1", ConnectionClass.local), ("::1", .local), ("::ffff:127.0.0.1", .local), ("10.1.2.3", .vpn), ("100.64.0.1", .vpn),
        ("fd00::1", .vpn), ("::ffff:192.168.0.9", .vpn), ("93.184.216.34", .direct), ("2606:4700::1", .direct),
    ])
    func classes(_ text: String, _ expected: ConnectionClass) throws {
        #expect(ConnectionClass(try #require(IPAddress(text))) == expected)
        #expect(RequestLimits.Table.reference.connections[expected] != nil)
    }

    // MARK: As middleware

    private func turn(_ id: Int64, _ trust: TrustLabel = .known, person: PersonID = "ana") -> Turn {
        let conversation = ConversationID(platform: "test", chat: "c")
        let message = InboundMessage(
            id: "m\(id)", conversation: conversation, sender: Participant(id: "s"), content: [.text("x")], timestamp: Date(), trust: trust)
        return Turn(id: TurnID(rawValue: id), message: message, person: person, receivedAt: Date(), updatedAt: Date())
    }

    @Test("What is over the limit waits with one notice, what would wait too long is answered, nothing is silent; the owner is free") func middleware() async throws {
        let now = Mutex(Date(timeIntervalSinceReferenceDate: 1000))
        let dependencies = Dependencies(clock: ContinuousClock(), now: { now.withLock { $0 } }, randomBytes: Dependencies.live.randomBytes)
        let audit = RecordingAudit()
        let middleware = RateLimitMiddleware(
            limits: .init(known: RateLimit(60, per: .seconds(60), burst: 2), channel: nil, longestWait: .seconds(3)), audit: audit,
            dependencies: dependencies)
        var waits: [Duration] = [], notices = 0, answers = 0, passes = 0
        for number in 1...9 {
            switch try await middleware.handle(turn(Int64(number))) {
            case .proceed: passes += 1
            case .wait(let time, let notice):
                waits.append(time)
                if notice != nil { notices += 1 }
            case .answer(let text, _):
                answers += 1
                #expect(text.contains("again"))
            case .drop: #expect(Bool(false), "dropped")
            }
        }
        #expect(passes == 2 && waits == [.seconds(1), .seconds(2), .seconds(3)] && notices == 1 && answers == 4)
        #expect(audit.records(of: .rateLimited).count == 5)
        for number in 10...300 {
            guard case .proceed = try await middleware.handle(turn(Int64(number), .owner, person: "owner")) else { return #expect(Bool(false)) }
        }
        now.withLock { $0 += 60 }
        guard case .proceed = try await middleware.handle(turn(400)) else { return #expect(Bool(false)) }
    }
}

@Suite("Allow-lists of addresses") struct IPAllowListTests {
    @Test("Networks of both versions hold what they should, IPv4 also when mapped", arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.0.0.0/8", "::ffff:10.1.2.3", true),
        ("::ffff:10.0.0.0/104", "10.9.9.9", true), ("::ffff:10.0.0.0/104", "11.0.0.0", false), ("::ffff:10.0.0.1", "10.0.0.1", true),
        ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false), ("192.0.2.7/32", "192.0.2.7", true), ("0.0.0.0/0", "8.8.8.8", true),
        ("0.0.0.0/0", "2001:db8::1", false), ("::/0", "2001:db8::1", true), ("::/0", "8.8.8.8", false), ("2001:db8::/32", "2001:db8:ffff::1", true),
        ("2001:db8::/32", "2001:db9::1", false), ("192.168.1.128/25", "192.168.1.127", false), ("192.168.1.128/25", "192.168.1.200", true),
        ("fe80::/10", "fe80::1%eth0", true), ("10.0.0.0/8", "nonsense", false), ("10.0.0.0/8", "", false), ("10.0.0.0/8", "10.0.0.1.", false),
    ])
    func contains(_ entry: String, _ address: String, _ expected: Bool) throws {
        #expect(try IPAllowList([entry]).contains(address) == expected)
    }

    @Test("What is no network is refused whole", arguments: [
        "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/8/8", "10.0.0.0/+8", "10.0.0.0/-1", "10.0.0/8", "2001:db8::/129", "::ffff:10.0.0.0/95", "host", "10.0.0.1:80",
        " 10.0.0.1", "0x0a.0.0.1", "010.0.0.1", "10.0.0.0/08x", "10.0.0.0/0000008",
    ])
    func refuses(_ entry: String) { #expect(throws: IPAllowListError.self) { try IPAllowList(["10.0.0.1", entry]) } }

    @Test("An empty list holds nothing") func empty() throws { #expect(try !IPAllowList([]).contains("127.0.0.1")) }
}
