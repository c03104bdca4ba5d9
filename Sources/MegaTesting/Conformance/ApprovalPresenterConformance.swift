// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What every `ApprovalPresenter` must do.
public enum ApprovalPresenterConformance {
    /// A presenter, and what it has put before people so far.
    public struct Subject: Sendable {
        /// The presenter under test.
        public var presenter: any ApprovalPresenter
        /// The texts that people were shown, in order.
        public var shown: @Sendable () async throws -> [String]

        /// Puts a subject together.
        public init(presenter: any ApprovalPresenter, shown: @escaping @Sendable () async throws -> [String]) {
            self.presenter = presenter
            self.shown = shown
        }
    }

    /// All checks. Each wants a fresh subject.
    public static let checks: [ConformanceCheck<Subject>] = [
        .init("A question is shown word for word, code and all") { subject in
            let presentation = try sample("one", summary: "rm -r build\nls")
            try await subject.presenter.present(presentation)
            let shown = try await subject.shown()
            try ConformanceFailure.unlessEqual(shown, [presentation.text], "what was shown")
            try ConformanceFailure.unless(
                shown[0].contains("!approve \(presentation.card.code)"), expected: "the code in the text", seen: shown[0])
        },
        .init("The same presentation again shows nothing twice") { subject in
            let presentation = try sample("one")
            for _ in 0..<3 { try await subject.presenter.present(presentation) }
            try ConformanceFailure.unlessEqual(try await subject.shown().count, 1, "how often it was shown")
        },
        .init("A further step of the chain is a question of its own") { subject in
            var second = try sample("one")
            try await subject.presenter.present(second)
            second.key += "-2"
            second.text += "\nstill open"
            try await subject.presenter.present(second)
            try ConformanceFailure.unlessEqual(try await subject.shown().count, 2, "how many were shown")
        },
        .init("Questions are shown in their order") { subject in
            for name in ["one", "two", "three"] { try await subject.presenter.present(try sample(name, summary: name)) }
            let shown = try await subject.shown()
            for (name, text) in zip(["one", "two", "three"], shown) {
                try ConformanceFailure.unless(text.contains(name), expected: "the question \(name)", seen: text)
            }
            try ConformanceFailure.unlessEqual(shown.count, 3, "how many were shown")
        },
        .init("Withdrawing a question that was never shown is harmless") { subject in
            await subject.presenter.withdraw(try sample("one").card)
            try ConformanceFailure.unlessEqual(try await subject.shown(), [], "what was shown")
        },
    ]

    private static func sample(_ id: String, summary: String = "ls") throws -> ApprovalPresentation {
        let request = ApprovalRequest(
            id: ApprovalRequest.ID(rawValue: id), shortCode: "W7K3", turn: TurnID(rawValue: 1), callID: "c", conversation: StoreSamples.chat,
            requester: StoreSamples.person, tool: "run", arguments: [:], preview: ActionPreview(summary: summary), reason: "asks",
            createdAt: StoreSamples.start, expiresAt: StoreSamples.time(600))
        let card = ApprovalCard(request)
        return ApprovalPresentation(key: "approval-\(id)", card: card, conversation: StoreSamples.otherChat, text: card.rendering())
    }
}
