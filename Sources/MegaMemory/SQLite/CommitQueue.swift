// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Dispatch
import GRDB
import MegaCore
import Synchronization

/// Runs writes of many tasks in one transaction, so that they share one sync to disk.
///
/// While one transaction is being committed the next writes gather; then they run together, each inside a savepoint of its own, so
/// that one that fails takes none of the others along. A caller goes on when its write is on disk. Every caller waits for its own
/// write, so the queue is never longer than the number of tasks that write. All of it happens on a queue of its own, never on the
/// cooperative pool. Writes run in the order they came in. A body may run twice (alone, after the shared transaction failed), so it
/// must do nothing but change the database.
final class CommitQueue: Sendable {
    /// The most writes in one transaction; bounds how long the first of them waits for the last.
    static let batchSize = 256

    struct Statistics: Sendable, Hashable {
        var operations = 0
        var transactions = 0
    }

    private struct Operation: Sendable {
        let run: @Sendable (Database) -> (any Error)?
        let complete: @Sendable ((any Error)?) -> Void
    }

    private struct State {
        var waiting: [Operation] = []
        var isDraining = false
        var isClosed = false
        var statistics = Statistics()
        var onIdle: (@Sendable () -> Void)?
    }

    private let pool: DatabasePool
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "megabot.store.commit", qos: .userInitiated)

    init(pool: DatabasePool) { self.pool = pool }

    var statistics: Statistics { state.withLock { $0.statistics } }

    /// Whether writes wait.
    var isBusy: Bool { state.withLock { !$0.waiting.isEmpty } }

    /// Called on the commit queue whenever nothing is left to write.
    func whenIdle(_ action: @escaping @Sendable () -> Void) { state.withLock { $0.onIdle = action } }

    /// Runs a write; returns when it is durable.
    ///
    /// Cancelling the task does not take the write back.
    func perform<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let outcome = Outcome<Value>()
            let operation = Operation(
                run: { outcome.run(body, on: $0) },
                complete: { continuation.resume(with: outcome.result(failure: $0)) })
            let (accepted, starts) = state.withLock { state in
                if state.isClosed { return (false, false) }
                state.waiting.append(operation)
                defer { state.isDraining = true }
                return (true, !state.isDraining)
            }
            guard accepted else {
                operation.complete(StoreError(.closed, reason: "the store was closed; open a new one"))
                return
            }
            if starts { queue.async { self.drain() } }
        }
    }

    /// Takes no more writes and returns when those taken are done.
    func close() async {
        state.withLock {
            $0.isClosed = true
            $0.onIdle = nil
        }
        await withCheckedContinuation { continuation in queue.async { continuation.resume() } }
    }

    private func drain() {
        while true {
            let (batch, onIdle) = state.withLock { state -> ([Operation], (@Sendable () -> Void)?) in
                if state.waiting.isEmpty {
                    state.isDraining = false
                    return ([], state.onIdle)
                }
                let batch = Array(state.waiting.prefix(Self.batchSize))
                state.waiting.removeFirst(batch.count)
                return (batch, nil)
            }
            if batch.isEmpty {
                onIdle?()
                return
            }
            execute(batch)
        }
    }

    private func execute(_ batch: [Operation]) {
        var failures: [(any Error)?]
        do {
            failures = try transaction(batch)
        } catch  where batch.count > 1 {
            // The shared transaction is gone; whose fault it was shows when each runs alone.
            failures = batch.map { operation in
                do { return try transaction([operation])[0] } catch { return error }
            }
        } catch {
            failures = [error]
        }
        for (operation, failure) in zip(batch, failures) { operation.complete(failure.map { StoreError.from($0) }) }
    }

    /// One transaction. Answers with the failure of each operation; throws when none of them is durable.
    private func transaction(_ batch: [Operation]) throws -> [(any Error)?] {
        let failures = try pool.writeWithoutTransaction { database in
            try database.run("BEGIN IMMEDIATE")
            do {
                var failures: [(any Error)?] = []
                failures.reserveCapacity(batch.count)
                for operation in batch {
                    try database.run("SAVEPOINT operation")
                    let failure = operation.run(database)
                    // Some failures (disk full, I/O) end the whole transaction.
                    if let failure, !database.isInsideTransaction { throw failure }
                    if failure != nil { try database.run("ROLLBACK TO operation") }
                    try database.run("RELEASE operation")
                    failures.append(failure)
                }
                try database.run("COMMIT")
                return failures
            } catch {
                if database.isInsideTransaction { try database.run("ROLLBACK") }
                throw error
            }
        }
        state.withLock {
            $0.statistics.operations += batch.count
            $0.statistics.transactions += 1
        }
        return failures
    }
}

/// Carries the value of a write from the commit queue to its caller.
private final class Outcome<Value: Sendable>: Sendable {
    private let stored = Mutex<Value?>(nil)

    func run(_ body: (Database) throws -> Value, on database: Database) -> (any Error)? {
        do {
            let value = try body(database)
            stored.withLock { $0 = value }
            return nil
        } catch {
            return error
        }
    }

    func result(failure: (any Error)?) -> Result<Value, any Error> {
        if let failure { return .failure(failure) }
        guard let value = stored.withLock({ $0 }) else {
            return .failure(StoreError(.unavailable, reason: "the write did not run; try again"))
        }
        return .success(value)
    }
}

extension Database {
    /// Runs a statement, prepared once per connection.
    func run(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// The rows of a query, prepared once per connection.
    func rows(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws -> [Row] {
        try Row.fetchAll(cachedStatement(sql: sql), arguments: arguments)
    }

    /// The first row of a query.
    func row(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws -> Row? {
        try Row.fetchOne(cachedStatement(sql: sql), arguments: arguments)
    }
}
