// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Values assigned to names that say what they are, and passwords inside URLs.
enum SecretAssignments {
    private static let names = [
        "password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "api_key", "api-key", "accesskey", "access_key", "access-key",
        "secretkey", "secret_key", "private_key", "auth_key", "credential", "client_secret", "encryption_key",
    ].map { Array($0.utf8) }

    private static let placeholders = ["example", "changeme", "placeholder", "your", "xxxx", "****", "redacted", "dummy", "none", "null", "true", "false"]
        .map { Array($0.utf8) }

    /// - Parameter separator: The place of a colon or equals sign.
    static func value(_ bytes: UnsafeBufferPointer<UInt8>, at separator: Int) -> SecretFinding? {
        if bytes[separator] == 0x3A, let finding = urlPassword(bytes, separator) { return finding }
        guard let name = nameBefore(bytes, separator) else { return nil }
        let isPassword = names[0..<4].contains { contains($0, bytes, name) }
        guard isPassword || names.contains(where: { contains($0, bytes, name) }) else { return nil }
        var start = separator + 1
        if start < bytes.count, bytes[start] == 0x3D || bytes[start] == 0x3E { start += 1 }
        while start < bytes.count, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
        var quote: UInt8?
        if start < bytes.count, bytes[start] == 0x22 || bytes[start] == 0x27 {
            quote = bytes[start]
            start += 1
        }
        var end = start
        while end < bytes.count, end - start < 512, !stops(bytes[end], quote) { end += 1 }
        guard end - start >= (isPassword ? 6 : 12) else { return nil }
        let value = bytes[start..<end]
        guard isRandom(value, isPassword: isPassword), !placeholders.contains(where: { contains($0, bytes, start..<end) }) else { return nil }
        return SecretFinding(kind: isPassword ? "password" : "secret", range: start..<end)
    }

    private static func stops(_ byte: UInt8, _ quote: UInt8?) -> Bool {
        if let quote { return byte == quote || byte == 0x0A }
        return byte <= 0x20 || byte == 0x22 || byte == 0x27 || byte == 0x2C || byte == 0x3B || byte == 0x26 || byte == 0x29 || byte == 0x7D
    }

    private static func isRandom(_ value: Slice<UnsafeBufferPointer<UInt8>>, isPassword: Bool) -> Bool {
        guard let first = value.first, !"$<{[(%".utf8.contains(first) else { return false }
        let hasDigit = value.contains { (0x30...0x39).contains($0) }
        let hasLetter = value.contains { (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
        let hasOther = value.contains { !ByteSearch.isWord($0) }
        // Words, numbers and calls are no secrets; letters mixed with digits or marks are.
        guard hasLetter, hasDigit || hasOther, !value.contains(0x28) else { return false }
        return ByteSearch.entropy(value) > (isPassword ? 2.2 : 3.2)
    }

    private static func nameBefore(_ bytes: UnsafeBufferPointer<UInt8>, _ separator: Int) -> Range<Int>? {
        var end = separator
        while end > 0, [0x20, 0x09, 0x22, 0x27, 0x3A].contains(bytes[end - 1]), separator - end < 4 { end -= 1 }
        var start = end
        while start > 0, ByteSearch.isWord(bytes[start - 1]) || bytes[start - 1] == 0x2D, end - start < 64 { start -= 1 }
        return start < end ? start..<end : nil
    }

    private static func contains(_ name: [UInt8], _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        guard range.count >= name.count else { return false }
        for start in range.lowerBound...(range.upperBound - name.count)
        where name.indices.allSatisfy({ ByteSearch.lower(bytes[start + $0]) == name[$0] }) { return true }
        return false
    }

    /// `scheme://user:password@host`, from the colon after the user.
    private static func urlPassword(_ bytes: UnsafeBufferPointer<UInt8>, _ colon: Int) -> SecretFinding? {
        var start = colon
        while start > 0, colon - start < 128, bytes[start - 1] > 0x20, bytes[start - 1] != 0x2F, bytes[start - 1] != 0x40 { start -= 1 }
        guard start >= 3, bytes[start - 1] == 0x2F, bytes[start - 2] == 0x2F, bytes[start - 3] == 0x3A else { return nil }
        var end = colon + 1
        while end < bytes.count, end - colon < 256, bytes[end] > 0x20, bytes[end] != 0x40, bytes[end] != 0x2F, bytes[end] != 0x22 { end += 1 }
        guard end < bytes.count, bytes[end] == 0x40, end - colon > 3 else { return nil }
        return SecretFinding(kind: "password in URL", range: (colon + 1)..<end)
    }
}
