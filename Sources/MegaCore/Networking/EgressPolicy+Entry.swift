// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension EgressPolicy {
    /// One line of an allow list.
    struct Entry: Sendable, Hashable {
        enum Place: Sendable, Hashable {
            case host(String)
            /// Any name that ends in this, which starts with a dot.
            case suffix(String)
            case network(IPAddress, prefix: Int)
        }

        let place: Place
        let port: Int?

        init?(_ text: String) {
            if let slash = text.firstIndex(of: "/") {
                let bits = text[text.index(after: slash)...]
                guard let network = IPAddress(text[..<slash]), !bits.isEmpty, bits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                    let prefix = Int(bits), prefix <= (network.version == .v4 ? 32 : 128)
                else { return nil }
                (place, port) = (.network(network, prefix: prefix), nil)
                return
            }
            guard let (host, port) = HostName.split(text) else { return nil }
            self.port = port
            if let address = IPAddress(host) {
                place = .network(address, prefix: address.version == .v4 ? 32 : 128)
            } else if host.hasPrefix("*.") {
                let rest = String(host.dropFirst(2))
                guard HostName.isValid(rest) else { return nil }
                place = .suffix("." + HostName.normalized(rest))
            } else {
                guard HostName.isValid(host) else { return nil }
                place = .host(HostName.normalized(host))
            }
        }

        func allows(host: String, address: IPAddress, scope: IPAddress.Scope, port: Int) -> Bool {
            guard self.port == nil || self.port == port else { return false }
            switch place {
            case .host(let name):
                return name == host && scope != .cloudMetadata && scope != .multicast && scope != .unspecified
            case .suffix(let suffix): return host.hasSuffix(suffix) && scope == .publicInternet
            case .network(let network, let prefix):
                guard address.isInside(network, prefix: prefix) else { return false }
                // A whole network does not name the metadata service inside it.
                return scope != .cloudMetadata || address.canonical == network.canonical
            }
        }

        func names(_ host: String, port: Int) -> Bool {
            guard self.port == nil || self.port == port else { return false }
            return switch place {
            case .host(let name): name == host
            case .suffix(let suffix): host.hasSuffix(suffix) && HostName.isPublicLooking(host)
            case .network: false
            }
        }
    }
}

/// Host names as egress rules compare them.
package enum HostName {
    /// Lower case, without brackets and without the root's dot.
    package static func normalized(_ host: String) -> String {
        var name = host.lowercased()
        if name.hasPrefix("["), name.hasSuffix("]") { name = String(name.dropFirst().dropLast()) }
        if name.count > 1, name.hasSuffix(".") { name.removeLast() }
        return name
    }

    /// Letters, digits, hyphens, underscores and dots, as names in URLs are after IDNA.
    package static func isValid(_ host: String) -> Bool {
        let labels = normalized(host).utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard host.utf8.count <= 253, let last = labels.last, !last.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        return labels.allSatisfy { label in
            (1...63).contains(label.count)
                && label.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x39, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "_"): true
                    default: false
                    }
                }
        }
    }

    /// Splits `host`, `host:port`, `[v6]` and `[v6]:port`; a bare IPv6 address is a host.
    package static func split(_ text: String) -> (host: String, port: Int?)? {
        if IPAddress(text) != nil { return (text, nil) }
        var host = text[...]
        var port: Int?
        if let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") {
            let digits = text[text.index(after: colon)...]
            guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits),
                (1...65535).contains(number)
            else { return nil }
            (host, port) = (text[..<colon], number)
        }
        if host.hasPrefix("[") {
            guard host.hasSuffix("]"), let address = IPAddress(host.dropFirst().dropLast()), address.version == .v6 else {
                return nil
            }
            return (address.description, port)
        }
        return host.isEmpty || host.contains(":") ? nil : (String(host), port)
    }

    /// Whether a name belongs to the public DNS as far as it shows (RFC 6761, RFC 6762, RFC 8375, single labels).
    package static func isPublicLooking(_ name: String) -> Bool {
        guard isValid(name), name.contains(".") else { return false }
        let special = [
            ".localhost", ".local", ".internal", ".home.arpa", ".test", ".invalid", ".lan", ".intranet", ".corp", ".home",
        ]
        return !special.contains(where: name.hasSuffix)
    }
}
