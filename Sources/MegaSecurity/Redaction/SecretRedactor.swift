// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

/// Replaces secrets in a text with `[redacted: kind]`: values it was given, and everything with the shape of a well-known key.
///
/// Shapes: keys of providers by their prefix, private key blocks, JSON web tokens, `Authorization` values, passwords in URLs, and
/// assignments to names such as `password` or `api_key` whose value looks random. Runs over bytes once per shape family, so that
/// ordinary text costs little.
public struct SecretRedactor: ContentRedactor {
    /// Given values shorter than this are not searched for: they would match by chance.
    public static let shortestSecret = 6

    private let exact: [(bytes: [UInt8], kind: String)]
    private let usesShapes: Bool

    /// - Parameters:
    ///   - secrets: Values to remove wherever they stand, also when encoded in Base64 or for a URL.
    ///   - recognisesShapes: Whether unknown secrets are looked for by their shape as well.
    public init(secrets: [Secret] = [], recognisesShapes: Bool = true) {
        usesShapes = recognisesShapes
        var all: [(bytes: [UInt8], kind: String)] = []
        for secret in secrets {
            let bytes = secret.revealBytes()
            guard bytes.count >= Self.shortestSecret else { continue }
            for form in [bytes, TextEncodings.base64(bytes), TextEncodings.percent(bytes)] where !all.contains(where: { $0.bytes == form }) {
                all.append((form, "secret"))
            }
        }
        exact = all.sorted { $0.bytes.count > $1.bytes.count }
    }

    /// See `ContentRedactor.redact(_:)`.
    public func redact(_ text: String) throws -> String {
        var text = text
        let found: [SecretFinding]? = text.withUTF8 { bytes in
            var findings: [SecretFinding] = []
            for (value, kind) in exact { ByteSearch.all(of: value, in: bytes) { findings.append(SecretFinding(kind: kind, range: $0)) } }
            if usesShapes { SecretShapes.find(in: bytes, into: &findings) }
            return findings.isEmpty ? nil : findings
        }
        guard let found else { return text }
        return Self.replace(found, in: Array(text.utf8))
    }

    private static func replace(_ findings: [SecretFinding], in bytes: [UInt8]) -> String {
        // The one that begins first wins; what overlaps it is swallowed.
        let sorted = findings.sorted { ($0.range.lowerBound, -$0.range.upperBound) < ($1.range.lowerBound, -$1.range.upperBound) }
        var result: [UInt8] = []
        var position = 0
        for finding in sorted {
            if finding.range.lowerBound < position {
                position = max(position, finding.range.upperBound)
                continue
            }
            result += bytes[position..<finding.range.lowerBound]
            result += Array("[redacted: \(finding.kind)]".utf8)
            position = finding.range.upperBound
        }
        result += bytes[position...]
        return String(decoding: result, as: UTF8.self)
    }
}

/// A secret and where it stands.
struct SecretFinding {
    var kind: String
    var range: Range<Int>
}

/// Other spellings of the same bytes.
enum TextEncodings {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// Without padding, so that it is also found when more follows.
    static func base64(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index + 2 < bytes.count {
            let group = Int(bytes[index]) << 16 | Int(bytes[index + 1]) << 8 | Int(bytes[index + 2])
            for shift in [18, 12, 6, 0] { result.append(alphabet[(group >> shift) & 63]) }
            index += 3
        }
        return result
    }

    static func percent(_ bytes: [UInt8]) -> [UInt8] {
        bytes.flatMap { byte -> [UInt8] in
            ByteSearch.isWord(byte) || byte == 0x2D || byte == 0x2E || byte == 0x7E
                ? [byte] : Array(("%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)).utf8)
        }
    }
}
