// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import HTTPTypes
public import MegaCore

extension StubTransport {
    /// What the stub answers, and how it misbehaves.
    public struct Answer: Sendable {
        var status: HTTPResponse.Status
        var headers: HTTPFields
        var body: [UInt8]
        var error: (any Error)?
        var chunk: Int?
        var cut: (at: Int, error: any Error)?
        var wait: (@Sendable () async throws -> Void)?
        var between: (@Sendable (_ offset: Int) async throws -> Void)?

        /// Any response.
        public init(status: HTTPResponse.Status = .ok, headers: HTTPFields = [:], body: some Sequence<UInt8> = []) {
            self.status = status
            self.headers = headers
            self.body = Array(body)
        }

        /// A status with an optional text.
        public static func status(_ code: Int, _ text: String = "", headers: HTTPFields = [:]) -> Answer {
            Answer(status: HTTPResponse.Status(code: code), headers: headers, body: text.utf8)
        }

        /// Text of a content type.
        public static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Answer {
            Answer(headers: [.contentType: type], body: text.utf8)
        }

        /// JSON text.
        public static func json(_ text: String, status: Int = 200) -> Answer {
            Answer(status: HTTPResponse.Status(code: status), headers: [.contentType: "application/json"], body: text.utf8)
        }

        /// An event stream, as it stands on the wire.
        public static func events(_ text: String) -> Answer { .text(text, type: "text/event-stream") }

        /// No response: the error is thrown.
        public static func failure(_ error: any Error) -> Answer {
            var answer = Answer()
            answer.error = error
            return answer
        }

        /// No response: a transport error is thrown.
        public static func failure(_ code: TransportError.Code, _ reason: String = "scripted failure") -> Answer {
            .failure(TransportError(code, reason: reason))
        }

        /// The same, streamed in pieces of so many bytes.
        public func chunked(by size: Int) -> Answer {
            var copy = self
            copy.chunk = max(1, size)
            return copy
        }

        /// The same, but the body ends with an error after `count` bytes.
        public func cut(after count: Int, throwing error: any Error = TransportError(.connectionLost, reason: "scripted cut"))
            -> Answer
        {
            var copy = self
            copy.cut = (max(0, count), error)
            return copy
        }

        /// The same, after `wait` returned.
        public func waiting(for wait: @escaping @Sendable () async throws -> Void) -> Answer {
            var copy = self
            copy.wait = wait
            return copy
        }

        /// The same, when `gate` is open.
        public func held(until gate: Gate) -> Answer { waiting { try await gate.wait() } }

        /// The same, after a time on `clock`.
        public func delayed(by duration: Duration, clock: any Clock<Duration>) -> Answer {
            waiting { try await clock.sleep(for: duration) }
        }

        /// The same, with `action` awaited before each piece; it is given the piece's offset.
        public func beforeEachPiece(_ action: @escaping @Sendable (_ offset: Int) async throws -> Void) -> Answer {
            var copy = self
            copy.between = action
            return copy
        }

        var isPlain: Bool { chunk == nil && cut == nil && between == nil }

        func pieces(limit: Int) -> Pieces { Pieces(answer: self, limit: limit) }
    }

    struct Pieces: AsyncSequence, Sendable {
        let answer: Answer
        let limit: Int

        func makeAsyncIterator() -> Iterator { Iterator(answer: answer, limit: limit) }

        struct Iterator: AsyncIteratorProtocol {
            let answer: Answer
            let limit: Int
            var offset = 0

            mutating func next() async throws -> ArraySlice<UInt8>? {
                try Task.checkCancellation()
                try await answer.between?(offset)
                let end = Swift.min(answer.cut?.at ?? answer.body.count, answer.body.count)
                guard offset < end else {
                    if let cut = answer.cut { throw cut.error }
                    return nil
                }
                let next = Swift.min(end, offset + (answer.chunk ?? answer.body.count))
                guard next <= limit else {
                    throw TransportError(.responseTooLarge, reason: "the body has more than \(limit) bytes")
                }
                defer { offset = next }
                return answer.body[offset..<next]
            }
        }
    }
}
