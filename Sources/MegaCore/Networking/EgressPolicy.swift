// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Which addresses outgoing connections may reach.
///
/// A transport asks ``verdict(host:address:port:)`` when it connects, after name resolution, so that a name that changes its answer
/// (DNS rebinding) or a redirect cannot lead to a refused address. Loopback, private, link-local, shared, multicast, unspecified,
/// documentation, reserved and cloud metadata addresses are refused unless the policy names them.
///
/// Entries: `host`, `host:port`, `*.host`, `192.0.2.1`, `192.0.2.1:8080`, `[2001:db8::1]:8080`, `10.0.0.0/8`. A host name allows
/// whatever address it resolves to except cloud metadata, multicast and unspecified ones; those must be listed as addresses. A
/// wildcard allows public addresses only.
public struct EgressPolicy: Sendable, Hashable {
    /// What a policy says about one connection.
    public enum Verdict: Sendable, Hashable {
        case allow
        /// The reason in plain words: names host, address and kind of address.
        case refuse(reason: String)
    }

    enum Base: Sendable, Hashable {
        case publicInternet, loopbackOnly, listed, nothing

        var words: String {
            switch self {
            case .publicInternet: "the public internet"
            case .loopbackOnly: "this machine"
            case .listed: "only"
            case .nothing: "nothing"
            }
        }
    }

    let base: Base
    let entries: [Entry]
    /// What it allows, as it was written; equal texts allow the same.
    public let summary: String
    /// Entries that are no host, address or network. They allow nothing; a host should refuse to start with them.
    public let invalidEntries: [String]

    init(_ base: Base, _ texts: [String]) {
        self.base = base
        summary = ([base.words] + texts).joined(separator: ", ")
        var entries: [Entry] = []
        var invalid: [String] = []
        for text in texts {
            if let entry = Entry(text) { entries.append(entry) } else { invalid.append(text) }
        }
        self.entries = entries
        invalidEntries = invalid
    }

    /// Every public address, and the entries.
    public static func publicInternet(allowing entries: [String] = []) -> EgressPolicy { EgressPolicy(.publicInternet, entries) }

    /// This machine only.
    public static var loopbackOnly: EgressPolicy { EgressPolicy(.loopbackOnly, []) }

    /// The entries and nothing else.
    public static func only(_ entries: [String]) -> EgressPolicy { EgressPolicy(.listed, entries) }

    /// No connection at all.
    public static var nothing: EgressPolicy { EgressPolicy(.nothing, []) }

    /// Whether a connection may be made.
    ///
    /// - Parameters:
    ///   - host: The name or address as the URL has it.
    ///   - address: What it resolved to: the address the socket will connect to.
    ///   - port: The port.
    public func verdict(host: String, address: IPAddress, port: Int) -> Verdict {
        let name = HostName.normalized(host)
        let scope = address.scope
        switch base {
        case .nothing: return .refuse(reason: "no outgoing connections are allowed, so not to \(name)")
        case .publicInternet where scope == .publicInternet: return .allow
        case .loopbackOnly where scope == .loopback: return .allow
        case .publicInternet, .loopbackOnly, .listed: break
        }
        if entries.contains(where: { $0.allows(host: name, address: address, scope: scope, port: port) }) { return .allow }
        let place = name == "\(address)" ? name : "\(name) at \(address)"
        return switch base {
        case .publicInternet: .refuse(reason: "\(place) port \(port) is a \(scope.rawValue) address and not allowed by name")
        case .loopbackOnly: .refuse(reason: "\(place) port \(port) is a \(scope.rawValue) address; only this machine is allowed")
        default: .refuse(reason: "\(place) port \(port) (a \(scope.rawValue) address) is not on the list of allowed destinations")
        }
    }

    /// Whether a host may be asked of a proxy that resolves the name itself, so that no address is known here.
    ///
    /// Names stand for public hosts, except `localhost`, `.local`, `.internal` and the like, which must be listed.
    public func verdict(host: String, port: Int) -> Verdict {
        let name = HostName.normalized(host)
        if let address = IPAddress(name) { return verdict(host: name, address: address, port: port) }
        if base != .nothing, entries.contains(where: { $0.names(name, port: port) }) { return .allow }
        switch base {
        case .publicInternet where HostName.isPublicLooking(name): return .allow
        case .nothing: return .refuse(reason: "no outgoing connections are allowed, so not to \(name)")
        default: return .refuse(reason: "\(name) port \(port) is not allowed by name")
        }
    }
}
