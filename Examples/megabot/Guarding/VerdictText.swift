// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaSecurity

/// A verdict for people: the place underlined, what is wrong, how to do it safely.
///
/// What is shown of the text is escaped: control characters and invisible ones as `\u{…}`, so that it cannot change the screen.
struct VerdictText {
    let bytes: [UInt8]
    let verdict: GuardVerdict
    private static let width = 100

    init(_ bytes: [UInt8], _ verdict: GuardVerdict) {
        self.bytes = bytes
        self.verdict = verdict
    }

    var text: String {
        var lines = ["\(verdict.action.rawValue)\(verdict.isIncomplete ? " (not fully understood)" : "")"]
        for finding in verdict.findings {
            lines.append("")
            lines.append("\(finding.action.rawValue): \(finding.message) [\(finding.rule)]")
            lines += excerpt(finding.span)
            lines.append("  \(finding.remedy)")
        }
        return lines.joined(separator: "\n")
    }

    /// The line of the text the span begins in, and a line that underlines it.
    private func excerpt(_ span: Range<Int>) -> [String] {
        let low = min(max(0, span.lowerBound), bytes.count)
        let high = min(max(low, span.upperBound), bytes.count)
        guard low < bytes.count else { return [] }
        var start = low
        while start > 0, bytes[start - 1] != 0x0A, low - start < Self.width / 2 { start -= 1 }
        var end = low
        while end < bytes.count, bytes[end] != 0x0A, end - start < Self.width { end += 1 }
        // Whole characters only.
        while start < low, bytes[start] & 0xC0 == 0x80 { start += 1 }
        while end < bytes.count, end > low, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        let marked = min(high, end)
        let before = escaped(bytes[start..<low])
        let inside = escaped(bytes[low..<marked])
        let after = escaped(bytes[marked..<end])
        let lead = start > 0 && bytes[start - 1] != 0x0A ? "…" : ""
        let tail = end < bytes.count && bytes[end] != 0x0A ? "…" : ""
        let mark = String(repeating: " ", count: lead.count + before.count) + String(repeating: "^", count: max(1, inside.count))
        return ["  | \(lead)\(before)\(inside)\(after)\(tail)", "  | \(mark)"]
    }

    private func escaped(_ part: ArraySlice<UInt8>) -> String {
        var result = ""
        for scalar in String(decoding: part, as: UTF8.self).unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default:
                if scalar.properties.isDefaultIgnorableCodePoint || (scalar.properties.isWhitespace && scalar != " ") {
                    result += "\\u{\(String(scalar.value, radix: 16))}"
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }
}
