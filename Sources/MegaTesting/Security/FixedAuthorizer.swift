// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore
import Synchronization

/// An authorizer that says what the test wants and notes what it was asked.
public final class FixedAuthorizer: ActionAuthorizer {
    private let seen = Mutex<[ProposedAction]>([])
    private let answer: @Sendable (ProposedAction) throws -> AuthorizationDecision

    /// Says the same of everything.
    public init(_ decision: AuthorizationDecision) { answer = { _ in decision } }

    /// Says what the test makes of the action; an error counts as deny.
    public init(_ answer: @escaping @Sendable (ProposedAction) throws -> AuthorizationDecision) { self.answer = answer }

    /// Allows everything.
    public static var allowing: FixedAuthorizer { FixedAuthorizer(.allow(rule: "test")) }

    /// What it was asked about, in order; about an action that a person approved, twice.
    public var actions: [ProposedAction] { seen.withLock { $0 } }

    /// See `ActionAuthorizer.decide(_:)`.
    public func decide(_ action: ProposedAction) async throws -> AuthorizationDecision {
        seen.withLock { $0.append(action) }
        return try answer(action)
    }
}
