// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// The body of a response as a sequence. When the sequence and its iterator are gone, the transfer ends, at once or very soon.
struct CurlResponseBody: AsyncSequence, Sendable {
    typealias Element = ArraySlice<UInt8>

    private let reader: Reader

    init(_ exchange: CurlExchange, owner: LoopOwner) { reader = Reader(exchange: exchange, owner: owner) }

    func makeAsyncIterator() -> Iterator { Iterator(reader: reader) }

    struct Iterator: AsyncIteratorProtocol {
        let reader: Reader
        mutating func next() async throws -> ArraySlice<UInt8>? { try await reader.exchange.next() }
    }

    /// Shared by the sequence and its iterator; its end is the end of the transfer. Keeps the loop running meanwhile.
    final class Reader: Sendable {
        let exchange: CurlExchange
        private let owner: LoopOwner

        init(exchange: CurlExchange, owner: LoopOwner) {
            self.exchange = exchange
            self.owner = owner
        }

        deinit { exchange.abandon() }
    }
}

/// Stops the loop when the transport and every body it gave out are gone.
final class LoopOwner: Sendable {
    let loop = CurlLoop()
    deinit { loop.stop() }
}
