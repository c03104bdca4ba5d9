// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Where a connection comes from, as the server found out by itself; headers that anybody can write play no part.
public enum ConnectionClass: String, Sendable, Hashable, CaseIterable {
    /// From this machine.
    case local
    /// Through a private network such as a VPN.
    case vpn
    /// Through a tunnel of a provider, which says who it is for.
    case tunnel
    /// From anywhere else.
    case direct

    /// The class of a peer's address: loopback is local, private and shared ranges (RFC 1918, RFC 4193, RFC 6598) are `vpn`, the rest is
    /// direct. A tunnel ends on this machine, so only its adapter can tell.
    public init(_ address: IPAddress) {
        switch address.canonical.scope {
        case .loopback: self = .local
        case .privateNetwork, .carrierShared, .linkLocal: self = .vpn
        default: self = .direct
        }
    }
}
