// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Texts as approvers see them: every character that could hide, reorder or imitate is written out, and long ones are folded.
public enum ApprovalText {
    /// A text with what cannot be seen made visible.
    ///
    /// A line break stays one, and the line after it begins with `│ `, so that no text can imitate a line of the question itself.
    /// Controls, bidirectional and invisible characters, odd spaces, private and unassigned ones are written `\u{…}`; a backslash
    /// before `u{` is written so as well, hence the escape cannot be imitated either.
    public static func escaped(_ text: String) -> String {
        var lines: [String] = []
        var line = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\n":
                lines.append(OutputSanitizer.visible(String(line)))
                line = String.UnicodeScalarView()
            // Part of the line: shown as what they are, not as two harmless letters.
            case "\r", "\t": line.append(contentsOf: code(scalar))
            case "\\" where rest.starts(with: "u{".unicodeScalars): line.append(contentsOf: code(scalar))
            default:
                switch scalar.properties.generalCategory {
                case .privateUse, .unassigned: line.append(contentsOf: code(scalar))
                default: line.append(scalar)
                }
            }
        }
        lines.append(OutputSanitizer.visible(String(line)))
        return lines.joined(separator: "\n│ ")
    }

    /// As ``escaped(_:)``, with the middle left out of a text longer than `head` and `tail` together, and how much that is.
    public static func folded(_ text: String, head: Int = 600, tail: Int = 200) -> String {
        let scalars = text.unicodeScalars
        let count = scalars.count
        guard count > head + tail else { return escaped(text) }
        let first = escaped(String(String.UnicodeScalarView(scalars.prefix(head))))
        let last = escaped(String(String.UnicodeScalarView(scalars.suffix(tail))))
        // No text can imitate this line: every line of a text but the first begins with a bar.
        return "\(first)\n[… \(count - head - tail) characters left out …]" + (tail == 0 ? "" : "\n│ \(last)")
    }

    /// A text as an entry of a list: its first line, escaped and cut at `limit` characters, and how many lines more there are.
    public static func oneLine(_ text: String, limit: Int = 120) -> String {
        let lines = text.split(omittingEmptySubsequences: true, whereSeparator: { $0.isNewline })
        guard let first = lines.first else { return "" }
        let scalars = first.unicodeScalars
        let shown = escaped(String(String.UnicodeScalarView(scalars.prefix(limit)))) + (scalars.count > limit ? "…" : "")
        return switch lines.count {
        case 1: shown
        case 2: shown + " (and 1 more line)"
        default: shown + " (and \(lines.count - 1) more lines)"
        }
    }

    private static func code(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
        "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars
    }
}
