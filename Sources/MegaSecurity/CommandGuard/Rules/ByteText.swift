// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Searching texts by their bytes.
///
/// The library's `contains(_:)` and, for parts of texts, `hasPrefix(_:)` compare characters and build a table for every search: some
/// hundred times the price. In this module these come first; what is searched for is ASCII, so they find the same.
extension String {
    /// Whether a text stands in it.
    func contains(_ text: String) -> Bool { ByteText.contains(text, in: utf8) }

    /// Whether an ASCII text stands in it.
    func holds(_ text: StaticString) -> Bool { ByteText.contains(text, in: utf8) }
}

extension Substring {
    /// Whether a text stands in it.
    func contains(_ text: String) -> Bool { ByteText.contains(text, in: utf8) }

    /// Whether it begins with a text.
    func hasPrefix(_ text: String) -> Bool { utf8.starts(with: text.utf8) }
}

enum ByteText {
    static func contains(_ wanted: String, in text: some Collection<UInt8>) -> Bool {
        var wanted = wanted
        return wanted.withUTF8 { contains($0, in: text) }
    }

    static func contains(_ wanted: StaticString, in text: some Collection<UInt8>) -> Bool {
        contains(UnsafeBufferPointer(start: wanted.utf8Start, count: wanted.utf8CodeUnitCount), in: text)
    }

    private static func contains(_ wanted: UnsafeBufferPointer<UInt8>, in text: some Collection<UInt8>) -> Bool {
        if let found = text.withContiguousStorageIfAvailable({ contains(wanted, in: $0) }) { return found }
        return Array(text).withUnsafeBufferPointer { contains(wanted, in: $0) }
    }

    private static func contains(_ wanted: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = wanted.first else { return true }
        let last = bytes.count - wanted.count
        var at = 0
        while at <= last {
            if bytes[at] == first {
                var matched = 1
                while matched < wanted.count, bytes[at + matched] == wanted[matched] { matched += 1 }
                if matched == wanted.count { return true }
            }
            at += 1
        }
        return false
    }
}
