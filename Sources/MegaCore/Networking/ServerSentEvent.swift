// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// One event of a `text/event-stream`.
public struct ServerSentEvent: Sendable, Hashable {
    /// The `event` field; `message` when there was none.
    public var name: String
    /// The `data` lines, joined by LF.
    public var data: String
    /// The last `id` of the stream up to here; empty when there was none.
    public var id: String

    /// Makes an event.
    public init(name: String = "message", data: String, id: String = "") {
        self.name = name
        self.data = data
        self.id = id
    }
}

/// Decodes server-sent events from bytes that arrive in pieces, after the WHATWG HTML standard, section 9.2.
///
/// An event that is not ended by an empty line when the stream ends is dropped, as the standard says.
public struct ServerSentEventDecoder: Sendable {
    /// What a stream may ask of memory.
    public struct Limits: Sendable, Hashable {
        /// The most bytes of one line.
        public var line: Int
        /// The most bytes of data of one event.
        public var event: Int

        /// Limits in bytes.
        public init(line: Int = 4 << 20, event: Int = 8 << 20) {
            self.line = line
            self.event = event
        }
    }

    /// The last `id` of an event given out, to be sent as `Last-Event-ID` on reconnecting.
    public private(set) var lastEventID = ""
    /// The server's last `retry` field: how long to wait before reconnecting.
    public private(set) var reconnectionTime: Duration?

    private let limits: Limits
    private var lines: LineDecoder
    private var atStart = true
    private var name: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var id = ""

    /// A decoder.
    public init(limits: Limits = Limits()) {
        self.limits = limits
        lines = LineDecoder(limit: limits.line, breaks: .any)
    }

    /// Takes the next piece.
    public mutating func append(_ piece: some Collection<UInt8>) { lines.append(piece) }

    /// The next whole event, or nil when more bytes are needed.
    ///
    /// - Throws: ``StreamDecodingError`` when a limit is passed; the decoder is of no more use then.
    public mutating func next() throws(StreamDecodingError) -> ServerSentEvent? {
        while var line = try lines.next() {
            if atStart {
                atStart = false
                if line.starts(with: [0xef, 0xbb, 0xbf]) { line = line.dropFirst(3) }
            }
            guard line.isEmpty else {
                try take(line)
                continue
            }
            if let event = dispatch() { return event }
        }
        return nil
    }

    private mutating func take(_ line: ArraySlice<UInt8>) throws(StreamDecodingError) {
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        // A line that starts with a colon is a comment.
        guard colon > line.startIndex else { return }
        var value = line[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        let field = line[..<colon]
        if field.elementsEqual("data".utf8) {
            guard data.count + value.count < limits.event else {
                throw StreamDecodingError(.eventTooLarge, reason: "an event has more than \(limits.event) bytes of data")
            }
            if hasData { data.append(0x0a) }
            data.append(contentsOf: value)
            hasData = true
        } else if field.elementsEqual("event".utf8) {
            name = Array(value)
        } else if field.elementsEqual("id".utf8) {
            if !value.contains(0) { id = String(decoding: value, as: UTF8.self) }
        } else if field.elementsEqual("retry".utf8) {
            if !value.isEmpty, value.allSatisfy({ (0x30...0x39).contains($0) }),
                let milliseconds = Int64(String(decoding: value, as: UTF8.self))
            {
                reconnectionTime = .milliseconds(milliseconds)
            }
        }
    }

    private mutating func dispatch() -> ServerSentEvent? {
        lastEventID = id
        defer {
            name = []
            data.removeAll(keepingCapacity: true)
            hasData = false
        }
        guard hasData else { return nil }
        return ServerSentEvent(
            name: name.isEmpty ? "message" : String(decoding: name, as: UTF8.self), data: String(decoding: data, as: UTF8.self),
            id: id)
    }
}
