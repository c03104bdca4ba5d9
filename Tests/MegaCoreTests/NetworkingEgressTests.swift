// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Testing

@Suite("Egress policies")
struct NetworkingEgressTests {
    private func allows(_ policy: EgressPolicy, _ host: String, _ address: String, _ port: Int = 443) throws -> Bool {
        policy.verdict(host: host, address: try #require(IPAddress(address)), port: port) == .allow
    }

    @Test("the public internet is the public addresses and what is named")
    func publicInternet() throws {
        let policy = EgressPolicy.publicInternet(allowing: ["127.0.0.1:11434", "nas.lan", "10.1.0.0/16", "*.wild.example"])
        #expect(policy.invalidEntries.isEmpty)
        #expect(try allows(policy, "example.com", "93.184.216.34"))
        #expect(try allows(policy, "localhost", "127.0.0.1", 11434))
        #expect(try allows(policy, "localhost", "::ffff:127.0.0.1", 11434))
        #expect(try !allows(policy, "localhost", "127.0.0.1", 11435))
        #expect(try !allows(policy, "localhost", "::1", 11434))
        #expect(try allows(policy, "NAS.lan.", "192.168.1.9", 80))
        #expect(try !allows(policy, "evil.example", "192.168.1.9", 80))
        #expect(try !allows(policy, "nas.lan", "169.254.169.254", 80))
        #expect(try !allows(policy, "nas.lan", "0.0.0.0", 80))
        #expect(try allows(policy, "x", "10.1.2.3"))
        #expect(try !allows(policy, "x", "10.2.0.1"))
        #expect(try !allows(policy, "a.wild.example", "10.9.0.1"))
    }

    @Test("metadata services need their exact address")
    func metadata() throws {
        #expect(try !allows(.publicInternet(allowing: ["169.254.0.0/16"]), "x", "169.254.169.254"))
        #expect(try allows(.publicInternet(allowing: ["169.254.169.254"]), "x", "169.254.169.254"))
        #expect(try allows(.only(["[fd00:ec2::254]:80"]), "x", "fd00:ec2::254", 80))
    }

    @Test("a list allows its entries only")
    func only() throws {
        let policy = EgressPolicy.only(["api.example.com:443", "*.files.example", "[2001:db8::1]:8080"])
        #expect(try allows(policy, "API.example.com", "93.184.216.34"))
        #expect(try !allows(policy, "api.example.com", "93.184.216.34", 80))
        #expect(try !allows(policy, "api.example.com.evil.example", "93.184.216.34"))
        #expect(try allows(policy, "a.b.files.example", "93.184.216.34"))
        #expect(try !allows(policy, "files.example", "93.184.216.34"))
        #expect(try allows(policy, "x", "2001:db8::1", 8080))
        #expect(try !allows(.nothing, "example.com", "93.184.216.34"))
        #expect(try allows(.loopbackOnly, "localhost", "::1"))
        #expect(try !allows(.loopbackOnly, "localhost", "192.168.0.1"))
    }

    @Test(
        "entries that mean nothing are reported and allow nothing",
        arguments: [
            "", "*", "*.", "host:", "host:0", "host:65536", "host:x", "1.2.3", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129",
            "[1.2.3.4]", "[::1", "a b",
            "http://x", "host/8", "0x7f.1", "a..b", ":80",
        ])
    func invalid(_ text: String) throws {
        let policy = EgressPolicy.publicInternet(allowing: [text])
        #expect(policy.invalidEntries == [text])
        #expect(try !allows(policy, text, "127.0.0.1", 80))
    }

    @Test("a refusal names host, address and its kind")
    func reasons() throws {
        let verdict = EgressPolicy.publicInternet().verdict(
            host: "a.example", address: try #require(IPAddress("10.0.0.1")), port: 80)
        #expect(verdict == .refuse(reason: "a.example at 10.0.0.1 port 80 is a private address and not allowed by name"))
    }

    @Test(
        "without an address, as behind a proxy, names decide",
        arguments: [
            ("example.com", true), ("localhost", false), ("x.localhost", false), ("printer.local", false), ("intranet", false),
            ("nas.lan", true),
            ("127.0.0.1", false), ("8.8.8.8", true), ("[::1]", false), ("metadata.google.internal", false),
            ("169.254.169.254", false),
        ])
    func names(_ host: String, _ allowed: Bool) {
        #expect((EgressPolicy.publicInternet(allowing: ["nas.lan"]).verdict(host: host, port: 80) == .allow) == allowed)
        #expect(EgressPolicy.nothing.verdict(host: host, port: 80) != .allow)
    }

    @Test("no address that is not public passes a policy without entries")
    func property() throws {
        var generator = SplitMix(seed: 5)
        for round in 0..<5000 {
            let bytes = (0..<(round % 2 == 0 ? 4 : 16)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let address = try #require(IPAddress(bytes: bytes))
            let isAllowed = EgressPolicy.publicInternet().verdict(host: "x", address: address, port: 1) == .allow
            #expect(isAllowed == (address.scope == .publicInternet))
            #expect(EgressPolicy.only([]).verdict(host: "x", address: address, port: 1) != .allow)
        }
    }
}
