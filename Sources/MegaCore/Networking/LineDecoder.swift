// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Splits bytes that arrive in pieces into lines.
public struct LineDecoder: Sendable {
    /// What ends a line.
    public enum Breaks: Sendable, Hashable {
        /// LF, or CR LF. For JSON lines: a lone CR or U+2028 is part of the line.
        case lineFeed
        /// LF, CR, or CR LF, as server-sent events have it.
        case any
    }

    /// The most bytes of one line, its end not counted.
    public let limit: Int
    private let breaks: Breaks
    private var buffer: [UInt8] = []
    private var start = 0
    private var scanned = 0
    private var skipsLineFeed = false

    /// A decoder.
    public init(limit: Int, breaks: Breaks = .lineFeed) {
        self.limit = limit
        self.breaks = breaks
    }

    /// Takes the next piece.
    public mutating func append(_ piece: some Collection<UInt8>) {
        if start > 0 {
            buffer.removeFirst(start)
            scanned -= start
            start = 0
        }
        buffer.append(contentsOf: piece)
    }

    /// The next whole line without its end, or nil when more bytes are needed.
    ///
    /// - Throws: ``StreamDecodingError`` with `lineTooLong`.
    public mutating func next() throws(StreamDecodingError) -> ArraySlice<UInt8>? {
        if skipsLineFeed, scanned < buffer.count {
            skipsLineFeed = false
            if buffer[scanned] == 0x0a {
                scanned += 1
                start = scanned
            }
        }
        let end = buffer.withUnsafeBufferPointer { bytes in
            var index = scanned
            while index < bytes.count, bytes[index] != 0x0a, breaks == .lineFeed || bytes[index] != 0x0d { index += 1 }
            return index
        }
        guard end < buffer.count else {
            scanned = end
            // One more for a CR that may still turn out to belong to the line's end.
            guard end - start <= limit + (breaks == .lineFeed && buffer.last == 0x0d ? 1 : 0) else { throw tooLong }
            return nil
        }
        var last = end
        if breaks == .lineFeed, last > start, buffer[last - 1] == 0x0d { last -= 1 }
        guard last - start <= limit else { throw tooLong }
        let line = buffer[start..<last]
        if buffer[end] == 0x0d { skipsLineFeed = true }
        start = end + 1
        scanned = start
        return line
    }

    /// The bytes after the last line end, once the input is over; nil when there are none.
    public mutating func finish() -> ArraySlice<UInt8>? {
        if skipsLineFeed, start < buffer.count, buffer[start] == 0x0a { start += 1 }
        var rest = buffer[start...]
        if breaks == .lineFeed, rest.last == 0x0d { rest.removeLast() }
        buffer = []
        (start, scanned, skipsLineFeed) = (0, 0, false)
        return rest.isEmpty ? nil : rest
    }

    private var tooLong: StreamDecodingError { StreamDecodingError(.lineTooLong, reason: "a line has more than \(limit) bytes") }
}

/// A stream broke a limit of its decoder.
public struct StreamDecodingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind; open.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The raw value.
        public let rawValue: String
        /// Wraps a raw value.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// A line has more bytes than allowed.
        public static let lineTooLong = Code(rawValue: "lineTooLong")
        /// An event has more bytes than allowed.
        public static let eventTooLarge = Code(rawValue: "eventTooLarge")
    }

    /// The kind of failure.
    public let code: Code
    /// In words, with the limit; nothing of the content.
    public let reason: String
    /// In words, for people and logs.
    public var description: String { reason }

    /// Makes an error.
    public init(_ code: Code, reason: String) {
        self.code = code
        self.reason = reason
    }
}
