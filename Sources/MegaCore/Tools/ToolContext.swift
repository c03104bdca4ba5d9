// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import Logging

/// The right to run one tool call, once. Only the orchestrator makes one.
public struct ToolContext: Sendable {
    /// Where the call happens.
    public let scope: ToolScope
    /// The model's id of the call.
    public let callID: String
    /// The same for every attempt of the same call; hand it to services that take one.
    public let idempotencyKey: String
    /// For the tool's own log lines.
    public let logger: Logger
    /// When the executor will cancel the call.
    public let deadline: ContinuousClock.Instant

    /// Whether a tool whose arguments do not name the files it writes has to find out and tell, with ``noteWrites(_:)``. When it does
    /// not, everything below the paths of its preview counts as written under untrusted influence.
    public let followsWrites: Bool

    private let output: @Sendable (String) async -> Void
    private let writes: @Sendable (FileWrites) -> Void

    package init(
        scope: ToolScope, callID: String, idempotencyKey: String, logger: Logger, deadline: ContinuousClock.Instant,
        followsWrites: Bool = false, writes: @escaping @Sendable (FileWrites) -> Void = { _ in },
        output: @escaping @Sendable (String) async -> Void
    ) {
        self.followsWrites = followsWrites
        self.writes = writes
        self.scope = scope
        self.callID = callID
        self.idempotencyKey = idempotencyKey
        self.logger = logger
        self.deadline = deadline
        self.output = output
    }

    /// Shows output to the person while the tool runs. The model sees only what the tool returns.
    public func emit(_ text: String) async { await output(text) }

    /// Tells which files the call has changed; needed when ``followsWrites`` says so.
    public func noteWrites(_ files: FileWrites) { writes(files) }
}
