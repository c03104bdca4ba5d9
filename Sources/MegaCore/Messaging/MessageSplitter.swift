// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Cuts a text into parts no longer than a channel allows.
///
/// It cuts at the end of a paragraph where there is one in the second half of a part, else at the end of a line, else between words, and
/// never inside a grapheme cluster, unless a single one is longer than the limit. A fenced code block (CommonMark, section 4.5) that goes on
/// in the next part is closed at the end of one and opened again at the beginning of the other. White space at the cuts goes away; nothing
/// else does. The time it takes grows with the length of the text.
public struct MessageSplitter: Sendable, Hashable {
    /// The most length of one part.
    public let limit: Int
    /// What ``limit`` counts.
    public let unit: AdapterCapabilities.LengthUnit

    /// - Parameters:
    ///   - limit: The most length of one part; less than 1 counts as 1.
    public init(limit: Int, unit: AdapterCapabilities.LengthUnit) {
        self.limit = max(1, limit)
        self.unit = unit
    }

    /// The parts in order; the text itself when it is short enough.
    public func split(_ text: String) -> [String] {
        guard !fits(text) else { return [text] }
        var parts: [String] = []
        var rest = text[...]
        var open: Fence?
        while !rest.isEmpty {
            let head = open.map { $0.opening + "\n" } ?? ""
            let room = limit - length(of: head)
            guard furthest(in: rest, room: room) < rest.endIndex else {
                parts.append(head + rest)
                break
            }
            var (cut, fence, reserve) = (rest.startIndex, open, 0)
            // Room for the closing fence is needed only where the cut is in a code block, and which block that is depends on the cut.
            repeat {
                reserve = fence.map { length(of: $0.closing) + 1 } ?? 0
                cut = self.cut(rest, room: max(1, room - reserve), in: open)
                fence = self.fence(after: rest[..<cut], from: open)
            } while (fence.map { length(of: $0.closing) + 1 } ?? 0) > reserve
            let part = Self.trimmingEnd(rest[..<cut], isCode: fence != nil)
            if let fence {
                parts.append(head + part + "\n" + fence.closing)
            } else if !part.isEmpty {
                parts.append(head + part)
            }
            rest = Self.trimmingStart(rest, from: cut, isCode: fence != nil)
            open = fence
            // The block ends right here, and has been closed.
            let line = rest.prefix(limit).prefix { !$0.isNewline }
            if let fence, fence.isClosed(by: line), line.endIndex == rest.endIndex || rest[line.endIndex].isNewline {
                rest = Self.trimmingStart(rest, from: line.endIndex, isCode: false)
                open = nil
            }
        }
        return parts
    }

    /// Whether a text needs no cutting.
    public func fits(_ text: String) -> Bool { length(of: text) <= limit }

    func length(of text: some StringProtocol) -> Int {
        switch unit {
        case .utf8Bytes: text.utf8.count
        case .utf16Units: text.utf16.count
        case .unicodeScalars: text.unicodeScalars.count
        case .characters: text.count
        }
    }

    private func length(of character: Character) -> Int {
        switch unit {
        case .utf8Bytes: character.utf8.count
        case .utf16Units: character.utf16.count
        case .unicodeScalars: character.unicodeScalars.count
        case .characters: 1
        }
    }

    // MARK: Where to cut

    /// The end of the whole characters that have room.
    private func furthest(in text: Substring, room: Int) -> String.Index {
        var (index, used) = (text.startIndex, 0)
        while index < text.endIndex {
            used += length(of: text[index])
            guard used <= room else { break }
            index = text.index(after: index)
        }
        return index
    }

    /// The best place to cut, always behind the beginning.
    private func cut(_ text: Substring, room: Int, in fence: Fence?) -> String.Index {
        let end = furthest(in: text, room: room)
        guard end > text.startIndex else { return cutInsideCharacter(text, room: room) }
        var (paragraph, line, word) = (Place(), Place(), Place())
        var (index, used, wasLineEnd) = (text.startIndex, 0, false)
        while index <= end, index < text.endIndex {
            let character = text[index]
            // A cut before white space; it goes away with it.
            if index > text.startIndex, character.isWhitespace {
                if character.isNewline {
                    if wasLineEnd { paragraph = Place(index: index, used: used) } else { line = Place(index: index, used: used) }
                } else {
                    word = Place(index: index, used: used)
                }
            }
            wasLineEnd = character.isNewline
            used += length(of: character)
            index = text.index(after: index)
        }
        let cut: String.Index
        if paragraph.used * 2 >= room {
            cut = paragraph.index ?? end
        } else if line.used * 2 >= room {
            cut = line.index ?? end
        } else if word.used * 2 >= room {
            cut = word.index ?? end
        } else {
            cut = end
        }
        return beforeFence(cut, in: text, open: fence)
    }

    private struct Place {
        var index: String.Index?
        var used = 0
    }

    /// A fence, and a code block of which only the fence would stay, belong to what follows.
    private func beforeFence(_ cut: String.Index, in text: Substring, open: Fence?) -> String.Index {
        var start = text[..<cut].lastIndex(where: \.isNewline).map { text.index(after: $0) } ?? text.startIndex
        if start == cut, start > text.startIndex {
            start = text[..<start].dropLast().lastIndex(where: \.isNewline).map { text.index(after: $0) } ?? text.startIndex
        }
        guard start > text.startIndex, start < cut, Fence(line: text[start..<cut], limit: limit) != nil,
            fence(after: text[..<start], from: open) == nil
        else { return cut }
        return start
    }

    /// A single character is longer than the room: as many of its scalars as fit, but one at least.
    private func cutInsideCharacter(_ text: Substring, room: Int) -> String.Index {
        var (index, used) = (text.startIndex, 0)
        let scalars = text.unicodeScalars
        repeat {
            used += length(of: Character(scalars[index]))
            if used > room, index > text.startIndex { break }
            index = scalars.index(after: index)
        } while index < text.endIndex
        return index
    }

    private static func trimmingEnd(_ text: Substring, isCode: Bool) -> Substring {
        var text = text
        if isCode {
            if text.last?.isNewline == true { text.removeLast() }
        } else {
            while text.last?.isWhitespace == true { text.removeLast() }
        }
        return text
    }

    /// What follows a cut: without the line ends or blanks the cut stands at, but with the indentation of the next line.
    private static func trimmingStart(_ text: Substring, from cut: String.Index, isCode: Bool) -> Substring {
        var rest = text[cut...]
        if isCode {
            // The line end before the cut, or the one behind it.
            if text[..<cut].last?.isNewline != true, rest.first?.isNewline == true { rest.removeFirst() }
            return rest
        }
        if rest.first?.isNewline == true {
            while rest.first?.isNewline == true { rest.removeFirst() }
        } else {
            while let first = rest.first, first.isWhitespace, !first.isNewline { rest.removeFirst() }
        }
        return rest
    }

    // MARK: Code blocks

    /// The line that opens a fenced code block.
    private struct Fence: Equatable {
        /// The line, without its indentation.
        var opening: String
        /// The marks alone.
        var closing: String

        /// - Parameter limit: Marks too long to be repeated in every part open no block here, and neither do long words behind them.
        init?(line: Substring, limit: Int) {
            let trimmed = line.drop { $0 == " " }
            guard line.distance(from: line.startIndex, to: trimmed.startIndex) <= 3, let mark = trimmed.first, mark == "`" || mark == "~" else {
                return nil
            }
            let marks = trimmed.prefix { $0 == mark }
            let info = trimmed.dropFirst(marks.count).filter { !$0.isNewline }
            guard marks.count >= 3, marks.count <= limit / 8, mark == "~" || !info.contains("`") else { return nil }
            closing = String(marks)
            opening = info.utf8.count <= limit / 8 ? closing + info : closing
        }

        func isClosed(by line: Substring) -> Bool {
            let trimmed = line.drop { $0 == " " }
            guard line.distance(from: line.startIndex, to: trimmed.startIndex) <= 3, let mark = closing.first else { return false }
            let marks = trimmed.prefix { $0 == mark }
            return marks.count >= closing.count && trimmed.dropFirst(marks.count).allSatisfy(\.isWhitespace)
        }
    }

    /// The block that is open at the end of a text.
    private func fence(after text: Substring, from open: Fence?) -> Fence? {
        var fence = open
        for line in text.split(omittingEmptySubsequences: true, whereSeparator: \.isNewline) {
            if let current = fence {
                if current.isClosed(by: line) { fence = nil }
            } else {
                fence = Fence(line: line, limit: limit)
            }
        }
        return fence
    }
}
