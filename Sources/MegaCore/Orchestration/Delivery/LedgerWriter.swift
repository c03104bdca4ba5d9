// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Logging

/// Writes to the ledger for turns in progress, and does not give up while the store is in trouble (a full disk, a locked file):
/// what has happened must not be forgotten because it could not be noted at once.
struct LedgerWriter: Sendable {
    let ledger: any Ledger
    let dependencies: Dependencies
    let logger: Logger
    let trouble = TroubleLog()

    /// Runs a write until it succeeds, with growing pauses.
    ///
    /// - Throws: `CancellationError`, or a ``StoreError`` that repeating cannot mend.
    func write<Result: Sendable>(
        _ what: StaticString, _ operation: @Sendable (any Ledger) async throws -> Result
    ) async throws -> Result {
        var backoff = Backoff(first: .milliseconds(100), limit: .seconds(15))
        while true {
            do {
                let result = try await operation(ledger)
                trouble.clear()
                return result
            } catch let error as CancellationError {
                throw error
            } catch let error as StoreError where !error.isTransient {
                throw error
            } catch {
                trouble.note("\(error)")
                logger.error("ledger write failed, trying again", metadata: ["operation": "\(what)", "error": "\(error)"])
                let pause = backoff.next(unit: dependencies.randomUnit())
                try await dependencies.clock.sleep(for: pause, tolerance: nil)
            }
        }
    }
}
