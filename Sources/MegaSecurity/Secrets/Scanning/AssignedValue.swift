// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// The value something is assigned, as code, configuration files, headers, command lines and markup write it.
struct AssignedValue: Sendable {
    /// How sure it is that the name and the value belong together.
    enum Bond: Sendable {
        /// `name = value`, `name: value`, `<name>value</name>`, `?name=value`
        case assigned
        /// `name("value")`, `name, "value"`, `name "value"`, `name == "value"`
        case beside
        /// `--name value`
        case flag
        /// `name value`
        case following
    }

    var range: Range<Int>
    var isQuoted: Bool
    var bond: Bond
    /// The byte after the value and its closing quote, or 0 at the end.
    var next: UInt8

    /// The most blanks and line breaks between the parts.
    private static let gap = 96
    private static let longest = 2048

    private static let quotes = ByteSet("\"'`")
    private static let blanks = ByteSet(" \t")
    private static let space = ByteSet(" \t\r\n")
    private static let operators = ByteSet(":=?>.|~+")
    private static let unquotedEnd = ByteSet(" \t\r\n\"'`,;<>()[]{}|\\&")
    private static let typeName = ByteSet.words.union(ByteSet(".<>[]?*&:"))

    /// The value after a name.
    ///
    /// - Parameters:
    ///   - name: The name's place.
    ///   - bounds: What may be looked at.
    static func read(_ bytes: UnsafeBufferPointer<UInt8>, after name: Range<Int>, in bounds: Range<Int>) -> AssignedValue? {
        var reader = Reader(bytes: bytes, index: name.upperBound, end: bounds.upperBound)
        let before = name.lowerBound > bounds.lowerBound ? bytes[name.lowerBound - 1] : 0
        return reader.value(isTag: before == UInt8(ascii: "<"), isFlag: bytes[name.lowerBound] == UInt8(ascii: "-") || before == UInt8(ascii: "-"))
    }

    private struct Reader {
        let bytes: UnsafeBufferPointer<UInt8>
        var index: Int
        let end: Int

        var byte: UInt8 { index < end ? bytes[index] : 0 }

        mutating func skip(_ set: ByteSet, atMost limit: Int) -> Int {
            let first = index
            while index < end, index - first < limit, set.contains(bytes[index]) { index += 1 }
            return index - first
        }

        mutating func value(isTag: Bool, isFlag: Bool) -> AssignedValue? {
            let closers = skip(ByteSet("\"'`\\])"), atMost: 6)
            let closed = closers > 0
            let blank = skip(blanks, atMost: gap)
            switch byte {
            case UInt8(ascii: ">") where isTag || closed:
                if index + 1 < end, bytes[index + 1] != UInt8(ascii: "=") || isTag {
                    index += 1
                    _ = skip(space, atMost: gap)
                    return isTag || closed ? content(.assigned, allowsBareWord: true) : nil
                }
                return nil
            case UInt8(ascii: ","), UInt8(ascii: "("):
                guard closed || byte == UInt8(ascii: "("), blank < 4 else { return nil }
                index += 1
                _ = skip(space, atMost: gap)
                return content(.beside, allowsBareWord: false)
            case UInt8(ascii: "!"): return nil
            case let byte where operators.contains(byte) || byte == UInt8(ascii: "-"):
                return assigned(closed: closed)
            case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"):
                return blank > 0 ? content(isFlag ? .flag : .beside, allowsBareWord: false) : nil
            case let byte where blank > 0 && ByteSet.words.contains(byte):
                return afterBlank(isFlag: isFlag, closed: closed)
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                return closed ? attribute() : attribute()
            case UInt8(ascii: "\\") where blank > 0: return nil
            case UInt8(ascii: "%"):
                // ?name%3Dvalue
                guard index + 2 < end, bytes[index + 1] == UInt8(ascii: "3"), bytes[index + 2] | 0x20 == UInt8(ascii: "d") else { return nil }
                index += 3
                return content(.assigned, allowsBareWord: true)
            default: return nil
            }
        }

        /// From the operator on.
        private mutating func assigned(closed: Bool) -> AssignedValue? {
            let first = index
            _ = skip(operators.union(ByteSet("-")), atMost: 4)
            let sign = bytes[first..<index]
            let assigns = sign.contains { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ">") }
            let isFallback = sign.elementsEqual([0x7C, 0x7C]) || sign.elementsEqual([0x3F, 0x3F])
            guard assigns || isFallback, !sign.elementsEqual([0x3A, 0x3A]), !sign.elementsEqual([0x2E, 0x3A]) else { return nil }
            let compares = sign.elementsEqual([0x3D, 0x3D]) || sign.elementsEqual([0x3D, 0x3D, 0x3D])
            _ = skip(blanks, atMost: gap)
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                // The value stands on the next line, indented.
                _ = skip(space, atMost: gap)
                return index > 0 && blanks.contains(bytes[index - 1]) ? content(compares ? .beside : .assigned, allowsBareWord: false) : nil
            }
            if sign.contains(UInt8(ascii: ":")), byte == UInt8(ascii: "|") || byte == UInt8(ascii: ">") {
                // A YAML block.
                index += 1
                _ = skip(ByteSet("-+"), atMost: 1)
                _ = skip(space, atMost: gap)
            }
            if sign.count == 1, sign.first == UInt8(ascii: ":"), let typed = typeAnnotation() { index = typed }
            return content(compares || isFallback ? .beside : .assigned, allowsBareWord: !compares && !isFallback)
        }

        /// `name: Type = value`: the place after the equals sign.
        private func typeAnnotation() -> Int? {
            var place = index
            while place < end, place - index < 48, typeName.contains(bytes[place]) { place += 1 }
            guard place > index, place - index < 48 else { return nil }
            var blank = place
            while blank < end, blank - place < 4, blanks.contains(bytes[blank]) { blank += 1 }
            guard blank < end, blank > place, bytes[blank] == UInt8(ascii: "="), blank + 1 < end, bytes[blank + 1] != UInt8(ascii: "=") else { return nil }
            blank += 1
            while blank < end, blanks.contains(bytes[blank]), blank - place < gap { blank += 1 }
            return blank
        }

        /// `var name string = value`, `--name value`, `name="KEY" value="…"`, `name value`.
        private mutating func afterBlank(isFlag: Bool, closed: Bool) -> AssignedValue? {
            if let found = attribute() { return found }
            var place = index
            while place < end, place - index < 48, typeName.contains(bytes[place]) { place += 1 }
            var blank = place
            while blank < end, blank - place < 8, blanks.contains(bytes[blank]) { blank += 1 }
            if blank > place, blank < end, bytes[blank] == UInt8(ascii: "=") || bytes[blank] == UInt8(ascii: ":") {
                var reader = self
                reader.index = blank
                return reader.assigned(closed: closed)
            }
            guard !closed else { return nil }
            return content(isFlag ? .flag : .following, allowsBareWord: true)
        }

        /// `value="…"` or `value: …` after the name stood in an attribute or a member of its own.
        private mutating func attribute() -> AssignedValue? {
            var reader = self
            _ = reader.skip(ByteSet(" \t\r\n,"), atMost: gap)
            _ = reader.skip(ByteSet("\"'"), atMost: 1)
            let word = Array("value".utf8)
            guard reader.index + word.count < end, word.indices.allSatisfy({ ByteSearch.lower(bytes[reader.index + $0]) == word[$0] }) else { return nil }
            reader.index += word.count
            _ = reader.skip(ByteSet("\"'"), atMost: 1)
            _ = reader.skip(blanks, atMost: 8)
            guard reader.byte == UInt8(ascii: "=") || reader.byte == UInt8(ascii: ":") else { return nil }
            reader.index += 1
            _ = reader.skip(blanks, atMost: gap)
            return reader.content(.assigned, allowsBareWord: true)
        }

        /// The value itself.
        mutating func content(_ bond: Bond, allowsBareWord: Bool) -> AssignedValue? {
            _ = skip(ByteSet("[("), atMost: 2)
            // Prefixes of string literals: r"…", b'…', @"…", $"…".
            if index + 1 < end, ByteSet("rbfuLR@$BFU").contains(byte), quotes.contains(bytes[index + 1]) { index += 1 }
            let opening = index
            _ = skip(quotes.union(ByteSet("\\")), atMost: 6)
            let quote: UInt8? = index > opening ? bytes[index - 1] : nil
            if let quote, !quotes.contains(quote) { return nil }
            guard quote != nil || allowsBareWord else { return nil }
            skipScheme()
            let start = index
            if let quote {
                while index < end, index - start <= longest, bytes[index] != quote, bytes[index] != UInt8(ascii: "\n"), bytes[index] != UInt8(ascii: "\\") {
                    index += 1
                }
            } else {
                while index < end, index - start <= longest, !unquotedEnd.contains(bytes[index]) { index += 1 }
            }
            guard index > start, index - start <= longest else { return nil }
            var last = index
            if quote == nil { while last > start + 1, ByteSet(".,:!?").contains(bytes[last - 1]) { last -= 1 } }
            var after = index
            if quote != nil, after < end { after += 1 }
            return AssignedValue(range: start..<last, isQuoted: quote != nil, bond: bond, next: after < end ? bytes[after] : 0)
        }

        private mutating func skipScheme() {
            for scheme in schemes where index + scheme.count < end && scheme.indices.allSatisfy({ ByteSearch.lower(bytes[index + $0]) == scheme[$0] }) {
                index += scheme.count
                _ = skip(blanks, atMost: 4)
                return
            }
        }
    }

    private static let schemes = ["bearer ", "basic ", "token ", "apikey ", "bot ", "token=", "key="].map { Array($0.utf8) }
}
