// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Credentials standing in a text.
///
/// In commands and pastes they are told by the prefix their issuers gave them, coarsely: a placeholder of the right form in a command is
/// where the real one will stand. In output, where much is quoted and documented, a ``SecretScanner`` finds them.
enum CredentialRules {
    private enum Alphabet { case upper, word, base64 }

    private struct Shape {
        var prefix: [UInt8]
        var alphabet: Alphabet
        /// Characters behind the prefix.
        var length: ClosedRange<Int>

        init(_ prefix: String, _ alphabet: Alphabet, _ length: ClosedRange<Int>) {
            self.prefix = Array(prefix.utf8)
            self.alphabet = alphabet
            self.length = length
        }
    }

    private static let shapes: [Shape] = [
        Shape("AKIA", .upper, 16...16), Shape("ASIA", .upper, 16...16), Shape("ABIA", .upper, 16...16), Shape("ACCA", .upper, 16...16),
        Shape("A3T", .upper, 17...17), Shape("AGPA", .upper, 16...16), Shape("AIDA", .upper, 16...16), Shape("AROA", .upper, 16...16),
        Shape("AIPA", .upper, 16...16), Shape("ANPA", .upper, 16...16), Shape("ANVA", .upper, 16...16),
        Shape("ghp_", .word, 36...255), Shape("gho_", .word, 36...255), Shape("ghu_", .word, 36...255), Shape("ghs_", .word, 36...255),
        Shape("ghr_", .word, 36...255), Shape("github_pat_", .word, 22...255), Shape("glpat-", .word, 20...64), Shape("gldt-", .word, 20...64),
        Shape("sk-ant-", .word, 24...200), Shape("sk-proj-", .word, 24...200), Shape("sk-svcacct-", .word, 24...200), Shape("sk-or-v1-", .word, 32...100),
        Shape("sk-", .word, 40...64), Shape("sk_live_", .word, 16...200), Shape("rk_live_", .word, 16...200), Shape("sk_test_", .word, 16...200),
        Shape("xoxb-", .word, 20...200), Shape("xoxp-", .word, 20...200), Shape("xoxa-", .word, 20...200), Shape("xoxr-", .word, 20...200),
        Shape("xoxs-", .word, 20...200), Shape("xapp-", .word, 20...200), Shape("AIza", .word, 35...35), Shape("npm_", .word, 36...36),
        Shape("pypi-AgE", .word, 50...300), Shape("hf_", .word, 30...60), Shape("dop_v1_", .word, 64...64), Shape("shpat_", .word, 32...32),
        Shape("shpss_", .word, 32...32), Shape("SG.", .base64, 60...80), Shape("hvs.", .word, 24...200), Shape("lin_api_", .word, 40...40),
        Shape("ya29.", .word, 30...300), Shape("EAACEdEose0cBA", .word, 10...300), Shape("AGE-SECRET-KEY-1", .upper, 58...58),
    ]

    /// Shapes by their first byte.
    private static let byFirst: [[Shape]] = {
        var table = Array(repeating: [Shape](), count: 256)
        for shape in shapes { if let first = shape.prefix.first { table[Int(first)].append(shape) } }
        return table
    }()

    /// A command or a paste: credentials by their form, and values that look random beside a telling name.
    static func check(_ bytes: [UInt8], into found: inout TextFindings) {
        shaped(bytes, into: &found)
        assignments(bytes, into: &found)
    }

    /// What a scanner found in output: keys and tokens, and values that only look drawn.
    static func report(_ findings: [SecretFinding], into found: inout TextFindings) {
        for finding in findings.prefix(64) {
            switch finding.type {
            case SecretStructures.privateKey.type: found.add(.privateKeyExposed, finding.range)
            case SecretAssignments.secret.type, SecretAssignments.password.type: found.add(.highEntropySecret, finding.range)
            default: found.add(.credentialInText, finding.range)
            }
        }
    }

    /// Credentials and private keys by their form.
    static func shaped(_ bytes: [UInt8], into found: inout TextFindings) {
        bytes.withUnsafeBufferPointer { buffer in
            var isStart = true
            var index = 0
            while index < buffer.count {
                let byte = buffer[index]
                let isPart = ByteScan.isAlphanumeric(byte) || byte == UInt8(ascii: "_")
                if isStart, isPart {
                    for shape in byFirst[Int(byte)] {
                        guard let end = match(shape, buffer, index) else { continue }
                        found.add(.credentialInText, index..<end)
                        break
                    }
                } else if byte == UInt8(ascii: "-"), let end = privateKey(buffer, index) {
                    found.add(.privateKeyExposed, index..<end)
                    index = end
                }
                isStart = !isPart
                index += 1
            }
        }
    }

    private static func match(_ shape: Shape, _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
        guard bytes.count - start >= shape.prefix.count + shape.length.lowerBound else { return nil }
        for offset in 1..<shape.prefix.count where bytes[start + offset] != shape.prefix[offset] { return nil }
        var end = start + shape.prefix.count
        let limit = min(bytes.count, end + shape.length.upperBound + 1)
        while end < limit, isIn(shape.alphabet, bytes[end]) { end += 1 }
        let first = bytes[start + shape.prefix.count]
        let body = start + shape.prefix.count..<end
        guard shape.length.contains(body.count), body.contains(where: { bytes[$0] != first }) else { return nil }
        // `xxxxxxxx-xxxx` is a place to fill in.
        let isPlaceholder = body.allSatisfy { bytes[$0] | 0x20 == UInt8(ascii: "x") || bytes[$0] == UInt8(ascii: "-") || bytes[$0] == UInt8(ascii: "_") }
        return isPlaceholder ? nil : end
    }

    private static func isIn(_ alphabet: Alphabet, _ byte: UInt8) -> Bool {
        switch alphabet {
        case .upper: byte &- 0x41 < 26 || byte &- 0x30 < 10
        case .word: ByteScan.isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
        case .base64: ByteScan.isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
        }
    }

    private static let begin = Array("-----BEGIN ".utf8)
    private static let key = Array("PRIVATE KEY".utf8)

    /// RFC 7468 and the armour of RFC 9580.
    private static func privateKey(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
        guard bytes.count - start >= begin.count + key.count else { return nil }
        for offset in 0..<begin.count where bytes[start + offset] != begin[offset] { return nil }
        var index = start + begin.count
        let limit = min(bytes.count, index + 48)
        while index + key.count <= limit {
            if (0..<key.count).allSatisfy({ bytes[index + $0] == key[$0] }) {
                var end = index + key.count
                while end < bytes.count, end < index + 32, bytes[end] != 0x0A { end += 1 }
                return end
            }
            if bytes[index] == UInt8(ascii: "-") || bytes[index] == 0x0A { return nil }
            index += 1
        }
        return nil
    }

    // MARK: - Values that look random beside a name that says secret

    private static let words: [[UInt8]] = ["key", "token", "secret", "passwd", "password", "pwd"].map { Array($0.utf8) }

    private static func assignments(_ bytes: [UInt8], into found: inout TextFindings) {
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "=") || bytes[index] == UInt8(ascii: ":") else { index += 1; continue }
            var end = index
            while end > 0, bytes[end - 1] == 0x20 || bytes[end - 1] == UInt8(ascii: "\"") || bytes[end - 1] == UInt8(ascii: "'") { end -= 1 }
            var start = index + 1
            while start < bytes.count, start < index + 4, bytes[start] == 0x20 || bytes[start] == UInt8(ascii: "\"") || bytes[start] == UInt8(ascii: "'") { start += 1 }
            var stop = start
            while stop < bytes.count, stop < start + 256, isIn(.base64, bytes[stop]) || bytes[stop] == UInt8(ascii: "+") || bytes[stop] == UInt8(ascii: "/") { stop += 1 }
            if stop - start >= 20, names(bytes, end), isRandom(bytes[start..<stop]) { found.add(.highEntropySecret, start..<stop) }
            index = max(index + 1, min(stop, start))
        }
    }

    private static func names(_ bytes: [UInt8], _ end: Int) -> Bool {
        words.contains { word in
            end >= word.count && (0..<word.count).allSatisfy { ByteScan.lower(bytes[end - word.count + $0]) == word[$0] }
        }
    }

    /// At least 3.7 bits a character by frequency, digits and both cases or an odd mixture: no words with hyphens, no paths.
    private static func isRandom(_ value: ArraySlice<UInt8>) -> Bool {
        var counts = Array(repeating: 0, count: 256)
        var hasDigit = false, hasUpper = false, hasLower = false
        var slashes = 0
        for byte in value {
            counts[Int(byte)] += 1
            hasDigit = hasDigit || byte &- 0x30 < 10
            hasUpper = hasUpper || byte &- 0x41 < 26
            hasLower = hasLower || byte &- 0x61 < 26
            if byte == UInt8(ascii: "/") || byte == UInt8(ascii: ".") { slashes += 1 }
        }
        guard hasDigit, hasLower, hasUpper || value.count >= 32, slashes * 8 <= value.count else { return false }
        return Entropy.bitsPerSymbol(counts, value.count) >= (hasUpper ? 3.7 : 3.3)
    }
}
