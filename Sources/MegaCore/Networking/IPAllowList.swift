// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Which addresses may connect: single ones and networks in CIDR form, IPv4 and IPv6.
///
/// An IPv4 address is the same whether it comes as such or mapped into IPv6 (`::ffff:192.0.2.1`), in the list as well as in the question.
public struct IPAllowList: Sendable, Hashable {
    private struct Network: Sendable, Hashable {
        var address: IPAddress
        var prefix: Int
    }

    private let networks: [Network]

    /// Reads a list such as `127.0.0.1`, `10.0.0.0/8`, `2001:db8::/32`.
    ///
    /// - Throws: ``IPAllowListError`` with the entry that is none. Nothing is skipped.
    public init(_ entries: [String]) throws {
        networks = try entries.map { entry in
            guard let network = Self.network(entry) else { throw IPAllowListError(entry: entry) }
            return network
        }
    }

    /// Whether an address is in the list.
    public func contains(_ address: IPAddress) -> Bool { networks.contains { address.isInside($0.address, prefix: $0.prefix) } }

    /// Whether an address in text form is in the list; a zone (`%eth0`) plays no part, and what is no address is not in it.
    public func contains(_ text: String) -> Bool {
        IPAddress(text.prefix { $0 != "%" }).map(contains) ?? false
    }

    private static func network(_ entry: String) -> Network? {
        let parts = entry.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= 2, let address = IPAddress(first) else { return nil }
        let isMapped = address.canonical.version != address.version
        var prefix = address.version == .v4 ? 32 : 128
        if parts.count == 2 {
            guard (1...3).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(parts[1]), number <= prefix
            else { return nil }
            prefix = number
        }
        if isMapped {
            // A network of mapped addresses is one of IPv4; a shorter prefix would mean more than those.
            guard prefix >= 96 else { return nil }
            prefix -= 96
        }
        return Network(address: address.canonical, prefix: prefix)
    }
}

/// An entry of an allow-list that is neither an address nor a network.
public struct IPAllowListError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The entry.
    public let entry: String
    /// In words, for people and logs.
    public var description: String { "\"\(entry)\" is no address and no network; write 192.0.2.1, 10.0.0.0/8 or 2001:db8::/32" }
}
