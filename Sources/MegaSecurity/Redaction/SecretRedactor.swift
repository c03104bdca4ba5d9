// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

/// Replaces secrets in a text with `[redacted: kind]`: values it was given, and everything a ``SecretScanner`` finds.
///
/// Given values are found wherever they stand, also in Base64 or encoded for a URL; unknown ones by their form, as ``SecretScanner`` says.
public struct SecretRedactor: ContentRedactor {
    /// Given values shorter than this are not searched for: they would match by chance.
    public static let shortestSecret = 6

    private let exact: [(bytes: [UInt8], kind: String)]
    private let scanner: SecretScanner?

    /// - Parameters:
    ///   - secrets: Values to remove wherever they stand, also when encoded in Base64 or for a URL.
    ///   - recognisesShapes: Whether unknown secrets are looked for by their shape as well.
    public init(secrets: [Secret] = [], recognisesShapes: Bool = true) {
        scanner = recognisesShapes ? SecretScanner() : nil
        var all: [(bytes: [UInt8], kind: String)] = []
        for secret in secrets {
            for form in TextEncodings.forms(of: secret.revealBytes(), atLeast: Self.shortestSecret) where !all.contains(where: { $0.bytes == form }) {
                all.append((form, "secret"))
            }
        }
        exact = all.sorted { $0.bytes.count > $1.bytes.count }
    }

    /// See `ContentRedactor.redact(_:)`.
    public func redact(_ text: String) throws -> String {
        var text = text
        let found = text.withUTF8 { replacements(in: $0) }
        return found.isEmpty ? text : Replacement.apply(found, to: Array(text.utf8))
    }

    private func replacements(in bytes: UnsafeBufferPointer<UInt8>) -> [Replacement] {
        var found: [Replacement] = []
        for (value, kind) in exact { ByteSearch.all(of: value, in: bytes) { found.append(Replacement(range: $0, text: "[redacted: \(kind)]")) } }
        if let scanner {
            for finding in scanner.findings(in: bytes) where !Replacement.isMark(bytes, finding.range) {
                found.append(Replacement(range: finding.range, text: "[redacted: \(finding.title)]"))
            }
        }
        return found
    }

    /// See `ContentRedactor.unfinishedSuffix(of:)`: what may belong to a secret that has begun, or tell that the next word is one.
    public func unfinishedSuffix(of text: String) -> Int {
        guard scanner != nil || !exact.isEmpty else { return 0 }
        let unfinished = UnfinishedSecrets(replacements: { replacements(in: $0) }, values: exact.map(\.bytes), recognisesShapes: scanner != nil)
        var text = text
        return text.withUTF8 { $0.count - unfinished.lastCut(in: $0) }
    }
}

/// A place in a text and what is to stand there.
struct Replacement: Hashable {
    var range: Range<Int>
    var text: String

    func moved(by offset: Int) -> Replacement {
        Replacement(range: range.lowerBound + offset..<range.upperBound + offset, text: text)
    }

    private static let mark = Array("[redacted: ".utf8)

    /// Whether the place lies in what a redaction has written.
    static func isMark(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        (max(0, range.lowerBound - mark.count)...range.lowerBound).contains { ByteSearch.matches(mark, bytes, $0) }
    }

    /// The text with all replacements made. The one that begins first wins; what overlaps it is swallowed.
    static func apply(_ replacements: [Replacement], to bytes: [UInt8]) -> String {
        let sorted = replacements.sorted { ($0.range.lowerBound, -$0.range.upperBound) < ($1.range.lowerBound, -$1.range.upperBound) }
        var result: [UInt8] = []
        var position = 0
        for replacement in sorted {
            if replacement.range.lowerBound < position {
                position = max(position, replacement.range.upperBound)
                continue
            }
            result += bytes[position..<replacement.range.lowerBound]
            result += Array(replacement.text.utf8)
            position = replacement.range.upperBound
        }
        result += bytes[position...]
        return String(decoding: result, as: UTF8.self)
    }
}
