// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Logging

/// Puts questions nobody has answered before further people, step by step, and lets nobody be woken in quiet hours.
struct ApprovalEscalator: Sendable {
    let center: ApprovalCenter
    let policy: ApprovalPolicy
    let presenters: [ApprovalMedium: any ApprovalPresenter]
    let dependencies: Dependencies
    let logger: Logger

    /// A step that is due for a card.
    struct Step: Sendable {
        var card: ApprovalCard
        var number: Int
        var due: Date
    }

    /// Works until cancelled.
    func run() async {
        var backoff = Backoff(first: .seconds(2), limit: .seconds(60))
        var shown: [ApprovalRequest.ID: (card: ApprovalCard, media: Set<ApprovalMedium>)] = [:]
        while !Task.isCancelled {
            for (id, entry) in shown where await !center.isOpen(id) {
                shown[id] = nil
                for medium in entry.media { await presenters[medium]?.withdraw(entry.card) }
            }
            guard let step = await center.nextEscalation() else {
                await center.changed.wait()
                continue
            }
            let wait = step.due.timeIntervalSince(dependencies.now())
            if wait > 0 {
                await sleep(.seconds(wait))
                continue
            }
            do {
                let medium = policy.escalation[step.number].medium
                try await present(step)
                try await center.noteEscalation(of: step.card.id, step.number + 1)
                shown[step.card.id, default: (step.card, [])].media.insert(medium)
                backoff.reset()
            } catch {
                if Task.isCancelled { return }
                logger.warning("a question could not be put further", metadata: ["step": "\(step.number + 1)", "error": "\(error)"])
                await sleep(backoff.next(unit: dependencies.randomUnit()))
            }
        }
    }

    private func present(_ step: Step) async throws {
        let target = policy.escalation[step.number]
        guard let presenter = presenters[target.medium] else {
            logger.error("no presenter for a step of the escalation chain", metadata: ["medium": "\(target.medium)"])
            return
        }
        let waited = GrantTerms.rendering(seconds: Int(dependencies.now().timeIntervalSince(step.card.requests[0].createdAt)))
        let text = step.card.rendering(note: "Asked \(waited) ago in \(ApprovalText.escaped(step.card.requests[0].conversation.description)); nobody has answered yet.")
        try await presenter.present(
            ApprovalPresentation(
                key: "approval-\(step.card.id)-\(step.number + 1)", card: step.card, conversation: target.conversation, text: text))
    }

    /// Until the time is over, something changed, or the task is cancelled.
    private func sleep(_ duration: Duration) async {
        let (clock, changed) = (dependencies.clock, center.changed)
        // The alarm rings the same bell: a wait for the bell must not be cancelled, that would silence it for good.
        let alarm = Task {
            try await clock.sleep(for: duration, tolerance: nil)
            changed.notify()
        }
        await changed.wait()
        alarm.cancel()
    }
}
