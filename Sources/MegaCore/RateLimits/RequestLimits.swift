// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Limits of requests by who asks, from where and for what, all at once.
public struct RequestLimits: Sendable {
    /// Who or what is counted.
    public enum Subject: Sendable, Hashable {
        case person(PersonID)
        case channel(ChannelID)
        /// A path or method, for one client.
        case endpoint(String, client: String)
        case connection(ConnectionClass, client: String)
    }

    /// The limits; a kind without one is not counted.
    public struct Table: Sendable, Hashable {
        /// Messages of one person.
        public var person: RateLimit?
        /// Messages of one channel.
        public var channel: RateLimit?
        /// Requests of one client by endpoint, longest prefix first.
        public var endpoints: [String: RateLimit]
        /// Requests of one client by where it comes from.
        public var connections: [ConnectionClass: RateLimit]

        /// Makes a table.
        public init(
            person: RateLimit? = nil, channel: RateLimit? = nil, endpoints: [String: RateLimit] = [:],
            connections: [ConnectionClass: RateLimit] = [:]
        ) {
            self.person = person
            self.channel = channel
            self.endpoints = endpoints
            self.connections = connections
        }

        /// The reference system's numbers, per client and minute: local 1000, VPN 500, tunnel and direct 100; messages 500, security 100,
        /// anything else 1000.
        public static let reference = Table(
            endpoints: [
                "/": RateLimit(1000, per: .seconds(60)), "/api/v1/messages": RateLimit(500, per: .seconds(60)),
                "/api/v1/security": RateLimit(100, per: .seconds(60)),
            ],
            connections: [
                .local: RateLimit(1000, per: .seconds(60)), .vpn: RateLimit(500, per: .seconds(60)),
                .tunnel: RateLimit(100, per: .seconds(60)), .direct: RateLimit(100, per: .seconds(60)),
            ])

        /// The limit of a subject, and under what it is counted: every path below an endpoint's counts as that endpoint.
        func limit(of subject: Subject) -> (limit: RateLimit, counted: Subject)? {
            switch subject {
            case .person: return person.map { ($0, subject) }
            case .channel: return channel.map { ($0, subject) }
            case .connection(let kind, _): return connections[kind].map { ($0, subject) }
            case .endpoint(let path, let client):
                let entry = endpoints.filter { path == $0.key || path.hasPrefix($0.key.hasSuffix("/") ? $0.key : $0.key + "/") }
                    .max { $0.key.utf8.count < $1.key.utf8.count }
                return entry.map { ($0.value, .endpoint($0.key, client: client)) }
            }
        }
    }

    private let table: Table
    private let capacity: Int
    private var limiters: [RateLimit: RateLimiter<Subject>] = [:]

    /// - Parameter capacity: Subjects of one limit counted at once.
    public init(_ table: Table, capacity: Int = 10_000) {
        self.table = table
        self.capacity = capacity
    }

    /// Takes a token for every subject, or for none when one of them has none left; then the longest wait is returned.
    public mutating func take(_ subjects: [Subject], now: Duration) -> TokenBucket.Verdict {
        var taken: [(RateLimit, Subject)] = []
        for subject in subjects {
            guard let (limit, subject) = table.limit(of: subject) else { continue }
            let verdict = limiters[limit, default: RateLimiter(limit, capacity: capacity)].take(subject, now: now)
            guard verdict == .pass else {
                for (limit, subject) in taken { limiters[limit]?.refund(subject) }
                return verdict
            }
            taken.append((limit, subject))
        }
        return .pass
    }
}
