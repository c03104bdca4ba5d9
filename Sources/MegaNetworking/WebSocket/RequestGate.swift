// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import NIOCore
import NIOHTTP1
import Synchronization

/// Counts the requests of a server's clients by where they come from and what they ask for.
///
/// A client is an address; of IPv6 the first 64 bits, since whoever has one such address has all of them.
final class RequestGate: Sendable {
    private let limits: Mutex<RequestLimits>
    private let elapsed: @Sendable () -> Duration

    init(_ table: RequestLimits.Table, clock: some Clock<Duration>) {
        limits = Mutex(RequestLimits(table))
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
    }

    /// Whether a request may be answered.
    func take(_ head: HTTPRequestHead, from remote: SocketAddress?) -> TokenBucket.Verdict {
        let address = remote?.ipAddress.flatMap { IPAddress($0.prefix { $0 != "%" }) }
        let client = address.map(Self.client) ?? "local"
        let path = String(head.uri.prefix { $0 != "?" })
        let origin = address.map { ConnectionClass($0) } ?? .local
        let now = elapsed()
        return limits.withLock { $0.take([.connection(origin, client: client), .endpoint(path, client: client)], now: now) }
    }

    private static func client(_ address: IPAddress) -> String {
        let address = address.canonical
        let bytes = address.version == .v6 ? Array(address.bytes.prefix(8)) : address.bytes
        return bytes.map { String($0) }.joined(separator: ".")
    }
}
