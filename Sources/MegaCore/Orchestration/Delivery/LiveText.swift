// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Text that is shown while it is being written, with nothing in it that the finished text would not show.
///
/// A secret must be seen whole to be recognised, so text is held back up to the last blank, and as much as the redactor says may belong
/// to a secret that has begun. When the redactor changes something that was shown already, nothing more is shown; the finished text
/// follows anyway.
struct LiveText {
    /// Fewer new bytes than this wait for more, because every look is at the whole text.
    private static let step = 24

    private let redactor: any ContentRedactor
    private var text = ""
    private var shown = ""
    private var looked = 0
    private var isSilent = false

    init(redactor: any ContentRedactor) { self.redactor = redactor }

    /// Takes in more text and returns what may be shown of it now.
    mutating func push(_ delta: String) -> String? {
        text += delta
        guard text.utf8.count - looked >= Self.step || delta.contains("\n"), let end = text.lastIndex(where: \.isWhitespace) else {
            return nil
        }
        looked = text.utf8.count
        let unfinished = text.utf8.count - min(max(0, redactor.unfinishedSuffix(of: text)), text.utf8.count)
        return reveal(String(text[..<min(text.index(after: end), text.utf8.index(text.startIndex, offsetBy: unfinished))]))
    }

    /// What is left when the text is whole.
    mutating func finish() -> String? { reveal(text) }

    private mutating func reveal(_ candidate: String) -> String? {
        guard !isSilent else { return nil }
        do {
            let clean = try redactor.redact(candidate)
            if clean.hasPrefix(shown) {
                let rest = String(decoding: clean.utf8.dropFirst(shown.utf8.count), as: UTF8.self)
                shown = clean
                return rest.isEmpty ? nil : rest
            }
        } catch {
            // Unsure means withheld; the finished text goes through the redactor once more and says so.
        }
        isSilent = true
        return nil
    }
}
