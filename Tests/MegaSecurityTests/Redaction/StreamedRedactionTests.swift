// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
@testable import MegaCore
@testable import MegaSecurity
import Testing

@Suite("What is streamed to a person holds no secret, wherever it is cut") struct StreamedRedactionTests {
    private static let given = "correct horse\nbattery staple"

    private let redactor = SecretRedactor(secrets: [Secret(Self.given)])

    /// A text with secrets of many kinds, and the secrets in it.
    private func sample(_ seed: UInt64) -> (text: String, secrets: [String]) {
        var samples = SecretSamples(seed: seed)
        let (key, token, name, block, next, data) = (samples.random(32), "gh" + "p_" + samples.random(36), samples.random(9), samples.random(64), samples.random(32), samples.random(20))
        let text = """
            Building for debugging...
            api_key: "\(key)" is set, token \(token)
            url: amqp://a:\(name)@b/ and é\u{1F600} text
            -----BEGIN EC \("PRIVATE KEY")-----
            \(block)
            \(block)
            -----END EC \("PRIVATE KEY")-----
            the words are \(Self.given), twice \(Self.given)
            Authorization: Bearer \(samples.random(40))
            client_secret: |
              \(next)
            ---
            kind: Secret
            data:
              x: \(data)
            ---
            Compiling 12 of 40, then linking; nothing else is to be seen here.

            """
        return (text, [key, token, name, block, Self.given, next, data])
    }

    private func streamed(_ pieces: [Substring], secrets: [String]) throws -> String {
        var stream = RedactionStream(redactor: redactor)
        var shown = ""
        for piece in pieces {
            shown += try stream.push(String(piece)) ?? ""
            for secret in secrets where shown.contains(secret.prefix(8)) { Issue.record("\(secret.prefix(8)) is shown before the end") }
        }
        return shown + (try stream.finish() ?? "")
    }

    @Test("Every way to cut a text in two gives the redacted whole") func everyCut() throws {
        let (text, secrets) = sample(1)
        let whole = try redactor.redact(text)
        for secret in secrets { #expect(!whole.contains(secret.prefix(8)), "\(secret)") }
        for cut in text.indices {
            let shown = try streamed([text[..<cut], text[cut...]], secrets: secrets)
            #expect(shown == whole, "cut at \(text[..<cut].utf8.count)")
        }
    }

    @Test("Also character by character, line by line, and in uneven pieces") func manyCuts() throws {
        let (text, secrets) = sample(3)
        let whole = try redactor.redact(text)
        #expect(try streamed(text.indices.map { text[$0...$0] }, secrets: secrets) == whole)
        #expect(try streamed(text.split(separator: "\n", omittingEmptySubsequences: false).map { $0 + "\n" }, secrets: secrets) == whole + "\n")
        var samples = SecretSamples(seed: 4)
        for _ in 0..<40 {
            var pieces: [Substring] = []
            var rest = text[...]
            while !rest.isEmpty {
                pieces.append(rest.prefix(1 + samples.below(60)))
                rest = rest.dropFirst(pieces[pieces.count - 1].count)
            }
            #expect(try streamed(pieces, secrets: secrets) == whole)
        }
    }

    @Test("Ordinary output is shown line by line, at once") func atOnce() throws {
        var stream = RedactionStream(redactor: redactor)
        for line in ["total 12\n", "drwxr-xr-x 2 ana ana 4096 Nov 25 src\n", "Compiling MegaCore (12 of 40)\n", "warning: the token was not read\n", "1. Open the door\n", "ok  src/a.swift:12:4 key was nil\n"] {
            #expect(try stream.push(line) == line)
        }
        #expect(try stream.push("half a li") == nil)
        #expect(try stream.push("ne\nand") == "half a line\n")
        #expect(try stream.finish() == "and")
    }

    @Test("A token in a line of 100 KB is found across the pieces such a line is taken in", arguments: [0, 3_000, 4_080, 4_096, 9_000, 60_000]) func longLine(_ place: Int) throws {
        var samples = SecretSamples(seed: 5)
        let token = "gh" + "p_" + samples.random(36)
        let words = String(repeating: "lorem ", count: 17_000)
        let text = String(words.prefix(place)) + " \(token) " + String(words.dropFirst(place))
        var pieces: [Substring] = []
        var rest = text[...]
        while !rest.isEmpty {
            pieces.append(rest.prefix(1_000))
            rest = rest.dropFirst(1_000)
        }
        #expect(try streamed(pieces, secrets: [token]) == redactor.redact(text))
    }

    @Test("What would be held back beyond the bound is left out, and a key that goes on stays hidden") func bounded() throws {
        struct Endless: ContentRedactor {
            func redact(_ text: String) throws -> String { text.replacing(/<<[^>]*(>>)?/, with: "***") }
            func unfinishedSuffix(of text: String) -> Int {
                guard let open = text.range(of: "<<"), text[open.lowerBound...].range(of: ">>") == nil else { return 0 }
                return text[open.lowerBound...].utf8.count
            }
        }
        var stream = RedactionStream(redactor: Endless())
        var shown = try stream.push("before\n<<\n") ?? ""
        for _ in 0..<4_000 { shown += try stream.push(String(repeating: "x", count: 99) + "\n") ?? "" }
        shown += try stream.push("end>>\nafter\n") ?? ""
        shown += try stream.finish() ?? ""
        #expect(!shown.contains("xx"))
        #expect(shown.hasPrefix("before\n[output withheld"))
        #expect(shown.hasSuffix("***\nafter\n"))
    }

    @Test("Hostile output costs in proportion to its length") func growth() throws {
        for line in ["password:\n", "kind: Secret\ndata:\n", "-----BEGIN \("PRIVATE KEY")-----\nAAAA\n", "token = \n", "a b c d e f g h\n", "key: key: key:\n"] {
            let times = try [60, 480].map { count in
                try (0..<2).map { _ in
                    try ContinuousClock().measure {
                        var stream = RedactionStream(redactor: redactor)
                        for _ in 0..<count { _ = try stream.push(line) }
                        _ = try stream.finish()
                    }
                }.min() ?? .zero
            }
            // Eight times the text; quadratic growth would be 64.
            #expect(times[1] < times[0] * 32 + .milliseconds(200), "\(line): \(times)")
        }
    }
}
