// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Logging
import Synchronization

extension ModelFallbackChain {
    /// Which models failed lately. Shared by all answers of one chain.
    final class FailureMemory: Sendable {
        private struct Entry {
            var until = Date.distantPast
            var failures = 0
        }

        private let entries: Mutex<[Entry]>

        init(count: Int) { entries = Mutex(Array(repeating: Entry(), count: count)) }

        /// All models: first those in good standing, then those that cool down, each in the order of preference.
        func order(now: Date) -> [Int] {
            entries.withLock { entries in
                entries.indices.filter { entries[$0].until <= now } + entries.indices.filter { entries[$0].until > now }
            }
        }

        func failed(_ index: Int, now: Date, coolDown: Duration, atLeast least: Duration?) {
            entries.withLock { entries in
                let factor = 1 << min(entries[index].failures, 3)
                entries[index].failures += 1
                entries[index].until = now.addingTimeInterval(max(coolDown * factor, least ?? .zero).inSeconds)
            }
        }

        func succeeded(_ index: Int) { entries.withLock { $0[index] = Entry() } }
    }

    /// The attempts of one answer, made while it is read.
    struct Attempts: AsyncSequence, Sendable {
        typealias Element = GenerationEvent
        let chain: ModelFallbackChain
        let request: ModelRequest

        func makeAsyncIterator() -> Iterator { Iterator(chain: chain, request: request) }

        struct Iterator: AsyncIteratorProtocol {
            private let chain: ModelFallbackChain
            private let request: ModelRequest
            private var round = 0
            /// Models of this round still to be asked.
            private var queue: [Int]?
            /// Models that may work in the next round, and the longest wait any of them asked for.
            private var again: [Int] = []
            private var wait = Duration.zero
            private var current: (index: Int, stream: GenerationStream.AnyIterator)?
            /// A model that failed after this spoke for itself; nothing is tried after it.
            private var hasSpoken = false
            private var isOver = false
            /// A usage report that came before anything was said.
            private var held: GenerationEvent?
            private var ready: [GenerationEvent] = []
            private var lastError: (any Error)?

            init(chain: ModelFallbackChain, request: ModelRequest) {
                self.chain = chain
                self.request = request
            }

            mutating func next() async throws -> GenerationEvent? {
                while !isOver {
                    if !ready.isEmpty { return ready.removeFirst() }
                    try await choose()
                    guard let (index, started) = current else { break }
                    var stream = started
                    current = nil
                    do {
                        let event = try await stream.next()
                        current = (index, stream)
                        guard let event else {
                            isOver = true
                            return held.take()
                        }
                        if case .finished = event { chain.memory.succeeded(index) }
                        take(event)
                    } catch let error as ModelError where !hasSpoken {
                        try note(error, of: index)
                    } catch {
                        isOver = true
                        if let error = error as? ModelError, error.retry != .never { remember(error, of: index) }
                        throw error
                    }
                }
                return nil
            }

            private mutating func take(_ event: GenerationEvent) {
                if !hasSpoken, case .usage = event {
                    held = event
                    return
                }
                hasSpoken = true
                if let usage = held.take() { ready.append(usage) }
                ready.append(event)
            }

            private mutating func note(_ error: ModelError, of index: Int) throws {
                held = nil
                lastError = error
                switch error.retry {
                case .never:
                    isOver = true
                    throw error
                case .elsewhere: break
                case .later(let after):
                    if after ?? .zero <= chain.policy.longestPause {
                        again.append(index)
                        wait = Swift.max(wait, after ?? .zero)
                    }
                }
                remember(error, of: index)
            }

            private func remember(_ error: ModelError, of index: Int) {
                // A prompt too long for one model says nothing against that model.
                if error.code == .contextOverflow { return }
                var least: Duration?
                if case .later(let after) = error.retry { least = after }
                chain.memory.failed(index, now: chain.dependencies.now(), coolDown: chain.policy.coolDown, atLeast: least)
                chain.logger?.info(
                    "a model failed", metadata: ["model": "\(error.model)", "code": "\(error.code.rawValue)", "reason": "\(error.reason)"])
            }

            /// Makes sure that a model is being asked; throws when there is none left.
            private mutating func choose() async throws {
                if current != nil { return }
                try Task.checkCancellation()
                var waiting = queue ?? chain.memory.order(now: chain.dependencies.now())
                if waiting.isEmpty {
                    round += 1
                    guard round < chain.policy.rounds, !again.isEmpty, wait <= chain.policy.longestPause else {
                        isOver = true
                        if let lastError { throw lastError }
                        return
                    }
                    let backOff = Swift.min(chain.policy.firstPause * (1 << Swift.min(round - 1, 16)), chain.policy.longestPause)
                    // Between half and all of the back-off, so that many clients do not return at once.
                    let jittered = backOff * (0.5 + chain.dependencies.randomUnit() / 2)
                    try await chain.dependencies.clock.sleep(for: Swift.max(jittered, wait))
                    waiting = again
                    again = []
                    wait = .zero
                }
                let index = waiting.removeFirst()
                queue = waiting
                current = (index, chain.models[index].generate(request).makeAsyncIterator())
            }
        }
    }
}

extension Duration {
    fileprivate var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
