// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// Looks at the characters of a command before anything else: what a person sees must be what runs.
enum CharacterScan {
    static func scan(_ scalars: some Sequence<Unicode.Scalar>, into found: inout ShellFindings) {
        var previous: Unicode.Scalar = " "
        var insideFlag = false
        for scalar in scalars {
            defer { previous = scalar }
            if scalar.value < 0x80, scalar.value >= 0x20, scalar.value != 0x7F { insideFlag = false; continue }
            switch scalar.value {
            case 0x09, 0x0A: break
            case 0x00..<0x20, 0x7F...0x9F:
                found.add(.deny, "control-character", "It contains control characters, which can make a terminal show something else.")
            case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069:
                found.add(.deny, "bidirectional-control", "It contains characters that reorder the text on the screen.")
            case 0xE0020...0xE007F where insideFlag: break
            case 0x200C, 0x200D, 0xFE00...0xFE0F:
                // Joiners and variation selectors belong to emoji and to several scripts, never to ASCII text. Keycaps are the exception.
                let isKeycap = scalar.value == 0xFE0F && (previous.properties.isEmoji && previous.value >= 0x23)
                if previous.value < 0x80, !isKeycap { invisible(&found) }
            case 0x00AD, 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B...0x180F, 0x200B, 0x2028, 0x2029, 0x2060...0x2065, 0x206A...0x206F,
                0x3164, 0xFEFF, 0xFFA0, 0xFFF9...0xFFFB, 0x1BCA0...0x1BCA3, 0x1D173...0x1D17A, 0xE0000...0xE0FFF:
                invisible(&found)
            default:
                insideFlag = scalar.value == 0x1F3F4
            }
        }
    }

    private static func invisible(_ found: inout ShellFindings) {
        found.add(.deny, "invisible-character", "It contains characters that cannot be seen.")
    }

    /// Whether a scalar looks like a blank without being one for the shell.
    static func isOddBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00A0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x2800, 0x3000: true
        default: false
        }
    }

    /// Whether one run of letters mixes Latin with Cyrillic, Greek or Armenian, whose letters look alike.
    static func mixesAlphabets(_ word: String) -> Bool {
        var latin = false
        var other = false
        for scalar in word.unicodeScalars {
            switch scalar.value {
            case 0x41...0x5A, 0x61...0x7A: latin = true
            case 0x0370...0x058F, 0x13A0...0x13FF: other = true
            default:
                latin = false
                other = false
            }
            if latin && other { return true }
        }
        return false
    }
}
