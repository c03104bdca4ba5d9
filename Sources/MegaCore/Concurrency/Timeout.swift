// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// The time given to an operation has passed.
struct TimeoutError: Error, CustomStringConvertible {
    let limit: Duration
    var description: String { "took longer than \(limit)" }
}

/// Runs an operation and cancels it when the time is over. Returns or throws only after the operation has ended.
///
/// - Throws: ``TimeoutError`` when the limit passed, else what the operation throws.
func withTimeout<Result: Sendable>(
    _ limit: Duration, clock: any Clock<Duration>, _ operation: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    // Nil stands for "the time is over".
    try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask { try await operation() }
        group.addTask {
            try await clock.sleep(for: limit, tolerance: nil)
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next() else { throw CancellationError() }
        if let result = first { return result }
        group.cancelAll()
        // The operation may still end with a result or an error; the limit has passed all the same.
        do { while try await group.next() != nil {} } catch {}
        throw TimeoutError(limit: limit)
    }
}
