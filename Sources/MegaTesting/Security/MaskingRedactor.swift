// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

/// Hides given words. It knows no secrets of its own.
public struct MaskingRedactor: ContentRedactor {
    private let words: [String]
    private let mask: String

    /// - Parameters:
    ///   - words: What is hidden; empty ones count for nothing.
    ///   - mask: What stands there instead.
    public init(_ words: [String], mask: String = "•••") {
        self.words = words.filter { !$0.isEmpty }.sorted { $0.utf8.count > $1.utf8.count }
        self.mask = mask
    }

    /// See `ContentRedactor.redact(_:)`.
    public func redact(_ text: String) throws -> String { words.reduce(text) { $0.replacing($1, with: mask) } }

    /// The longest end of the text that a word may have begun with.
    public func unfinishedSuffix(of text: String) -> Int {
        let bytes = Array(text.utf8)
        let lengths = words.map { word in
            let word = Array(word.utf8)
            return (0..<word.count).reversed().first { bytes.suffix($0).elementsEqual(word.prefix($0)) } ?? 0
        }
        return lengths.max() ?? 0
    }
}
