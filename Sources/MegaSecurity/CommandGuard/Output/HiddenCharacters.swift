// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Characters in printed text that nobody sees but a model reads.
enum HiddenCharacters {
    /// A few joiners are writing; a long row of invisible characters is a message.
    private static let longestRun = 7

    static func check(_ bytes: [UInt8], into found: inout TextFindings) {
        let text = TextScalar.decode(bytes, quotes: false)
        var index = 0
        while index < text.count {
            let value = text[index].value
            guard value >= 0x80 else { index += 1; continue }
            if value == 0x202D || value == 0x202E { found.add(.bidiControls, text[index].span, .warn) }
            if value == EmojiSequence.blackFlag, let end = EmojiSequence.endOfFlag(text, index + 1) {
                index = end
                continue
            }
            var end = index
            while end < text.count, isInvisible(text[end].value) { end += 1 }
            if end > index {
                let isTags = (0xE0000...0xE007F).contains(value)
                if end - index > longestRun || isTags { found.add(.outputHiddenText, text[index].offset..<text[end - 1].span.upperBound) }
                index = end
            } else {
                index += 1
            }
        }
    }

    private static func isInvisible(_ value: UInt32) -> Bool {
        value >= 0xAD && (Unicode.Scalar(value)?.properties.isDefaultIgnorableCodePoint ?? false)
    }
}
