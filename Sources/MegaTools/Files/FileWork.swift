// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Dispatch
import Synchronization

/// Runs blocking work on threads of its own, a few at a time, and tells it when the caller has been cancelled.
enum FileWork {
    /// Whether to go on.
    final class Ticket: Sendable {
        private let cancelled = Atomic<Bool>(false)
        func cancel() { cancelled.store(true, ordering: .relaxed) }
        func check() throws { if cancelled.load(ordering: .relaxed) { throw CancellationError() } }
    }

    private static let queue = DispatchQueue(label: "megabot.files", attributes: .concurrent)

    static func run<Value: Sendable>(_ body: @escaping @Sendable (Ticket) throws -> Value) async throws -> Value {
        let ticket = Ticket()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                queue.async {
                    continuation.resume(with: Result {
                        try ticket.check()
                        return try body(ticket)
                    })
                }
            }
        } onCancel: {
            ticket.cancel()
        }
    }
}
