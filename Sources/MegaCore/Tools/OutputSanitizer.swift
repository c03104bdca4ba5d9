// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Turns the raw bytes of a program into text that is safe to show: no terminal escapes, no control characters, valid UTF-8.
///
/// Incremental: an escape sequence or a character that is cut in two by a chunk border is handled as if it had come in one piece.
/// Kept are tab and line feed; a carriage return before a line feed disappears, any other becomes a line feed. Bidirectional
/// overrides and invisible characters that can hide text are dropped; joiners and variation selectors, which emoji and some
/// scripts need, stay. Escape sequences follow ECMA-48 (CSI, OSC, DCS, APC, PM, SOS and two-byte escapes).
public struct OutputSanitizer: Sendable {
    private enum State: Sendable, Equatable {
        case text
        /// After ESC.
        case escape
        /// Inside a control sequence, waiting for its final byte.
        case control
        /// Inside a string (OSC, DCS, …), waiting for BEL or ST.
        case string
        /// Inside a string, after ESC.
        case stringEscape
    }

    private var state = State.text
    private var escapeLength = 0
    private var pendingReturn = false
    private var partial: [UInt8] = []

    /// The longest escape sequence that is swallowed; after that the bytes are shown as text again.
    private static let longestEscape = 4096

    /// Begins at the start of a text.
    public init() {}

    /// Takes the next bytes and returns the text that is complete so far.
    public mutating func push(_ bytes: some Sequence<UInt8>) -> String {
        var input = partial
        partial = []
        input.append(contentsOf: bytes)
        let cut = Self.completePrefix(input)
        partial = Array(input[cut...])
        return process(String(decoding: input[..<cut], as: UTF8.self))
    }

    /// Returns what was held back, after the last bytes. The sanitizer can be used again.
    public mutating func finish() -> String {
        let rest = partial
        partial = []
        var text = process(String(decoding: rest, as: UTF8.self))
        if pendingReturn { text.unicodeScalars.append("\n") }
        self = OutputSanitizer()
        return text
    }

    /// A whole text at once.
    public static func clean(_ text: String) -> String {
        var sanitizer = OutputSanitizer()
        return sanitizer.push(text.utf8) + sanitizer.finish()
    }

    /// The text with every control, bidirectional and invisible character written out as `\u{…}`, for approval prompts: what is
    /// shown stands for exactly the characters that are there. Line feed and tab are shown as `\n` and `\t`, a backslash as it is.
    public static func visible(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { isControl($0) || isHiding($0) || isJoiner($0) || isOddSpace($0) }) else { return text }
        // A String, because appending several scalars to a view copies all of it each time.
        var result = ""
        var last: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case _ where isControl(scalar) || isHiding(scalar) || isOddSpace(scalar):
                result += "\\u{\(String(scalar.value, radix: 16))}"
            case _ where isJoiner(scalar):
                // Between emoji a joiner is ordinary writing; anywhere else it hides.
                if let last, last.properties.isEmojiPresentation || last.value >= 0x2190 {
                    result.unicodeScalars.append(scalar)
                } else {
                    result += "\\u{\(String(scalar.value, radix: 16))}"
                }
            default: result.unicodeScalars.append(scalar)
            }
            last = result.unicodeScalars.last
        }
        return result
    }

    // MARK: -

    private mutating func process(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if state != .text {
                escapeLength += 1
                if escapeLength > Self.longestEscape { state = .text }
            }
            switch state {
            case .text: plain(scalar, into: &out)
            case .escape: afterEscape(scalar, into: &out)
            case .control:
                switch scalar.value {
                case 0x40...0x7E: state = .text
                case 0x1B: state = .escape
                case 0x20...0x3F: break
                default:
                    // Not part of a control sequence: it was cut short.
                    state = .text
                    plain(scalar, into: &out)
                }
            case .string:
                switch scalar.value {
                case 0x07, 0x9C: state = .text
                case 0x1B: state = .stringEscape
                // A line feed ends a string that was never closed, so that one stray escape cannot swallow the rest.
                case 0x0A:
                    state = .text
                    plain(scalar, into: &out)
                default: break
                }
            case .stringEscape:
                if scalar == "\\" { state = .text } else { afterEscape(scalar, into: &out) }
            }
        }
        return String(out)
    }

    private mutating func plain(_ scalar: Unicode.Scalar, into out: inout String.UnicodeScalarView) {
        if pendingReturn {
            pendingReturn = false
            out.append("\n")
            if scalar == "\n" { return }
        }
        switch scalar.value {
        case 0x0D: pendingReturn = true
        case 0x09, 0x0A: out.append(scalar)
        case 0x1B: begin(.escape)
        case 0x9B: begin(.control)
        case 0x90, 0x98, 0x9D, 0x9E, 0x9F: begin(.string)
        default:
            if Self.isControl(scalar) || Self.isHiding(scalar) { return }
            out.append(scalar)
        }
    }

    private mutating func afterEscape(_ scalar: Unicode.Scalar, into out: inout String.UnicodeScalarView) {
        switch scalar.value {
        case 0x5B: state = .control
        case 0x50, 0x58, 0x5D, 0x5E, 0x5F: state = .string
        case 0x1B: state = .escape
        // Intermediate bytes of a longer escape, such as a character set choice.
        case 0x20...0x2F: state = .escape
        case 0x30...0x7E: state = .text
        default:
            state = .text
            plain(scalar, into: &out)
        }
    }

    private mutating func begin(_ next: State) {
        state = next
        escapeLength = 0
    }

    /// C0, DEL and C1.
    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    }

    /// Bidirectional controls and characters that show nothing and can hide or reorder what is shown.
    static func isHiding(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x061C, 0x200B, 0x200E, 0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB, 0x00AD, 0x034F, 0x115F, 0x1160,
            0x17B4, 0x17B5, 0x180B...0x180F, 0x3164, 0xFFA0, 0x1BCA0...0x1BCA3, 0x1D173...0x1D17A, 0xE0000...0xE0FFF, 0x2028, 0x2029:
            true
        default: false
        }
    }

    private static func isJoiner(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value == 0x200C || scalar.value == 0x200D || (0xFE00...0xFE0F).contains(scalar.value)
    }

    private static func isOddSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00A0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x2800, 0x3000: true
        default: false
        }
    }

    /// How many leading bytes hold no character that may go on in the next chunk.
    private static func completePrefix(_ bytes: [UInt8]) -> Int {
        var index = bytes.count
        var back = 0
        while index > 0, back < 3 {
            let byte = bytes[index - 1]
            if byte < 0x80 { return bytes.count }
            if byte >= 0xC0 {
                let length = byte >= 0xF0 ? 4 : (byte >= 0xE0 ? 3 : 2)
                return back + 1 < length ? index - 1 : bytes.count
            }
            index -= 1
            back += 1
        }
        return bytes.count
    }
}
