// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Testing

@Suite("IP addresses")
struct NetworkingAddressTests {
    @Test(
        "are printed in their canonical form",
        arguments: [
            ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("::", "::"), ("::1", "::1"), ("1::", "1::"),
            ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
            ("0:0:1::", "0:0:1::"), ("::ffff:1.2.3.4", "::ffff:1.2.3.4"), ("64:ff9b::1.2.3.4", "64:ff9b::102:304"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ])
    func canonical(_ text: String, _ expected: String) throws {
        let address = try #require(IPAddress(text))
        #expect("\(address)" == expected)
    }

    @Test(
        "are refused in every loose form",
        arguments: [
            "", "1", "127.1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "0177.0.0.1", "0x7f.0.0.1", "2130706433", "1.2.3.4 ",
            " 1.2.3.4", "1..2.3",
            "1.2.3.-4", "１.2.3.4", ":", ":::", "1:2", "1::2::3", "12345::", "::g", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::",
            "::1.2.3", "::1.2.3.4:5",
            "[::1]", "fe80::1%eth0", "1.2.3.4::", ":1::2", "1::2:", "::256.1.1.1",
        ])
    func loose(_ text: String) { #expect(IPAddress(text) == nil) }

    @Test("survive printing and reading, whatever their bytes")
    func roundTrip() throws {
        var generator = SplitMix(seed: 7)
        for round in 0..<4000 {
            let sparse = round % 2 == 0
            let bytes = (0..<(round % 3 == 0 ? 4 : 16)).map { _ in
                sparse && Bool.random(using: &generator) ? 0 : UInt8.random(in: 0...255, using: &generator)
            }
            let address = try #require(IPAddress(bytes: bytes))
            #expect(address.bytes == bytes)
            #expect(IPAddress("\(address)") == address)
        }
    }

    @Test("reading random text never accepts what does not print back")
    func fuzz() {
        var generator = SplitMix(seed: 11)
        let alphabet = Array("0123456789abcf:.:. ")
        for _ in 0..<20_000 {
            let text = String(
                (0..<Int.random(in: 0...20, using: &generator)).compactMap { _ in alphabet.randomElement(using: &generator) })
            if let address = IPAddress(text) { #expect(IPAddress("\(address)") == address) }
        }
    }

    @Test(
        "know their scope",
        arguments: [
            ("8.8.8.8", IPAddress.Scope.publicInternet), ("2606:4700::1111", .publicInternet), ("127.0.0.1", .loopback),
            ("127.255.255.254", .loopback),
            ("::1", .loopback), ("10.0.0.1", .privateNetwork), ("172.16.0.1", .privateNetwork), ("172.31.255.255", .privateNetwork),
            ("172.32.0.1", .publicInternet), ("172.15.255.255", .publicInternet), ("192.168.1.1", .privateNetwork),
            ("fd12::1", .privateNetwork),
            ("fec0::1", .privateNetwork), ("169.254.1.1", .linkLocal), ("fe80::1", .linkLocal), ("100.64.0.1", .carrierShared),
            ("100.127.255.255", .carrierShared), ("100.128.0.0", .publicInternet), ("224.0.0.1", .multicast),
            ("ff02::1", .multicast), ("0.0.0.0", .unspecified),
            ("0.1.2.3", .unspecified), ("::", .unspecified), ("192.0.2.1", .documentation), ("198.51.100.1", .documentation),
            ("203.0.113.1", .documentation),
            ("2001:db8::1", .documentation), ("3fff::1", .documentation), ("169.254.169.254", .cloudMetadata),
            ("fd00:ec2::254", .cloudMetadata),
            ("100.100.100.200", .cloudMetadata), ("168.63.129.16", .cloudMetadata), ("198.18.0.1", .reserved),
            ("240.0.0.1", .reserved),
            ("255.255.255.255", .reserved), ("2001::1", .reserved), ("100::1", .reserved), ("4000::1", .reserved),
        ])
    func scopes(_ text: String, _ scope: IPAddress.Scope) throws { #expect(try #require(IPAddress(text)).scope == scope) }

    @Test("carry the scope of the IPv4 address inside them")
    func embedded() throws {
        var generator = SplitMix(seed: 3)
        for round in 0..<2000 {
            var bytes = (0..<4).map { _ in UInt8.random(in: 0...255, using: &generator) }
            if round % 2 == 0 { bytes[0] = [10, 127, 169, 172, 192, 100][round / 2 % 6] }
            let scope = try #require(IPAddress(bytes: bytes)).scope
            let mapped = [UInt8](repeating: 0, count: 10) + [255, 255] + bytes
            let translated: [UInt8] = [0, 0x64, 0xff, 0x9b] + [UInt8](repeating: 0, count: 8) + bytes
            let sixToFour: [UInt8] = [0x20, 0x02] + bytes + [UInt8](repeating: 1, count: 10)
            for form in [mapped, translated, sixToFour] { #expect(try #require(IPAddress(bytes: form)).scope == scope) }
        }
    }
}

/// A small seeded generator, so that a failing round can be run again.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
