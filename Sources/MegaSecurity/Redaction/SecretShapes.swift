// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Secrets by their shape.
enum SecretShapes {
    private struct Shape: Sendable {
        var kind: String
        var prefix: [UInt8]
        /// Bytes after the prefix.
        var length: ClosedRange<Int>
        var alphabet: Alphabet

        init(_ kind: String, _ prefix: String, _ length: ClosedRange<Int>, _ alphabet: Alphabet = .url) {
            self.kind = kind
            self.prefix = Array(prefix.utf8)
            self.length = length
            self.alphabet = alphabet
        }
    }

    private enum Alphabet: Sendable {
        case upperAndDigits, alphanumeric, url, hex

        func contains(_ byte: UInt8) -> Bool {
            switch self {
            case .upperAndDigits: (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
            case .alphanumeric: ByteSearch.isWord(byte) && byte != 0x5F
            case .url: ByteSearch.isWord(byte) || byte == 0x2D
            case .hex: (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) || (0x41...0x46).contains(byte)
            }
        }
    }

    private static let shapes: [Shape] = [
        Shape("Anthropic key", "sk-ant-", 20...300), Shape("OpenAI key", "sk-proj-", 20...300), Shape("OpenAI key", "sk-svcacct-", 20...300),
        Shape("OpenRouter key", "sk-or-v1-", 32...128), Shape("API key", "sk-", 32...300, .alphanumeric),
        Shape("Stripe key", "sk_live_", 16...256, .alphanumeric), Shape("Stripe key", "rk_live_", 16...256, .alphanumeric),
        Shape("Stripe key", "sk_test_", 16...256, .alphanumeric), Shape("Stripe secret", "whsec_", 24...256, .alphanumeric),
        Shape("AWS key id", "AKIA", 16...16, .upperAndDigits), Shape("AWS key id", "ASIA", 16...16, .upperAndDigits),
        Shape("GitHub token", "ghp_", 36...255, .alphanumeric), Shape("GitHub token", "gho_", 36...255, .alphanumeric),
        Shape("GitHub token", "ghu_", 36...255, .alphanumeric), Shape("GitHub token", "ghs_", 36...255, .alphanumeric),
        Shape("GitHub token", "ghr_", 36...255, .alphanumeric), Shape("GitHub token", "github_pat_", 40...255),
        Shape("GitLab token", "glpat-", 20...64), Shape("GitLab token", "gldt-", 20...64), Shape("GitLab token", "glrt-", 20...64),
        Shape("Slack token", "xoxb-", 20...255), Shape("Slack token", "xoxp-", 20...255), Shape("Slack token", "xoxa-", 20...255),
        Shape("Slack token", "xoxs-", 20...255), Shape("Slack token", "xoxr-", 20...255), Shape("Slack token", "xapp-", 20...255),
        Shape("Google key", "AIza", 35...35), Shape("Google token", "ya29.", 20...1000), Shape("Google secret", "GOCSPX-", 28...28),
        Shape("npm token", "npm_", 36...36, .alphanumeric), Shape("PyPI token", "pypi-", 50...500),
        Shape("Hugging Face token", "hf_", 30...64, .alphanumeric), Shape("SendGrid key", "SG.", 20...128),
        Shape("Twilio key", "SK", 32...32, .hex), Shape("Groq key", "gsk_", 40...100, .alphanumeric), Shape("xAI key", "xai-", 40...128),
        Shape("Perplexity key", "pplx-", 40...100), Shape("Replicate token", "r8_", 37...60, .alphanumeric),
        Shape("DigitalOcean token", "dop_v1_", 64...64, .hex), Shape("Shopify token", "shpat_", 32...32, .hex),
        Shape("Databricks token", "dapi", 32...40, .hex), Shape("Linear key", "lin_api_", 40...64, .alphanumeric),
        Shape("Vault token", "hvs.", 24...300), Shape("Doppler token", "dp.pt.", 40...64, .alphanumeric),
        Shape("Tailscale key", "tskey-", 20...100), Shape("age key", "AGE-SECRET-KEY-1", 58...58, .upperAndDigits),
        Shape("Sentry token", "sntrys_", 40...300), Shape("Notion token", "ntn_", 40...60, .alphanumeric),
    ]

    /// By first byte: most positions of a text are done with one look.
    private static let byFirstByte: [[Shape]] = {
        var table = [[Shape]](repeating: [], count: 256)
        for shape in shapes { table[Int(shape.prefix[0])].append(shape) }
        return table
    }()

    static func find(in bytes: UnsafeBufferPointer<UInt8>, into findings: inout [SecretFinding]) {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            let startsWord = index == 0 || !ByteSearch.isWord(bytes[index - 1])
            if startsWord {
                if let finding = token(bytes, index) ?? structured(bytes, index, byte) {
                    findings.append(finding)
                    index = max(finding.range.upperBound, index + 1)
                    continue
                }
            }
            // A separator makes what stands before it a name.
            if byte == 0x3D || byte == 0x3A, let finding = SecretAssignments.value(bytes, at: index) {
                findings.append(finding)
                index = max(finding.range.upperBound, index + 1)
                continue
            }
            index += 1
        }
    }

    private static func token(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> SecretFinding? {
        for shape in byFirstByte[Int(bytes[start])] where ByteSearch.matches(shape.prefix, bytes, start) {
            let first = start + shape.prefix.count
            var end = first
            while end < bytes.count, end - first <= shape.length.upperBound, shape.alphabet.contains(bytes[end]) || (bytes[end] == 0x2E && shape.prefix.last == 0x2E) {
                end += 1
            }
            guard shape.length.contains(end - first), end == bytes.count || !ByteSearch.isWord(bytes[end]),
                ByteSearch.entropy(bytes[first..<end]) > 2.5
            else { continue }
            return SecretFinding(kind: shape.kind, range: start..<end)
        }
        return nil
    }

    // MARK: - Shapes with a structure

    private static let blockStart = Array("-----BEGIN ".utf8)
    private static let blockEnd = Array("-----END ".utf8)
    private static let privateKey = Array("PRIVATE KEY".utf8)
    private static let jwt = Array("eyJ".utf8)
    private static let schemes = [Array("bearer ".utf8), Array("basic ".utf8)]

    private static func structured(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ byte: UInt8) -> SecretFinding? {
        switch byte {
        case 0x2D where ByteSearch.matches(blockStart, bytes, start): keyBlock(bytes, start)
        case 0x65 where ByteSearch.matches(jwt, bytes, start): webToken(bytes, start)
        case 0x42, 0x62: authorization(bytes, start)
        default: nil
        }
    }

    private static func keyBlock(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> SecretFinding? {
        var index = start + blockStart.count
        let labelEnd = min(index + 40, bytes.count)
        while index < labelEnd, !ByteSearch.matches(privateKey, bytes, index) { index += 1 }
        guard index < labelEnd else { return nil }
        // A block without its end is redacted to the end of the text: half a key is a key.
        while index < bytes.count, !ByteSearch.matches(blockEnd, bytes, index) { index += 1 }
        if index < bytes.count {
            index += blockEnd.count
            while index < bytes.count, bytes[index] != 0x2D, bytes[index] != 0x0A { index += 1 }
            while index < bytes.count, bytes[index] == 0x2D { index += 1 }
        }
        return SecretFinding(kind: "private key", range: start..<index)
    }

    private static func webToken(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> SecretFinding? {
        var index = start
        var dots: [Int] = []
        while index < bytes.count, Alphabet.url.contains(bytes[index]) || bytes[index] == 0x2E {
            if bytes[index] == 0x2E { dots.append(index) }
            index += 1
        }
        guard dots.count >= 2, dots[0] - start >= 10, dots[1] - dots[0] >= 10, index - dots[1] >= 8 else { return nil }
        return SecretFinding(kind: "JSON web token", range: start..<index)
    }

    private static func authorization(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> SecretFinding? {
        for scheme in schemes {
            guard start + scheme.count < bytes.count, scheme.indices.allSatisfy({ ByteSearch.lower(bytes[start + $0]) == scheme[$0] }) else { continue }
            let first = start + scheme.count
            var end = first
            while end < bytes.count, Alphabet.url.contains(bytes[end]) || [0x2E, 0x2B, 0x2F, 0x3D, 0x7E].contains(bytes[end]) { end += 1 }
            // Long and mixed, or it is the English word.
            guard end - first >= 16, bytes[first..<end].contains(where: { (0x30...0x39).contains($0) }), ByteSearch.entropy(bytes[first..<end]) > 3 else {
                return nil
            }
            return SecretFinding(kind: "authorization", range: first..<end)
        }
        return nil
    }
}
