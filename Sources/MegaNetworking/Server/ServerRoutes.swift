// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaCore
import NIOHTTP1
import Synchronization

/// Which endpoint answers a request, and whether the request may have it.
final class ServerRoutes: Sendable {
    /// A WebSocket endpoint with its count of open connections.
    final class Slot: Sendable {
        let endpoint: WebSocketEndpoint
        private let open = Mutex(0)

        init(_ endpoint: WebSocketEndpoint) { self.endpoint = endpoint }

        /// Takes one of the endpoint's connections; false when all are taken.
        func reserve() -> Bool {
            open.withLock { open in
                guard open < endpoint.connectionLimit else { return false }
                open += 1
                return true
            }
        }

        func release() { open.withLock { $0 -= 1 } }
    }

    enum Route: Sendable {
        case http(HTTPEndpoint)
        case webSocket(Slot)
    }

    struct Refusal: Error, Sendable {
        var status: HTTPResponseStatus
        var reason: String
        var headers: [(String, String)] = []
    }

    private let webSockets: [String: Slot]
    private let http: [String: [HTTPEndpoint]]
    private let allowedHosts: Set<String>

    init(webSockets: [WebSocketEndpoint], http: [HTTPEndpoint], allowedHosts: Set<String>) {
        self.webSockets = Dictionary(webSockets.map { ($0.path, Slot($0)) }, uniquingKeysWith: { first, _ in first })
        self.http = Dictionary(grouping: http, by: \.path)
        self.allowedHosts = allowedHosts
    }

    /// - Parameter port: The port the request came in at; nil for a socket without one.
    func route(_ head: HTTPRequestHead, port: Int?, bodyLimit: Int) -> Result<Route, Refusal> {
        let path = String(head.uri.prefix { $0 != "?" })
        let hosts = head.headers["host"]
        guard hosts.count == 1, let host = HostAuthority(hosts[0]) else {
            return .failure(Refusal(status: .badRequest, reason: "one Host header is needed"))
        }
        let endpoints = http[path] ?? []
        if let slot = webSockets[path], WebSocketHandshake.asksForUpgrade(head.headers) || endpoints.isEmpty {
            return route(head, host: host, port: port, to: slot)
        }
        guard host.isNamed(in: allowedHosts, ownPort: port) else {
            return .failure(Refusal(status: .forbidden, reason: Self.wrongHost))
        }
        guard !endpoints.isEmpty else { return .failure(Refusal(status: .notFound, reason: "nothing is here")) }
        guard let endpoint = endpoints.first(where: { $0.method.rawValue == head.method.rawValue }) else {
            let allowed = endpoints.map(\.method.rawValue).joined(separator: ", ")
            return .failure(
                Refusal(status: .methodNotAllowed, reason: "only \(allowed) is answered here", headers: [("Allow", allowed)]))
        }
        if let length = head.headers.first(name: "content-length").flatMap(Int.init), length > bodyLimit {
            return .failure(Refusal(status: .payloadTooLarge, reason: "the body has more than \(bodyLimit) bytes"))
        }
        return .success(.http(endpoint))
    }

    private static let wrongHost = "this server does not answer to that Host and port; its owner can allow them"

    private func route(_ head: HTTPRequestHead, host: HostAuthority, port: Int?, to slot: Slot) -> Result<Route, Refusal> {
        guard host.isNamed(in: slot.endpoint.allowedHosts, ownPort: port) else {
            return .failure(Refusal(status: .forbidden, reason: Self.wrongHost))
        }
        let origins = head.headers["origin"]
        guard origins.isEmpty || (origins.count == 1 && slot.endpoint.allowedOrigins.contains(origins[0])) else {
            return .failure(Refusal(status: .forbidden, reason: "pages of that Origin may not connect"))
        }
        guard WebSocketHandshake.asksForUpgrade(head.headers) else {
            return .failure(
                Refusal(
                    status: .upgradeRequired, reason: "this path is a WebSocket",
                    headers: [("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13")]))
        }
        if let (status, reason) = WebSocketHandshake.flaw(in: head) {
            return .failure(Refusal(status: status, reason: reason, headers: [("Sec-WebSocket-Version", "13")]))
        }
        return .success(.webSocket(slot))
    }
}
