// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore
import Synchronization

/// A store that fails or dies on command, around a real one.
///
/// Use it to see what an orchestrator, a tool or a store of your own makes of a crash at every single write. What the base holds
/// afterwards is what a disk would hold: start a new orchestrator over it, or over a reopened store.
///
/// ```swift
/// let store = FaultyStore(base, crashingAt: 7, before: false)   // dies after the seventh write
/// ```
///
/// After a crash no call returns, reads included, until its task is cancelled or ``bury()`` is called; then all throw
/// `CancellationError`, so that the tasks of the dead orchestrator end without another effect.
public final class FaultyStore: Ledger, ConversationLog, MemoryStore {
    private struct State {
        var writes: [StoreWrite] = []
        var crash: StoreWrite?
        var isBuried = false
        /// Who waits for the crash before it, and whose calls hang after it.
        var frozen: [Int: CheckedContinuation<Void, Never>] = [:]
        var next = 0
    }

    let base: any Store
    private let fault: @Sendable (StoreWrite) -> StoreFault?
    private let state = Mutex(State())

    /// Wraps a store.
    ///
    /// - Parameters:
    ///   - base: Where everything goes that does not fail.
    ///   - fault: Asked before every write, in order; nil lets it through.
    public init(_ base: any Store, fault: @escaping @Sendable (StoreWrite) -> StoreFault? = { _ in nil }) {
        self.base = base
        self.fault = fault
    }

    /// Wraps a store that dies at one write.
    ///
    /// - Parameters:
    ///   - number: Which write, from 1; more than there are means that it never dies.
    ///   - before: Whether the write is lost, or durable.
    public convenience init(_ base: any Store, crashingAt number: Int, before: Bool) {
        self.init(base) { $0.number == number ? (before ? .crashBefore : .crashAfter) : nil }
    }

    /// Every write asked for before the crash, in order, failed ones included.
    public var writes: [StoreWrite] { state.withLock { $0.writes } }

    /// The write it died at, or nil while it lives.
    public var crash: StoreWrite? { state.withLock { $0.crash } }

    /// Returns once the store has died, or when the task is cancelled.
    public func waitForCrash() async {
        if crash != nil || Task.isCancelled { return }
        let ticket = makeTicket()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.crash != nil || Task.isCancelled { return true }
                    state.frozen[ticket] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            thaw(ticket)
        }
    }

    /// Ends every call that hangs since the crash, and every later one, with `CancellationError`.
    public func bury() {
        let frozen = state.withLock { state in
            state.isBuried = true
            defer { state.frozen = [:] }
            return state.frozen.values
        }
        for continuation in frozen { continuation.resume() }
    }

    // MARK: The way of every call

    func write<Result>(_ kind: StoreWrite.Kind, _ operation: () async throws -> Result) async throws -> Result {
        try await stayAlive()
        let write = state.withLock { state in
            let write = StoreWrite(number: state.writes.count + 1, kind: kind)
            state.writes.append(write)
            return write
        }
        switch fault(write) {
        case nil:
            let result = try await operation()
            try await stayAlive()
            return result
        case .fail(let error): throw error
        case .crashBefore:
            die(at: write)
            throw await frozen()
        case .crashAfter:
            // Dead first, so that nothing that happens next to this write can come after it.
            die(at: write)
            _ = try await operation()
            throw await frozen()
        }
    }

    func read<Result>(_ operation: () async throws -> Result) async throws -> Result {
        try await stayAlive()
        let result = try await operation()
        try await stayAlive()
        return result
    }

    private func stayAlive() async throws {
        if crash != nil { throw await frozen() }
    }

    private func die(at write: StoreWrite) {
        let waiting = state.withLock { state in
            if state.crash == nil { state.crash = write }
            defer { state.frozen = [:] }
            return state.frozen.values
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Hangs until the call's task is cancelled or the store is buried.
    private func frozen() async -> CancellationError {
        let ticket = makeTicket()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isBuried || Task.isCancelled { return true }
                    state.frozen[ticket] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            thaw(ticket)
        }
        return CancellationError()
    }

    private func makeTicket() -> Int {
        state.withLock { state in
            state.next += 1
            return state.next
        }
    }

    private func thaw(_ ticket: Int) {
        state.withLock { $0.frozen.removeValue(forKey: ticket) }?.resume()
    }
}
