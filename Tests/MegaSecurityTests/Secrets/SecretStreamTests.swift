// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
@testable import MegaSecurity
import Testing

@Suite("Finding secrets in streams and hostile text") struct SecretStreamTests {
    private let scanner = SecretScanner()

    private func streamed(_ bytes: [UInt8], cutAt cuts: [Int]) -> [SecretFinding] {
        var stream = scanner.stream()
        var found: [SecretFinding] = []
        var start = 0
        for cut in cuts.filter({ $0 > 0 && $0 < bytes.count }) + [bytes.count] where cut >= start {
            found += stream.feed(bytes[start..<cut])
            start = cut
        }
        return found + stream.finish()
    }

    private func text(seed: UInt64) -> String {
        var samples = SecretSamples(seed: seed)
        let token = "gh" + "p_" + samples.random(36)
        return """
            é api_key: "\(samples.random(32))"
            url: amqp://a:\(samples.random(9))@b/ token \(token)
            -----BEGIN EC \("PRIVATE KEY")-----
            \(samples.random(64))
            -----END EC \("PRIVATE KEY")-----
            kind: Secret
            data:
              x: \(samples.random(20))
            Authorization: Bearer \(samples.random(40))
            """
    }

    @Test("Wherever a text is cut, the findings are the same") func everySplit() {
        let bytes = Array(text(seed: 1).utf8)
        let whole = scanner.findings(in: bytes)
        #expect(whole.count == 6)
        for cut in bytes.indices { #expect(streamed(bytes, cutAt: [cut]) == whole, "cut at \(cut)") }
        #expect(streamed(bytes, cutAt: Array(bytes.indices)) == whole)
    }

    @Test("Also in long texts, where the stream lets go of what it has looked at") func longStreams() {
        var samples = SecretSamples(seed: 2)
        var bytes: [UInt8] = []
        for round in 0..<40 {
            bytes += Array(text(seed: UInt64(round)).utf8)
            bytes += Array(String(repeating: "the quick brown fox asks for a key and gets none\n", count: samples.below(200)).utf8)
        }
        let whole = scanner.findings(in: bytes)
        #expect(whole.count >= 230)
        for size in [1 << 10, 7_919, 40_000] { #expect(streamed(bytes, cutAt: Array(stride(from: size, to: bytes.count, by: size))) == whole, "\(size)") }
        #expect(streamed(bytes, cutAt: (0..<60).map { _ in samples.below(bytes.count) }.sorted()) == whole)
    }

    @Test("Random bytes and shuffled pieces never crash it; streaming finds the same") func random() {
        var generator = SeededGenerator(seed: 20_261_125)
        let pieces = [
            "token", "=", ":", "\"", "'", " ", "\n", "sk-", "ant-", "eyJ", ".", "Bearer ", "basic ", "://", "@", "-----BEGIN ", "PRIVATE KEY", "-----", "kind: Secret",
            "data:", "curl ", "-u ", "$2b$", "{{", "}}", "\\", "<password>", "é", "\u{0}", "AKIA", "api_key", "ZXlK", "hooks.slack.com/", "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY",
            "0123456789abcdef", "value=", "?sig=", "%3D", "\"service_account\"", "github", "_", "-", "us12",
        ].map { Array($0.utf8) }
        for round in 0..<1_500 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...40, using: &generator) {
                if round.isMultiple(of: 5) {
                    bytes.append(UInt8.random(in: 0...255, using: &generator))
                } else {
                    bytes += pieces[Int.random(in: 0..<pieces.count, using: &generator)]
                }
            }
            let whole = scanner.findings(in: bytes)
            let cut = Int.random(in: 0...bytes.count, using: &generator)
            #expect(streamed(bytes, cutAt: [cut]) == whole)
            for finding in whole { #expect(finding.range.lowerBound >= 0 && finding.range.upperBound <= bytes.count && !finding.range.isEmpty) }
        }
    }

    /// Text that makes every part look as long as it can. The suite's time limit notices what grows faster than the text.
    @Test("Hostile repetition takes no longer than its length allows", .timeLimit(.minutes(2)), arguments: [
        "key=", "token:", "password ", "eyJ.", "eyJ-", "ZXlK", "ZXlK-", "sk-", "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY", "://", "a:b@", "kind: Secret ",
        "kind: Secret data: ", "curl -u ", "curl -", "bearer ", "basic ", "AKIA", "?sig=", "hooks.slack.com/", "$2b$", "{{", "api_key_", "glpat-", "xoxb-", "{\"key\":", "\\",
        "token token ", "https://hooks.slack.com/services/", "msh", "-us1", "Q~", ":A", "|", "data:\"", "value=", "\"service_account\"",
    ])
    func hostile(_ unit: String) {
        let bytes = Array(String(repeating: unit, count: 60_000 / unit.utf8.count).utf8)
        _ = scanner.findings(in: bytes)
        var mixed = Array(unit.utf8)
        mixed += [UInt8](repeating: UInt8(ascii: "a"), count: 60_000)
        _ = scanner.findings(in: mixed)
    }
}
