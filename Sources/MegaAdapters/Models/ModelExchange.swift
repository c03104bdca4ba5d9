// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaCore

/// One provider's wire format, free of any input or output.
protocol ModelCodec: Sendable {
    associatedtype Decoder: AnswerDecoder
    /// Below the base URL.
    var path: String { get }
    var framing: AnswerFraming { get }
    var headers: HTTPFields { get }
    /// The request's body. Equal requests give equal values, and so equal bytes.
    func encode(_ request: ModelRequest) -> JSONValue
    func makeDecoder(_ failures: ModelFailures) -> Decoder
}

/// A request and its streamed answer. Everything happens while it is iterated; dropping the iterator ends the transfer.
struct ModelExchange<Codec: ModelCodec>: AsyncSequence, Sendable {
    typealias Element = GenerationEvent

    let codec: Codec
    let request: ModelRequest
    let endpoint: ModelEndpoint
    let transport: any HTTPTransport
    let options: HTTPRequestOptions

    func makeAsyncIterator() -> Iterator { Iterator(exchange: self) }

    struct Iterator: AsyncIteratorProtocol {
        private enum State { case idle, reading, finished }

        private let exchange: ModelExchange
        private let failures: ModelFailures
        private var state = State.idle
        private var body: HTTPBody.Iterator?
        private var reader: AnswerReader<Codec.Decoder>?
        private var events: [GenerationEvent] = []
        private var position = 0
        private var failure: (any Error)?

        init(exchange: ModelExchange) {
            self.exchange = exchange
            failures = ModelFailures(exchange.endpoint)
        }

        mutating func next() async throws -> GenerationEvent? {
            do {
                while true {
                    if position < events.count {
                        defer { position += 1 }
                        return events[position]
                    }
                    events.removeAll(keepingCapacity: true)
                    position = 0
                    if let failure { throw failure }
                    switch state {
                    case .finished: return nil
                    case .idle: try await start()
                    case .reading: try await read()
                    }
                }
            } catch {
                stop()
                failure = nil
                throw error
            }
        }

        private mutating func start() async throws {
            let bytes = exchange.codec.encode(exchange.request).encoded()
            let accept = exchange.codec.framing == .events ? "text/event-stream, application/json" : "application/x-ndjson, application/json"
            var request = try exchange.endpoint.request(.post, exchange.codec.path, accept: accept, sends: "application/json")
            for field in exchange.codec.headers { request.headerFields[field.name] = field.value }
            let result: HTTPResult
            do {
                result = try await exchange.transport.send(request, body: HTTPBody(bytes), options: exchange.options)
            } catch {
                throw failures.transport(error, afterHead: false)
            }
            guard result.response.status.kind == .successful else {
                throw failures.status(result.response, body: await Self.page(of: result.body))
            }
            reader = AnswerReader(
                decoder: exchange.codec.makeDecoder(failures), framing: exchange.codec.framing,
                contentType: result.response.headerFields[.contentType], failures: failures)
            body = result.body.makeAsyncIterator()
            state = .reading
        }

        private mutating func read() async throws {
            guard var body = body.take(), var reader = reader.take() else { return stop() }
            let piece: ArraySlice<UInt8>?
            do { piece = try await body.next() } catch { throw failures.transport(error, afterHead: true) }
            do {
                if let piece {
                    try reader.feed(piece, into: &events)
                } else {
                    try reader.end(into: &events)
                }
            } catch {
                // What was understood before the failure is handed out first.
                failure = error
            }
            if reader.isFinished { return stop() }
            self.body = body
            self.reader = reader
        }

        private mutating func stop() {
            state = .finished
            body = nil
            reader = nil
        }

        /// The start of an error page; what cannot be read is left out.
        private static func page(of body: HTTPBody) async -> [UInt8] {
            var bytes: [UInt8] = []
            do {
                for try await piece in body {
                    bytes.append(contentsOf: piece)
                    if bytes.count > 65_536 { break }
                }
            } catch {
                return bytes
            }
            return bytes
        }
    }
}
