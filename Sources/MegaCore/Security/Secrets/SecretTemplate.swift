// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// A text in which `{{NAME}}` may stand for secrets.
public struct SecretTemplate: Sendable, Hashable {
    /// A part of the text.
    public enum Part: Sendable, Hashable {
        case text(String)
        case handle(SecretName)
    }

    /// The parts in order.
    public let parts: [Part]

    /// Splits a text. Braces around anything that is no name are text.
    public init(_ text: String) {
        let bytes = Array(text.utf8)
        var parts: [Part] = []
        var start = 0
        var index = 0
        while index + 3 < bytes.count {
            guard bytes[index] == 0x7B, bytes[index + 1] == 0x7B else {
                index += 1
                continue
            }
            var end = index + 2
            let limit = min(bytes.count - 1, end + SecretName.longest + 1)
            while end < limit, bytes[end] != 0x7D, bytes[end] != 0x7B { end += 1 }
            if end + 1 < bytes.count, bytes[end] == 0x7D, bytes[end + 1] == 0x7D,
                let name = SecretName(String(decoding: bytes[(index + 2)..<end], as: UTF8.self))
            {
                if start < index { parts.append(.text(String(decoding: bytes[start..<index], as: UTF8.self))) }
                parts.append(.handle(name))
                index = end + 2
                start = index
            } else {
                index += 1
            }
        }
        if start < bytes.count { parts.append(.text(String(decoding: bytes[start...], as: UTF8.self))) }
        self.parts = parts
    }

    /// The secrets the text asks for.
    public var names: Set<SecretName> {
        Set(parts.compactMap { part in
            guard case .handle(let name) = part else { return nil }
            return name
        })
    }
}
