// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore
import Synchronization

/// A presenter that shows nothing and remembers everything.
public final class RecordingApprovalPresenter: ApprovalPresenter {
    private struct State {
        var shown: [ApprovalPresentation] = []
        var withdrawn: [ApprovalRequest.ID] = []
        var failures: Int
    }

    /// See `ApprovalPresenter.medium`.
    public let medium: ApprovalMedium
    private let state: Mutex<State>

    /// - Parameter failures: How many presentations fail first.
    public init(_ medium: ApprovalMedium = .voice, failures: Int = 0) {
        self.medium = medium
        state = Mutex(State(failures: failures))
    }

    /// What was shown, each once, in order.
    public var shown: [ApprovalPresentation] { state.withLock { $0.shown } }

    /// The cards that were withdrawn.
    public var withdrawn: [ApprovalRequest.ID] { state.withLock { $0.withdrawn } }

    /// See `ApprovalPresenter.present(_:)`.
    public func present(_ presentation: ApprovalPresentation) async throws {
        try state.withLock { state in
            if state.failures > 0 {
                state.failures -= 1
                throw CommandError("out of reach")
            }
            if !state.shown.contains(where: { $0.key == presentation.key }) { state.shown.append(presentation) }
        }
    }

    /// See `ApprovalPresenter.withdraw(_:)`.
    public func withdraw(_ card: ApprovalCard) async { state.withLock { $0.withdrawn.append(card.id) } }
}
