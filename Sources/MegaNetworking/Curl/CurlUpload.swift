// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Synchronization

/// The bytes of a streaming request on their way from a task to the loop's thread: bounded, both sides wait for each other.
final class CurlUpload: Sendable {
    private struct State {
        var buffer: [UInt8] = []
        var position = 0
        var isOver = false
        /// The reader is gone.
        var isClosed = false
        var isPaused = false
        var writer: CheckedContinuation<Bool, Never>?
    }

    static let bufferLimit = 256 << 10
    private let state = Mutex(State())
    private let task = Mutex<Task<Void, Never>?>(nil)

    /// Pumps `body` into the buffer until it ends or the transfer does.
    func run(_ body: HTTPBody, for exchange: CurlExchange) {
        let (loop, id) = (exchange.loop, exchange.id)
        let pump = Task { [self] in
            do {
                for try await piece in body {
                    guard await offer(piece, loop, id) else { return }
                }
                end(loop, id)
            } catch let error as TransportError {
                loop.enqueue(.fail(id, error))
            } catch {
                loop.enqueue(.fail(id, TransportError(.connectionLost, reason: "the request's body could not be read to its end")))
            }
        }
        task.withLock { $0 = pump }
        if state.withLock({ $0.isClosed }) { pump.cancel() }
    }

    private func offer(_ piece: ArraySlice<UInt8>, _ loop: CurlLoop, _ id: CurlExchange.ID) async -> Bool {
        await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
            var resumes = false
            let answer: Bool? = state.withLock { state in
                if state.isClosed { return false }
                if state.position == state.buffer.count {
                    state.buffer.removeAll(keepingCapacity: true)
                    state.position = 0
                }
                state.buffer.append(contentsOf: piece)
                resumes = state.isPaused
                state.isPaused = false
                if state.buffer.count - state.position <= Self.bufferLimit { return true }
                state.writer = continuation
                return nil
            }
            if resumes { loop.enqueue(.resumeSending(id)) }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    private func end(_ loop: CurlLoop, _ id: CurlExchange.ID) {
        let resumes = state.withLock { state in
            state.isOver = true
            defer { state.isPaused = false }
            return state.isPaused
        }
        if resumes { loop.enqueue(.resumeSending(id)) }
    }

    /// Copies what there is; nil when the thread must wait, 0 at the end.
    func read(into target: UnsafeMutableRawBufferPointer) -> Int? {
        var writer: CheckedContinuation<Bool, Never>?
        let count: Int? = state.withLock { state in
            let available = state.buffer.count - state.position
            guard available > 0 else {
                if state.isOver { return 0 }
                state.isPaused = true
                return nil
            }
            let count = min(available, target.count)
            target.copyBytes(from: state.buffer[state.position..<(state.position + count)])
            state.position += count
            if available - count <= Self.bufferLimit / 2 { writer = state.writer.take() }
            return count
        }
        writer?.resume(returning: true)
        return count
    }

    /// The transfer is over: the source is not read on.
    func close() {
        let writer = state.withLock { state in
            state.isClosed = true
            return state.writer.take()
        }
        writer?.resume(returning: false)
        task.withLock { $0.take() }?.cancel()
    }
}
