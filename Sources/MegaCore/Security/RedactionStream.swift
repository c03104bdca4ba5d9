// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Redacts a text that comes in pieces, and gives out as much of it as may be shown by now.
///
/// Control characters go line by line. Then the redactor says how much of the end may belong to a secret that is not seen whole, or may
/// be what the next word is recognised by; so much is held back, at most ``mostHeldBack`` bytes. What would be more is left out with a
/// note: it is never shown unredacted. Joined, what is given out is the redacted whole, however the text was cut.
struct RedactionStream: Sendable {
    /// A line longer than this is taken in pieces, cut behind blanks where there are any.
    static let longestLine = 4 << 10
    /// The most bytes held back.
    static let mostHeldBack = 64 << 10

    private let redactor: any ContentRedactor
    /// The end of the text, not yet cleaned: an unfinished line.
    private var line = ""
    /// Cleaned text that is held back.
    private var held = ""
    /// The redactor is asked again when so many bytes are held back; asking at every line would cost too much in a long secret.
    private var nextLook = 0

    init(redactor: any ContentRedactor) { self.redactor = redactor }

    /// Takes in a piece and returns what may be shown now.
    ///
    /// - Throws: What the redactor throws; the text concerned is lost.
    mutating func push(_ piece: String) throws -> String? {
        line += piece
        let count = takeable
        guard count > 0 else { return nil }
        held += OutputSanitizer.clean(take(count, from: &line))
        guard held.utf8.count >= nextLook else { return nil }
        let unfinished = min(max(0, redactor.unfinishedSuffix(of: held)), held.utf8.count)
        let ready = take(held.utf8.count - unfinished, from: &held)
        nextLook = unfinished > 1_024 ? unfinished + max(512, unfinished / 8) : 0
        guard unfinished <= Self.mostHeldBack else {
            let beginning = take(1_024, from: &held)
            held = beginning
            nextLook = 0
            return try redacted(ready) + "[output withheld: it was too long to be checked for secrets]\n"
        }
        return ready.isEmpty ? nil : try redacted(ready)
    }

    /// What is left when the text has ended.
    ///
    /// - Throws: What the redactor throws.
    mutating func finish() throws -> String? {
        let rest = held + OutputSanitizer.clean(line)
        held = ""
        line = ""
        nextLook = 0
        return rest.isEmpty ? nil : try redacted(rest)
    }

    private func redacted(_ text: String) throws -> String { text.isEmpty ? "" : try redactor.redact(text) }

    /// Bytes of the unfinished line that can be cleaned: whole lines, or a part of a line that is too long.
    private var takeable: Int {
        let bytes = line.utf8
        if let end = bytes.lastIndex(of: 0x0A) { return bytes.distance(from: bytes.startIndex, to: end) + 1 }
        guard bytes.count > Self.longestLine else { return 0 }
        if let blank = bytes.lastIndex(where: { $0 == 0x20 || $0 == 0x09 }) { return bytes.distance(from: bytes.startIndex, to: blank) + 1 }
        // Not through an escape sequence.
        if let escape = bytes.suffix(256).lastIndex(of: 0x1B) { return bytes.distance(from: bytes.startIndex, to: escape) }
        return bytes.count
    }

    /// Takes about so many bytes off the front, never a part of a character.
    private func take(_ count: Int, from text: inout String) -> String {
        guard count > 0 else { return "" }
        let cut = text.utf8.index(text.startIndex, offsetBy: min(count, text.utf8.count))
        let front = String(text[..<cut])
        text = String(text[cut...])
        return front
    }
}
