// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import CLauncher
import MegaCore
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// An HTTP proxy that lets one sandbox reach the destinations of a policy and nothing else.
///
/// It listens in the sandbox's network and connects in the host's. A tunnel must be TLS for the very name that was asked for; a plain
/// request gets the host it was allowed for and ends its connection. Names are resolved once, every address is checked, and the
/// connection goes to a checked address. Each connection has a thread; there are at most ``limit`` at once.
final class EgressProxy: Sendable {
    /// Connections at once; more are closed.
    static let limit = 64
    private static let headTime = 15_000
    private static let connectTime = 10_000
    private static let idleTime = 120_000

    private let decision: EgressDecision
    private let stopEvent: Descriptor
    private let active = Atomic<Int>(0)

    init(policy: EgressPolicy, resolver: @escaping EgressDecision.Resolver = EgressDecision.system) throws {
        decision = EgressDecision(policy: policy, resolver: resolver)
        stopEvent = try Descriptor(owning: mega_event())
    }

    /// Takes connections until ``stop()``.
    func start(on listener: Descriptor) throws {
        try OwnThread.start { self.listen(listener) }
    }

    /// Ends all connections.
    func stop() {
        var bytes: [UInt8] = Array(repeating: 0, count: 8)
        bytes[0] = 1
        do { try stopEvent.write(bytes) } catch { assertionFailure("an event cannot be full: \(error)") }
    }

    private func listen(_ listener: Descriptor) {
        while true {
            var polls = [Self.interest(listener, POLLIN), Self.interest(stopEvent, POLLIN)]
            guard poll(&polls, 2, -1) >= 0 || errno == EINTR, polls[1].revents == 0 else { return }
            guard polls[0].revents != 0, let client = try? Descriptor(owning: mega_accept(listener.number)) else {
                if polls[0].revents & ~Int16(POLLIN) != 0 { return }
                continue
            }
            guard active.wrappingAdd(1, ordering: .relaxed).newValue <= Self.limit else {
                active.wrappingSubtract(1, ordering: .relaxed)
                continue
            }
            do {
                try OwnThread.start {
                    self.serve(client)
                    self.active.wrappingSubtract(1, ordering: .relaxed)
                }
            } catch {
                active.wrappingSubtract(1, ordering: .relaxed)
            }
        }
    }

    // MARK: - One connection

    private func serve(_ client: Descriptor) {
        do {
            let (head, rest) = try readHead(client)
            let request = try ProxyRequest(head: head)
            let addresses = try decision.addresses(host: request.host, port: request.port)
            let server = try connect(addresses, port: request.port)
            switch request.kind {
            case .tunnel: try tunnel(client, server, host: request.host, first: rest)
            case .plain(let head, let count): try exchange(client, server, head: head, body: rest, count: count)
            }
        } catch let refusal as ProxyRequest.Refusal {
            let text = "\(refusal.reason)\n"
            let answer = "HTTP/1.1 \(refusal.status) Refused\r\nContent-Type: text/plain; charset=utf-8\r\n"
                + "Content-Length: \(text.utf8.count)\r\nConnection: close\r\n\r\n\(text)"
            // The client may be gone, and then nobody needs the answer.
            try? write(Array(answer.utf8), to: client)
        } catch {
            // The connection broke; closing it says so.
            return
        }
    }

    private func readHead(_ client: Descriptor) throws -> (head: [UInt8], rest: [UInt8]) {
        var bytes: [UInt8] = []
        let end: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A]
        var searched = 0
        let deadline = ContinuousClock.now + .milliseconds(Self.headTime)
        while true {
            guard let more = try read(client, until: deadline), !more.isEmpty else { throw Broken() }
            bytes += more
            var index = max(0, searched - 3)
            while index + 4 <= bytes.count {
                if bytes[index] == 0x0D, bytes[index..<(index + 4)].elementsEqual(end) {
                    return (Array(bytes[..<(index + 4)]), Array(bytes[(index + 4)...]))
                }
                index += 1
            }
            searched = bytes.count
            guard bytes.count < ProxyRequest.headLimit else { throw ProxyRequest.Refusal(status: 431, reason: "the head is too long") }
        }
    }

    private func connect(_ addresses: [IPAddress], port: Int) throws -> Descriptor {
        for address in addresses.prefix(4) {
            let bytes = address.bytes
            guard let server = try? Descriptor(owning: mega_connect(bytes, CInt(bytes.count), UInt16(port))) else { continue }
            if try wait(for: server, POLLOUT, until: .now + .milliseconds(Self.connectTime)), mega_connect_error(server.number) == 0 { return server }
        }
        throw ProxyRequest.Refusal(status: 502, reason: "no connection could be made")
    }

    private func tunnel(_ client: Descriptor, _ server: Descriptor, host: String, first: [UInt8]) throws {
        try write(Array("HTTP/1.1 200 Connected\r\n\r\n".utf8), to: client)
        var bytes = first
        let deadline = ContinuousClock.now + .milliseconds(Self.headTime)
        while true {
            switch ClientHello(bytes) {
            case .incomplete:
                guard bytes.count < ClientHello.limit, let more = try read(client, until: deadline), !more.isEmpty else { throw Broken() }
                bytes += more
                continue
            case .none: throw Broken()
            case .hello(let name, let hidesName):
                // Whoever asks for one name and says another to the server wants to reach a third.
                let isSame = name.map { HostName.normalized($0) == host } ?? (IPAddress(host) != nil)
                guard isSame, !hidesName else { throw Broken() }
            }
            break
        }
        try write(bytes, to: server)
        try relay(client, server, remaining: .max)
    }

    private func exchange(_ client: Descriptor, _ server: Descriptor, head: [UInt8], body: [UInt8], count: Int) throws {
        // Bytes after the body would be another request, to whatever host it names.
        let first = body.prefix(count)
        try write(head + first, to: server)
        try relay(client, server, remaining: count - first.count)
    }

    /// Copies both ways until the server has ended; at most so many more bytes go to it.
    private func relay(_ client: Descriptor, _ server: Descriptor, remaining: Int) throws {
        var remaining = remaining
        var clientEnded = false
        while true {
            var polls = [
                Self.interest(server, POLLIN), Self.interest(stopEvent, POLLIN),
                clientEnded || remaining == 0 ? pollfd(fd: -1, events: 0, revents: 0) : Self.interest(client, POLLIN),
            ]
            let ready = poll(&polls, 3, CInt(Self.idleTime))
            if ready < 0, errno == EINTR { continue }
            guard ready > 0, polls[1].revents == 0 else { throw Broken() }
            if polls[0].revents != 0, let bytes = try server.read(upTo: 64 << 10) {
                if bytes.isEmpty { return }
                try write(bytes, to: client)
            }
            if polls[2].revents != 0, let bytes = try client.read(upTo: min(64 << 10, remaining)) {
                if bytes.isEmpty {
                    clientEnded = true
                    shutdown(server.number, CInt(SHUT_WR))
                    continue
                }
                remaining -= bytes.count
                try write(bytes, to: server)
            }
        }
    }

    // MARK: - Bytes

    private struct Broken: Error {}

    private static func interest(_ descriptor: Descriptor, _ events: CInt) -> pollfd {
        pollfd(fd: descriptor.number, events: Int16(events), revents: 0)
    }

    /// Whether it became ready in time.
    private func wait(for descriptor: Descriptor, _ events: CInt, until deadline: ContinuousClock.Instant) throws -> Bool {
        while true {
            let (seconds, attoseconds) = (deadline - .now).components
            let left = seconds * 1000 + attoseconds / 1_000_000_000_000_000
            guard left > 0 else { return false }
            var polls = [Self.interest(descriptor, events), Self.interest(stopEvent, POLLIN)]
            let ready = poll(&polls, 2, CInt(clamping: left))
            if ready < 0, errno == EINTR { continue }
            if polls[1].revents != 0 { throw Broken() }
            return ready > 0
        }
    }

    private func read(_ descriptor: Descriptor, until deadline: ContinuousClock.Instant) throws -> [UInt8]? {
        while true {
            if let bytes = try descriptor.read(upTo: 16 << 10) { return bytes }
            guard try wait(for: descriptor, POLLIN, until: deadline) else { return nil }
        }
    }

    private func write(_ bytes: [UInt8], to descriptor: Descriptor) throws {
        var rest = bytes[...]
        let deadline = ContinuousClock.now + .milliseconds(Self.idleTime)
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor.number, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
            if count > 0 {
                rest = rest.dropFirst(count)
                continue
            }
            guard count < 0, errno == EAGAIN || errno == EINTR else { throw Broken() }
            guard try wait(for: descriptor, POLLOUT, until: deadline) else { throw Broken() }
        }
    }
}
