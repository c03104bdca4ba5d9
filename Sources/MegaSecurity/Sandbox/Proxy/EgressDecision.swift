// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Which addresses a destination may be connected to, decided once.
struct EgressDecision: Sendable {
    /// Looks a name up. Blocks.
    typealias Resolver = @Sendable (_ host: String) throws -> [IPAddress]

    var policy: EgressPolicy
    var resolver: Resolver = EgressDecision.system

    /// The addresses, all of them allowed. They are connected to as they are; the name is not looked up again.
    ///
    /// - Throws: `ProxyRequest.Refusal`. One refused address refuses the name: a name that leads to two kinds of places is a trap.
    func addresses(host: String, port: Int) throws -> [IPAddress] {
        let found: [IPAddress]
        if let literal = IPAddress(host) {
            found = [literal]
        } else {
            // Names nobody listed are not even looked up: a look-up carries data out as well.
            if case .refuse(let reason) = policy.verdict(host: host, port: port) { throw ProxyRequest.Refusal(status: 403, reason: reason) }
            do {
                found = try resolver(host)
            } catch {
                throw ProxyRequest.Refusal(status: 502, reason: "\(host) cannot be resolved")
            }
        }
        guard !found.isEmpty else { throw ProxyRequest.Refusal(status: 502, reason: "\(host) has no address") }
        for address in found {
            if case .refuse(let reason) = policy.verdict(host: host, address: address, port: port) {
                throw ProxyRequest.Refusal(status: 403, reason: reason)
            }
            // Whoever owns a public name decides what it leads to, so a place that is not public must be on the list itself.
            if address.scope != .publicInternet, IPAddress(host) == nil, HostName.isPublicLooking(host),
                case .refuse = policy.verdict(host: "\(address)", address: address, port: port)
            {
                throw ProxyRequest.Refusal(status: 403, reason: "\(host) leads to \(address), a \(address.scope.rawValue) address, which is not on the list")
            }
        }
        return found
    }

    /// The system's own resolver.
    static let system: Resolver = { host in
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = 1
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { throw SystemError(ENOENT) }
        defer { freeaddrinfo(list) }
        var found: [IPAddress] = []
        var next = list
        while let entry = next?.pointee, found.count < 64 {
            next = entry.ai_next
            guard let address = entry.ai_addr else { continue }
            let bytes: [UInt8]
            switch entry.ai_family {
            case AF_INET:
                bytes = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { withUnsafeBytes(of: $0.pointee.sin_addr) { Array($0) } }
            case AF_INET6:
                bytes = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { withUnsafeBytes(of: $0.pointee.sin6_addr) { Array($0) } }
            default: continue
            }
            if let address = IPAddress(bytes: bytes), !found.contains(address) { found.append(address) }
        }
        return found
    }
}
