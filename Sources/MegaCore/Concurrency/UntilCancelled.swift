// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Suspends until the surrounding task is cancelled, then throws `CancellationError`.
///
/// For adapters that receive by being called, and so have nothing to wait for in ``MessagingAdapter/run(delivering:)``.
public func untilCancelled() async throws {
    let (stream, continuation) = AsyncStream<Never>.makeStream(bufferingPolicy: .bufferingNewest(1))
    for await _ in stream {}
    continuation.finish()
    throw CancellationError()
}
