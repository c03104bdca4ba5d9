// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Reads a stream of bytes as a terminal would (ECMA-48, and the operating system commands of xterm) and reports sequences that deceive.
///
/// What is left without the sequences, the text, is handed on in pieces with the offset of each.
struct EscapeAnalyzer: Sendable {
    private enum State: Sendable {
        case ground
        /// A byte 0xC2, which makes the next byte a C1 control or a letter.
        case lead
        case escape
        case control
        /// An operating system command, until BEL or ST.
        case command
        /// A device control string or a private string, until ST.
        case string
        /// An ESC within one of the two, which ends it.
        case ending
        /// `ESC (` and the like: one byte follows.
        case designation
    }

    /// Bytes of one string that are kept; what is behind them is passed over and reported.
    static let longestString = 16_384
    private static let longestControl = 128
    /// Sequences of one class that are analysed.
    static let mostOfAClass = 4_096

    private var state = State.ground
    private var offset = 0
    private var start = 0
    private var buffer: [UInt8] = []
    private var isOverlong = false
    private var isDeviceString = false
    /// Whether the string that is being ended is an operating system command.
    private var isCommand = false
    private var counts: [Character: Int] = [:]
    private var rendition = Rendition()
    private var renditionSpan = 0..<0
    private var isHiddenReported = false
    private var link: Hyperlink?

    mutating func consume(_ bytes: [UInt8], into found: inout TextFindings, text: (ArraySlice<UInt8>, Int, inout TextFindings) -> Void) {
        var index = 0
        while index < bytes.count {
            if state == .ground {
                var end = index
                bytes.withUnsafeBufferPointer { buffer in
                    while end < buffer.count, buffer[end] != 0x1B, buffer[end] != 0xC2 { end += 1 }
                }
                if end > index {
                    printed(bytes[index..<end], into: &found)
                    text(bytes[index..<end], offset, &found)
                    offset += end - index
                    index = end
                    continue
                }
            }
            step(bytes[index], into: &found, text: text)
            offset += 1
            index += 1
        }
    }

    mutating func finish(into found: inout TextFindings) {
        guard state != .ground, state != .lead else { return }
        let isClipboard = buffer.starts(with: Array("52;".utf8))
        found.add(.outputTruncatedEscapeSequence, start..<offset, isClipboard ? .block : .warn)
        if state == .command || (state == .ending && isCommand) { operatingSystemCommand(start..<offset, into: &found) }
        state = .ground
    }

    // MARK: - Bytes

    private mutating func step(_ byte: UInt8, into found: inout TextFindings, text: (ArraySlice<UInt8>, Int, inout TextFindings) -> Void) {
        switch state {
        case .ground:
            start = offset
            state = byte == 0x1B ? .escape : .lead
        case .lead:
            switch byte {
            case 0x9B: begin(.control)
            case 0x9D: begin(.command)
            case 0x90, 0x98, 0x9E, 0x9F: begin(.string, isDevice: byte == 0x90)
            default:
                state = .ground
                if byte == 0x1B {
                    pass([0xC2], at: start, into: &found, text: text)
                    start = offset
                    state = .escape
                } else if byte == 0xC2 {
                    pass([0xC2], at: start, into: &found, text: text)
                    start = offset
                    state = .lead
                } else {
                    pass([0xC2, byte], at: start, into: &found, text: text)
                }
            }
        case .escape:
            switch byte {
            case UInt8(ascii: "["): begin(.control)
            case UInt8(ascii: "]"): begin(.command)
            case UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"): begin(.string, isDevice: byte == UInt8(ascii: "P"))
            case 0x20...0x2F: state = .designation
            case 0x1B: start = offset
            case UInt8(ascii: "c"):
                found.add(.outputClearScreen, start..<offset + 1)
                state = .ground
            default: state = .ground
            }
        case .designation:
            if !(0x20...0x2F).contains(byte) { state = byte == 0x1B ? .escape : .ground }
        case .control: control(byte, into: &found)
        case .command, .string: string(byte, into: &found)
        case .ending:
            if byte == UInt8(ascii: "\\") {
                end(start..<offset + 1, into: &found)
            } else {
                // An ESC ends the string and starts something else.
                end(start..<offset, into: &found)
                start = offset - 1
                state = .escape
                step(byte, into: &found, text: text)
            }
        }
    }

    private mutating func begin(_ next: State, isDevice: Bool = false) {
        state = next
        buffer.removeAll(keepingCapacity: true)
        isOverlong = false
        isDeviceString = isDevice
    }

    private mutating func pass(
        _ bytes: [UInt8], at place: Int, into found: inout TextFindings, text: (ArraySlice<UInt8>, Int, inout TextFindings) -> Void
    ) {
        printed(bytes[...], into: &found)
        text(bytes[...], place, &found)
    }

    private mutating func control(_ byte: UInt8, into found: inout TextFindings) {
        switch byte {
        case 0x40...0x7E:
            state = .ground
            controlSequence(byte, start..<offset + 1, into: &found)
        case 0x1B:
            start = offset
            state = .escape
        case 0x18, 0x1A: state = .ground
        default:
            if buffer.count < Self.longestControl { buffer.append(byte) } else {
                found.add(.outputTruncatedEscapeSequence, start..<offset + 1)
                state = .ground
            }
        }
    }

    private mutating func string(_ byte: UInt8, into found: inout TextFindings) {
        switch byte {
        case 0x07 where state == .command: end(start..<offset + 1, into: &found)
        case 0x1B:
            isCommand = state == .command
            state = .ending
        case 0x18, 0x1A: end(start..<offset + 1, into: &found)
        case 0x9C where buffer.last == 0xC2:
            buffer.removeLast()
            end(start..<offset + 1, into: &found)
        default:
            if buffer.count < Self.longestString { buffer.append(byte) } else { isOverlong = true }
        }
    }

    private mutating func end(_ span: Range<Int>, into found: inout TextFindings) {
        let wasCommand = state == .command || (state == .ending && isCommand)
        if isOverlong { found.add(.outputTruncatedEscapeSequence, span, buffer.starts(with: Array("52;".utf8)) ? .block : .warn) }
        state = .ground
        if wasCommand { operatingSystemCommand(span, into: &found) } else if isDeviceString { deviceControl(span, into: &found) }
    }

    private mutating func count(_ kind: Character, _ span: Range<Int>, into found: inout TextFindings) -> Bool {
        counts[kind, default: 0] += 1
        guard let count = counts[kind], count <= Self.mostOfAClass else {
            if counts[kind] == Self.mostOfAClass + 1 { found.add(.outputAnalysisOverflow, span) }
            return false
        }
        return true
    }

    // MARK: - Sequences

    private mutating func controlSequence(_ final: UInt8, _ span: Range<Int>, into found: inout TextFindings) {
        switch final {
        case UInt8(ascii: "m"):
            // Colours are everywhere in honest output; they are followed for ever and never counted.
            guard buffer.first != UInt8(ascii: ">"), buffer.first != UInt8(ascii: "?") else { return }
            let wasHidden = rendition.isHidden
            rendition.apply(buffer)
            if rendition.isHidden, !wasHidden {
                renditionSpan = span
                isHiddenReported = false
            }
        case UInt8(ascii: "J"):
            if buffer == [0x32] || buffer == [0x33], count("J", span, into: &found) { found.add(.outputClearScreen, span) }
        case UInt8(ascii: "H"), UInt8(ascii: "f"):
            if count("H", span, into: &found) { found.add(.outputClearScreen, span) }
        case UInt8(ascii: "A"), UInt8(ascii: "F"):
            if count("A", span, into: &found) { found.add(.outputCursorRewrite, span) }
        case UInt8(ascii: "t"):
            // Reports of the window's title put text of the sender's choice onto the command line.
            if buffer == Array("21".utf8) || buffer == Array("20".utf8) { found.add(.outputTerminalQuery, span) }
        default: break
        }
    }

    private mutating func operatingSystemCommand(_ span: Range<Int>, into found: inout TextFindings) {
        let digits = buffer.prefix { $0 &- 0x30 < 10 }
        guard let number = Int(String(decoding: digits, as: UTF8.self)), digits.count < 6 else { return }
        let rest = buffer.dropFirst(digits.count + 1)
        switch number {
        case 0, 1, 2:
            if count("T", span, into: &found) { found.add(.outputTitleManipulation, span) }
        case 8:
            if count("L", span, into: &found) { hyperlink(rest, span, into: &found) }
        case 52:
            guard count("C", span, into: &found) else { return }
            let data = rest.split(separator: UInt8(ascii: ";"), maxSplits: 1, omittingEmptySubsequences: false).last ?? []
            found.add(data.elementsEqual([UInt8(ascii: "?")]) ? .outputTerminalQuery : .outputOsc52ClipboardWrite, span)
        case 5522: found.add(.outputOsc52ClipboardWrite, span)
        case 1337:
            let name = String(decoding: rest.prefix(24), as: UTF8.self).lowercased()
            if name.hasPrefix("copy") { found.add(.outputOsc52ClipboardWrite, span) }
            if name.hasPrefix("reportvariable") || name.hasPrefix("requestupload") || name.hasPrefix("reportcellsize") {
                found.add(.outputTerminalQuery, span)
            }
        case 4, 10...19, 50, 60, 61:
            if rest.last == UInt8(ascii: "?"), number == 50 || number >= 60 { found.add(.outputTerminalQuery, span) }
        default: break
        }
    }

    /// DECRQSS and XTGETTCAP make the terminal answer with text from the request.
    private func deviceControl(_ span: Range<Int>, into found: inout TextFindings) {
        if buffer.starts(with: Array("$q".utf8)) || buffer.starts(with: Array("+q".utf8)) || buffer.starts(with: Array("+p".utf8)) {
            found.add(.outputTerminalQuery, span)
        }
    }

    private mutating func hyperlink(_ rest: ArraySlice<UInt8>, _ span: Range<Int>, into found: inout TextFindings) {
        if let open = link, !open.isHonest { found.add(.outputTerminalHyperlinkMismatch, open.span.lowerBound..<span.upperBound) }
        let target = rest.split(separator: UInt8(ascii: ";"), maxSplits: 1, omittingEmptySubsequences: false).last ?? []
        link = target.isEmpty ? nil : Hyperlink(target: Array(target), span: span)
    }

    /// Text that reaches the screen.
    private mutating func printed(_ text: ArraySlice<UInt8>, into found: inout TextFindings) {
        if rendition.isHidden, !isHiddenReported, text.contains(where: { $0 > 0x20 && $0 != 0x7F }) {
            found.add(.outputHiddenText, renditionSpan)
            isHiddenReported = true
        }
        link?.append(text)
    }
}
