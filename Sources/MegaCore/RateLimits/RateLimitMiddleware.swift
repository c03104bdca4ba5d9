// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Holds people and channels to a rate. What is over it is not lost: it waits for its turn, with one notice to the person, and what
/// would have to wait too long is answered with when to send it again.
///
/// Messages wait without taking anybody's place at work. After a restart they are counted anew.
public final class RateLimitMiddleware: MessageMiddleware {
    /// The limits; nil means none.
    public struct Limits: Sendable, Hashable {
        /// Messages of one known person.
        public var known: RateLimit?
        /// Messages of one stranger, where strangers are answered.
        public var unknown: RateLimit?
        /// Messages of one channel, whoever they are from; the owner's are not counted.
        public var channel: RateLimit?
        /// Messages of the owner.
        public var owner: RateLimit?
        /// The longest a message waits; what would wait longer is answered with a refusal.
        public var longestWait: Duration

        /// Makes limits; the defaults leave the owner alone.
        public init(
            known: RateLimit? = RateLimit(60, per: .seconds(60), burst: 20), unknown: RateLimit? = RateLimit(10, per: .seconds(60), burst: 5),
            channel: RateLimit? = RateLimit(1200, per: .seconds(60), burst: 300), owner: RateLimit? = nil,
            longestWait: Duration = .seconds(120)
        ) {
            self.known = known
            self.unknown = unknown
            self.channel = channel
            self.owner = owner
            self.longestWait = longestWait
        }
    }

    private struct State {
        var people: [TrustLabel: RateLimiter<PersonID>] = [:]
        var channels: RateLimiter<ChannelID>?
    }

    private let limits: Limits
    private let dependencies: Dependencies
    private let audit: any AuditSink
    private let state: Mutex<State>

    /// Makes the middleware; put it first.
    public init(limits: Limits = Limits(), audit: any AuditSink = NoAudit(), dependencies: Dependencies = .live) {
        self.limits = limits
        self.dependencies = dependencies
        self.audit = audit
        var state = State()
        state.people[.owner] = limits.owner.map { RateLimiter($0) }
        state.people[.known] = limits.known.map { RateLimiter($0) }
        state.people[.unknown] = limits.unknown.map { RateLimiter($0) }
        state.channels = limits.channel.map { RateLimiter($0, capacity: 1000) }
        self.state = Mutex(state)
    }

    /// See ``MessageMiddleware/handle(_:)``.
    public func handle(_ turn: Turn) async throws -> MiddlewareDecision {
        let now = Duration.seconds(dependencies.now().timeIntervalSinceReferenceDate)
        let most = limits.longestWait
        let verdict = state.withLock { state -> TokenBucket.Verdict in
            let trust = turn.message.trust
            var verdict = state.people[trust]?.reserve(turn.person, now: now, most: most) ?? .pass
            if trust != .owner, let channel = state.channels?.reserve(turn.message.conversation.channel, now: now, most: most) {
                verdict = Self.longer(verdict, channel)
            }
            return verdict
        }
        guard case .wait(let time, let isFirst) = verdict else { return .proceed(turn) }
        let seconds = max(1, Int(time.timeInterval.rounded(.up)))
        let isRefused = time > most
        if isFirst || isRefused { try await note(turn, seconds: seconds, isRefused: isRefused) }
        if isRefused {
            return .answer(
                "That was more than I take at once, so I did not work on this message. Send it again in about \(seconds) s.", kind: .notice)
        }
        return .wait(
            time, notice: isFirst ? "That is more than I take at once. Nothing is lost: I go on with your messages in about \(seconds) s." : nil)
    }

    private func note(_ turn: Turn, seconds: Int, isRefused: Bool) async throws {
        try await audit.note(
            AuditRecord(
                .rateLimited, at: dependencies.now(), turn: turn.id, person: turn.person,
                details: [
                    "channel": turn.message.conversation.channel.description, "seconds": "\(seconds)",
                    "result": isRefused ? "refused with an answer" : "waits",
                ]))
    }

    private static func longer(_ left: TokenBucket.Verdict, _ right: TokenBucket.Verdict) -> TokenBucket.Verdict {
        switch (left, right) {
        case (.wait(let one, let isFirst), .wait(let other, let isOtherFirst)): .wait(max(one, other), isFirst: isFirst || isOtherFirst)
        case (.wait, .pass): left
        case (.pass, _): right
        }
    }
}
