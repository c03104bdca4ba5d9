// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

/// What every `ContentRedactor` must do.
public enum ContentRedactorConformance {
    /// A redactor and secrets it has to find.
    public struct Subject: Sendable {
        /// The redactor under test.
        public var redactor: any ContentRedactor
        /// Texts that must not come through; at least one.
        public var secrets: [String]

        /// A subject.
        public init(_ redactor: any ContentRedactor, secrets: [String]) {
            self.redactor = redactor
            self.secrets = secrets
        }
    }

    private static let harmless = "The boiler is at 60 °C — see README.md, line 12.\n日本語 👩‍👩‍👧 and \"quotes\"\n"

    /// All checks.
    public static let checks: [ConformanceCheck<Subject>] = [
        .init("A secret does not come through, alone, in a sentence, in quotes, twice or at the end of a line") { subject in
            try ConformanceFailure.unless(!subject.secrets.isEmpty, expected: "a secret to look for", seen: "none")
            for secret in subject.secrets {
                for text in [secret, "the key is \(secret) today", "key=\"\(secret)\"", "\(secret) \(secret)", "first\n\(secret)\nlast\n"] {
                    let redacted = try subject.redactor.redact(text)
                    try ConformanceFailure.unless(!redacted.contains(secret), expected: "no secret", seen: "it, in a text of \(text.utf8.count) bytes")
                }
            }
        },
        .init("What stands around a secret stays") { subject in
            for secret in subject.secrets {
                let redacted = try subject.redactor.redact("before it: \(secret)\nafter it\n")
                try ConformanceFailure.unless(
                    redacted.hasPrefix("before it: ") && redacted.hasSuffix("\nafter it\n"), expected: "the words around it", seen: redacted)
            }
        },
        .init("A text without secrets stays as it is") { subject in
            for text in ["", "\n", harmless] { try ConformanceFailure.unlessEqual(try subject.redactor.redact(text), text, "the text") }
        },
        .init("Redacting twice changes nothing more") { subject in
            for secret in subject.secrets {
                let once = try subject.redactor.redact("a \(secret) b")
                try ConformanceFailure.unlessEqual(try subject.redactor.redact(once), once, "the second time")
            }
        },
        .init("What is held back is an end of the text, at a whole character") { subject in
            for text in [harmless] + subject.secrets {
                for count in 0...text.count {
                    let piece = String(text.prefix(count))
                    let held = subject.redactor.unfinishedSuffix(of: piece)
                    try ConformanceFailure.unless(
                        (0...piece.utf8.count).contains(held), expected: "from 0 to \(piece.utf8.count) bytes", seen: "\(held)")
                    let kept = Array(piece.utf8.dropLast(held))
                    try ConformanceFailure.unless(
                        String(validating: kept, as: UTF8.self) != nil, expected: "whole characters", seen: "a cut at \(held) of \(piece.utf8.count)")
                }
            }
        },
        .init("Random text is redacted without an error, or refused with one, never a crash") { subject in
            var state: UInt64 = 20_261_125
            for round in 0..<300 {
                let scalars = (0..<(round % 90)).compactMap { _ -> Unicode.Scalar? in
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    return Unicode.Scalar(UInt32(state >> 40) % 0x3000)
                }
                var view = String.UnicodeScalarView()
                view.append(contentsOf: scalars)
                do { _ = try subject.redactor.redact(String(view)) } catch { continue }
            }
        },
    ]
}
