// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension IPAddress {
    /// What kind of place an address belongs to, by the IANA special-purpose registries (RFC 6890 and its successors).
    public enum Scope: String, Sendable, Hashable, CaseIterable {
        /// Globally reachable.
        case publicInternet = "public"
        case loopback
        /// RFC 1918, unique local (RFC 4193) and the old site-local addresses.
        case privateNetwork = "private"
        case linkLocal = "link-local"
        /// Carrier-grade NAT, RFC 6598.
        case carrierShared = "carrier-grade NAT"
        case multicast
        case unspecified
        case documentation
        /// A cloud provider's instance metadata service, which hands out credentials.
        case cloudMetadata = "cloud metadata"
        /// Everything else that is no public unicast address: benchmarking, broadcast, future use, Teredo, …
        case reserved
    }

    /// The scope. Forms that carry an IPv4 address (mapped, NAT64, 6to4, ISATAP) count as what they carry.
    public var scope: Scope {
        switch version {
        case .v4: Self.scopeV4(UInt32(truncatingIfNeeded: value))
        case .v6: scopeV6
        }
    }

    private static func scopeV4(_ value: UInt32) -> Scope {
        // AWS, Google, Azure and others; AWS containers; Alibaba; Oracle; Azure's host agent.
        let metadata: [UInt32] = [0xa9fe_a9fe, 0xa9fe_aa02, 0xa9fe_aa17, 0x6464_64c8, 0xc000_00c0, 0xa83f_8110]
        if metadata.contains(value) { return .cloudMetadata }
        for (network, prefix, scope) in v4Table where (value ^ network) >> (32 - prefix) == 0 { return scope }
        return .publicInternet
    }

    private static let v4Table: [(UInt32, UInt32, Scope)] = [
        (0x0000_0000, 8, .unspecified), (0x0a00_0000, 8, .privateNetwork), (0x6440_0000, 10, .carrierShared),
        (0x7f00_0000, 8, .loopback), (0xa9fe_0000, 16, .linkLocal), (0xac10_0000, 12, .privateNetwork),
        (0xc000_0000, 24, .reserved), (0xc000_0200, 24, .documentation), (0xc058_6300, 24, .reserved),
        (0xc0a8_0000, 16, .privateNetwork), (0xc612_0000, 15, .reserved), (0xc633_6400, 24, .documentation),
        (0xcb00_7100, 24, .documentation), (0xe000_0000, 4, .multicast), (0xf000_0000, 4, .reserved),
    ]

    private var scopeV6: Scope {
        if value == 0 { return .unspecified }
        if value == 1 { return .loopback }
        if let embedded { return embedded.scope }
        // AWS and Google over IPv6.
        if value == 0xfd00_0ec2_0000_0000_0000_0000_0000_0254 || value == 0xfd20_00ce_0000_0000_0000_0000_0000_0254 {
            return .cloudMetadata
        }
        if top(7) == 0xfc >> 1 { return .privateNetwork }
        if top(10) == 0xfe80 >> 6 { return .linkLocal }
        if top(10) == 0xfec0 >> 6 { return .privateNetwork }
        if top(8) == 0xff { return .multicast }
        if top(32) == 0x2001_0db8 || top(20) == 0x3fff0 { return .documentation }
        // A NAT64 prefix for local use, RFC 8215.
        if top(48) == 0x0064_ff9b_0001 { return .privateNetwork }
        // IETF protocol assignments: Teredo, ORCHID, benchmarking.
        if top(23) == 0x2001_0000 >> 9 { return .reserved }
        return top(3) == 1 ? .publicInternet : .reserved
    }

    /// The IPv4 address an IPv6 transition form leads to.
    private var embedded: IPAddress? {
        let low = IPAddress(version: .v4, value: value & 0xffff_ffff)
        // Mapped, compatible (RFC 4291), translated (RFC 2765), NAT64 (RFC 6052).
        if value >> 32 == 0xffff || value >> 32 == 0 || value >> 32 == 0xffff_0000 { return low }
        if value >> 32 == 0x0064_ff9b_0000_0000_0000_0000 { return low }
        // 6to4, RFC 3056.
        if top(16) == 0x2002 { return IPAddress(version: .v4, value: value >> 80 & 0xffff_ffff) }
        // ISATAP, RFC 5214: it leads to the IPv4 address unless the prefix itself is the stricter scope.
        let identifier = value >> 32 & 0xfdff_ffff
        if identifier == 0x0000_5efe, top(3) == 1 { return low }
        return nil
    }

    private func top(_ bits: Int) -> UInt128 { value >> UInt128(128 - bits) }

    /// Whether the first `prefix` bits are those of `network`, after undoing IPv4 mapping; false when the versions differ.
    public func isInside(_ network: IPAddress, prefix: Int) -> Bool {
        let left = canonical, right = network.canonical
        guard left.version == right.version else { return false }
        let width = left.version == .v4 ? 32 : 128
        guard (0...width).contains(prefix) else { return false }
        return prefix == 0 || (left.value ^ right.value) >> UInt128(width - prefix) == 0
    }
}
