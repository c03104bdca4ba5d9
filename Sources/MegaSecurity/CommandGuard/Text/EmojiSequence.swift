// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Emoji and the invisible characters that belong to them.
enum EmojiSequence {
    static let joiner: UInt32 = 0x200D
    static let textStyle: UInt32 = 0xFE0E
    static let emojiStyle: UInt32 = 0xFE0F
    static let keycap: UInt32 = 0x20E3
    static let blackFlag: UInt32 = 0x1F3F4
    static let cancelTag: UInt32 = 0xE007F

    /// Longest code of a region in a flag made of tags, such as `gbeng`; more room would be room for a message.
    private static let longestRegion = 6

    static func isEmoji(_ scalar: UInt32) -> Bool {
        scalar >= 0x80 && (Unicode.Scalar(scalar)?.properties.isEmoji ?? false)
    }

    /// Whether the variation selector at `index` chooses how an emoji looks.
    static func isStyled(_ text: [TextScalar], _ index: Int) -> Bool {
        guard index > 0, text[index].value == textStyle || text[index].value == emojiStyle else { return false }
        let base = text[index - 1].value
        if isEmoji(base) { return true }
        let isKeyBase = base == 0x23 || base == 0x2A || (0x30...0x39).contains(base)
        return isKeyBase && index + 1 < text.count && text[index + 1].value == keycap
    }

    /// Whether the joiner at `index` ties two emoji together.
    static func isJoined(_ text: [TextScalar], _ index: Int) -> Bool {
        guard index > 0, index + 1 < text.count, isEmoji(text[index + 1].value) else { return false }
        let before = text[index - 1].value
        if isEmoji(before) || before == cancelTag { return true }
        return before == emojiStyle && index > 1 && isEmoji(text[index - 2].value)
    }

    /// The end of the flag of a region (a black flag and tags) whose first tag is at `index`, or nil when it is none.
    static func endOfFlag(_ text: [TextScalar], _ index: Int) -> Int? {
        guard index > 0, text[index - 1].value == blackFlag else { return nil }
        var end = index
        while end < text.count, end - index < longestRegion, isRegionTag(text[end].value) { end += 1 }
        guard end - index >= 3, end < text.count, text[end].value == cancelTag else { return nil }
        return end + 1
    }

    private static func isRegionTag(_ scalar: UInt32) -> Bool {
        (0xE0030...0xE0039).contains(scalar) || (0xE0061...0xE007A).contains(scalar)
    }
}
