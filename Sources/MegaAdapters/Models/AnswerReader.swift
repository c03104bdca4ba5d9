// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// How a provider cuts its stream into JSON values.
enum AnswerFraming: Sendable {
    /// Server-sent events whose data are JSON values, perhaps ended by `[DONE]`.
    case events
    /// One JSON value a line.
    case lines
}

/// Understands one provider's frames.
protocol AnswerDecoder: Sendable {
    /// Takes in one frame of a stream. Unknown members are ignored.
    ///
    /// - Returns: True when nothing more of interest will come.
    mutating func decode(_ frame: JSONValue, into events: inout [GenerationEvent]) throws -> Bool

    /// Takes in a whole answer, from a server that did not stream.
    mutating func decodeWhole(_ answer: JSONValue, into events: inout [GenerationEvent]) throws

    /// The stream is over, properly (`isClosed`) or because the connection ended. Adds the closing events, or throws `incomplete`.
    mutating func end(isClosed: Bool, into events: inout [GenerationEvent]) throws
}

/// Turns the bytes of an answer into events, however they are cut, and recognises answers that are no stream.
struct AnswerReader<Decoder: AnswerDecoder>: Sendable {
    private enum Mode { case sniffing, events, lines, whole, page, finished }

    /// The most bytes of one line, and of an answer that is one JSON value.
    static var limit: Int { 8 << 20 }

    private var mode = Mode.sniffing
    private var buffer: [UInt8] = []
    private var lines = LineDecoder(limit: AnswerReader.limit)
    private var eventDecoder = ServerSentEventDecoder(limits: .init(line: AnswerReader.limit, event: AnswerReader.limit))
    private var sawFrame = false
    /// How the body begins, for saying what kind of page it was.
    private var sample: [UInt8] = []
    private var decoder: Decoder
    private let framing: AnswerFraming
    private let claimsStream: Bool
    private let failures: ModelFailures

    /// - Parameter contentType: The response's header, which decides only what a stream without any frame is called.
    init(decoder: Decoder, framing: AnswerFraming, contentType: String?, failures: ModelFailures) {
        self.decoder = decoder
        self.framing = framing
        self.failures = failures
        let type = contentType?.lowercased() ?? ""
        claimsStream = type.hasPrefix("text/event-stream") || type.contains("json")
    }

    /// Whether the answer is complete; the rest of the body is of no interest.
    var isFinished: Bool { mode == .finished }

    /// Takes in the next bytes.
    mutating func feed(_ piece: ArraySlice<UInt8>, into events: inout [GenerationEvent]) throws {
        var piece = piece
        if mode == .sniffing {
            buffer.append(contentsOf: piece)
            sniff()
            guard mode == .events || mode == .lines else { return }
            sample = Array(buffer.prefix(256))
            piece = buffer[...]
            buffer = []
        }
        do {
            switch mode {
            case .sniffing, .finished: return
            case .whole, .page:
                buffer.append(contentsOf: piece)
                let limit = mode == .page ? 65_536 : Self.limit
                if buffer.count > limit { throw failures.malformed(buffer, expected: "an answer of at most \(Self.limit) bytes") }
            case .events:
                eventDecoder.append(piece)
                while mode == .events, let event = try eventDecoder.next() {
                    if event.data == "[DONE]" {
                        try finish(into: &events)
                    } else if !event.data.isEmpty {
                        try decode(Array(event.data.utf8), into: &events)
                    }
                }
            case .lines:
                lines.append(piece)
                while mode == .lines, let line = try lines.next() {
                    if line.contains(where: { $0 != 0x20 && $0 != 0x09 }) { try decode(Array(line), into: &events) }
                }
            }
        } catch let error as StreamDecodingError {
            throw failures.make(.malformedAnswer, .elsewhere, "the answer cannot be read: \(error.reason)")
        }
    }

    /// The body is over.
    mutating func end(into events: inout [GenerationEvent]) throws {
        defer { mode = .finished }
        switch mode {
        case .finished: return
        case .sniffing:
            throw claimsStream || buffer.isEmpty ? failures.incomplete() : failures.malformed(buffer, expected: "an answer")
        case .page: throw failures.malformed(buffer, expected: "an answer")
        case .whole:
            let answer: JSONValue
            do { answer = try JSONValue(parsing: buffer) } catch { throw failures.incomplete() }
            try decoder.decodeWhole(answer, into: &events)
            try decoder.end(isClosed: true, into: &events)
        case .lines:
            // A last line may lack its line feed; half a line means that the answer was cut short.
            if let rest = lines.finish(), let frame = try? JSONValue(parsing: rest) {  // why: half a line ends as incomplete below
                sawFrame = true
                _ = try decoder.decode(frame, into: &events)
            }
            if !sawFrame, !claimsStream { throw failures.malformed(sample, expected: "JSON lines") }
            try decoder.end(isClosed: false, into: &events)
        case .events:
            if !sawFrame, !claimsStream { throw failures.malformed(sample, expected: "a stream of events") }
            try decoder.end(isClosed: false, into: &events)
        }
    }

    /// Decides by the first byte that is no blank.
    private mutating func sniff() {
        let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF]
        guard let first = buffer.first(where: { !blanks.contains($0) }) else { return }
        switch first {
        case UInt8(ascii: "<"): mode = .page
        case UInt8(ascii: "{"), UInt8(ascii: "["): mode = framing == .lines ? .lines : .whole
        default: mode = framing == .lines ? .page : .events
        }
    }

    private mutating func decode(_ bytes: [UInt8], into events: inout [GenerationEvent]) throws {
        let frame: JSONValue
        do { frame = try JSONValue(parsing: bytes) } catch { throw failures.malformed(bytes, expected: "JSON") }
        sawFrame = true
        if try decoder.decode(frame, into: &events) { try finish(into: &events) }
    }

    private mutating func finish(into events: inout [GenerationEvent]) throws {
        try decoder.end(isClosed: true, into: &events)
        mode = .finished
    }
}
