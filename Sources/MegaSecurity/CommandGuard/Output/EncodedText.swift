// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Pieces of a text that are encoded: base64 (RFC 4648, both alphabets), hexadecimal, percent-encoding and backslash escapes.
enum EncodedText {
    private static let shortestBase64 = 20
    private static let shortestHex = 24
    private static let longest = 65_536

    /// Bits: 1 a base64 character, 2 a hexadecimal one.
    private static let kinds: [UInt8] = {
        var table = Array(repeating: UInt8(0), count: 256)
        for byte in UInt8.min...UInt8.max {
            let isHex = byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6
            if ByteScan.isAlphanumeric(byte) || "+/-_".utf8.contains(byte) { table[Int(byte)] = 1 }
            if isHex { table[Int(byte)] |= 2 }
        }
        return table
    }()

    /// The pieces that decode to text, with their places.
    static func candidates(in bytes: [UInt8], budget: inout InjectionScanner.Budget) -> [(range: Range<Int>, decoded: [UInt8])] {
        var runs: [(range: Range<Int>, isHex: Bool)] = []
        var escapes: [Range<Int>] = []
        bytes.withUnsafeBufferPointer { buffer in
            kinds.withUnsafeBufferPointer { kinds in
                var index = 0
                while index < buffer.count {
                    let kind = kinds[Int(buffer[index])]
                    if kind == 0 {
                        if buffer[index] == UInt8(ascii: "%") || buffer[index] == UInt8(ascii: "\\") || buffer[index] == UInt8(ascii: "&"),
                            let end = escaped(buffer, index)
                        {
                            if escapes.count < 64 { escapes.append(index..<end) }
                            index = end
                        } else {
                            index += 1
                        }
                        continue
                    }
                    var end = index
                    var all: UInt8 = 3
                    while end < buffer.count, kinds[Int(buffer[end])] != 0 {
                        all &= kinds[Int(buffer[end])]
                        end += 1
                    }
                    if end - index >= shortestBase64, runs.count < 512 { runs.append((index..<end, all & 2 != 0)) }
                    index = end
                }
            }
        }
        var found: [(range: Range<Int>, decoded: [UInt8])] = []
        for range in escapes { add(range, unescaped(bytes[range]), &budget, &found) }
        for (range, isHex) in runs {
            guard range.count <= longest else { continue }
            if isHex, range.count >= shortestHex, range.count.isMultiple(of: 2) { add(range, hex(bytes[range]), &budget, &found) }
            add(range, base64(bytes[range]), &budget, &found)
        }
        return found
    }

    private static func add(
        _ range: Range<Int>, _ decoded: [UInt8], _ budget: inout InjectionScanner.Budget, _ found: inout [(range: Range<Int>, decoded: [UInt8])]
    ) {
        guard budget.candidates > 0, budget.bytes >= decoded.count, isText(decoded) else { return }
        budget.candidates -= 1
        budget.bytes -= decoded.count
        found.append((range, decoded))
    }

    /// Mostly printable: what decodes to noise was no text.
    private static func isText(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 12 else { return false }
        var printable = 0
        for byte in bytes.prefix(256) where (0x20...0x7E).contains(byte) || byte == 0x0A || byte == 0x09 || byte >= 0xC2 { printable += 1 }
        return printable * 10 >= min(bytes.count, 256) * 9
    }

    private static func hex(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var index = bytes.startIndex
        while index + 1 < bytes.endIndex {
            result.append(digit(bytes[index]) << 4 | digit(bytes[index + 1]))
            index += 2
        }
        return result
    }

    private static func digit(_ byte: UInt8) -> UInt8 { byte &- 0x30 < 10 ? byte &- 0x30 : (byte | 0x20) &- 0x57 }

    private static func base64(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            let value: UInt32
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = UInt32(byte) - 65
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = UInt32(byte) - 71
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = UInt32(byte) + 4
            case UInt8(ascii: "+"), UInt8(ascii: "-"): value = 62
            default: value = 63
            }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                result.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return result
    }

    // MARK: - Escapes

    /// The end of a row of at least eight `%69`, `\x69`, `\u0069`, `&#105;` with nothing, or blanks, in between.
    private static func escaped(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
        var index = start
        var count = 0
        var end = start
        while index < bytes.count, index - start < longest {
            if let length = escape(bytes, index) {
                index += length
                end = index
                count += 1
            } else if bytes[index] == 0x20, index + 1 < bytes.count, escape(bytes, index + 1) != nil {
                index += 1
            } else {
                break
            }
        }
        return count >= 8 ? end : nil
    }

    private static func escape(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int? {
        let isHex = { (place: Int) in place < bytes.count && kinds[Int(bytes[place])] & 2 != 0 }
        switch bytes[index] {
        case UInt8(ascii: "%"): return isHex(index + 1) && isHex(index + 2) ? 3 : nil
        case UInt8(ascii: "\\"):
            guard index + 1 < bytes.count else { return nil }
            if bytes[index + 1] == UInt8(ascii: "x") { return isHex(index + 2) && isHex(index + 3) ? 4 : nil }
            if bytes[index + 1] == UInt8(ascii: "u") { return (2...5).allSatisfy { isHex(index + $0) } ? 6 : nil }
            return nil
        case UInt8(ascii: "&"):
            guard index + 3 < bytes.count, bytes[index + 1] == UInt8(ascii: "#") else { return nil }
            var end = index + 2
            while end < bytes.count, end < index + 9, ByteScan.isAlphanumeric(bytes[end]) { end += 1 }
            return end < bytes.count && bytes[end] == UInt8(ascii: ";") && end > index + 2 ? end + 1 - index : nil
        default: return nil
        }
    }

    private static func unescaped(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var number: UInt32 = 0
        var radix: UInt32 = 16
        var isOpen = false
        let close = { (result: inout [UInt8], number: UInt32) in
            if let scalar = Unicode.Scalar(number) { result += Array(String(Character(scalar)).utf8) }
        }
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "%"), UInt8(ascii: "\\"), UInt8(ascii: "&"):
                if isOpen { close(&result, number) }
                (number, radix, isOpen) = (0, 16, true)
            case UInt8(ascii: "#"): radix = 10
            case UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "u"): radix = 16
            case UInt8(ascii: ";"): continue
            case 0x20:
                if isOpen { close(&result, number) }
                isOpen = false
                result.append(0x20)
            default: number = min(number &* radix &+ UInt32(digit(byte) & 15), 0x10FFFF)
            }
        }
        if isOpen { close(&result, number) }
        return result
    }
}
