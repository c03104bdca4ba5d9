// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Testing

@Suite("Hosts as clients name them")
struct HostAuthorityTests {
    @Test("name and port are taken apart, and what is malformed is none")
    func reading() {
        #expect(HostAuthority("LocalHost:18790").map { ($0.host, $0.port) } ?? ("", 0) == ("localhost", 18790))
        #expect(HostAuthority("127.0.0.1").map { $0.port == nil } == true)
        #expect(HostAuthority("[::1]:8080").map { ($0.host, $0.port) } ?? ("", 0) == ("[::1]", 8080))
        #expect(HostAuthority("host:").map { $0.port == nil } == true)
        for bad in ["", "a@b", "a/b", "[::1", "host:port", "host:1:2", "[::1]x", ":80", "h:65536", "h:+1", "a b", "*.x", "h:\u{0661}", "ä", "h?x"] {
            #expect(HostAuthority(bad) == nil, "\(bad)")
        }
    }

    @Test(
        "an entry without a port stands for the server's own; other ports have to be listed",
        arguments: [
            ("localhost:18790", true), ("LOCALHOST:18790", true), ("localhost:18791", false), ("localhost", false), ("localhost:80", false),
            ("evil.example:18790", false), ("bot.example", true), ("bot.example:443", true), ("bot.example:80", false), ("bot.example:18790", false),
            ("tunnel.example:9000", true), ("tunnel.example", false),
        ])
    func named(host: String, isNamed: Bool) throws {
        let list: Set = ["localhost", "bot.example:443", "tunnel.example:9000", "not a host"]
        #expect(try #require(HostAuthority(host)).isNamed(in: list, ownPort: 18790) == isNamed)
    }

    @Test("on the scheme's own port clients leave the port out")
    func ownPort() throws {
        let plain = try #require(HostAuthority("bot.example"))
        #expect(plain.isNamed(in: ["bot.example"], ownPort: 443) && plain.isNamed(in: ["bot.example"], ownPort: 80))
        #expect(!plain.isNamed(in: ["bot.example"], ownPort: 8080) && plain.isNamed(in: ["bot.example"], ownPort: nil))
    }
}
