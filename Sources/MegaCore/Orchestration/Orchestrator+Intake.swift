// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Synchronization

extension Orchestrator {
    /// Stores a message and hands it on. Durable on return.
    func accept(_ message: InboundMessage, cursor: String?) async throws -> Inbox.Admission {
        // What earlier runs left comes first.
        try await waitUntilReady()
        try await router.reserve()
        let people = people.withLock { $0 }
        let platform = message.conversation.channel.platform
        var message = message
        // Trust comes from the people list, never from the adapter.
        message.trust = people.trust(message.sender, on: platform)
        let person = people.person(message.sender, on: platform)
        let admission: LedgerAdmission
        do {
            admission = try await store.record(message, from: person, cursor: cursor, at: dependencies.now())
            writer.trouble.clear()
        } catch let error as StoreError {
            // Not repeated here, the adapter's platform does that; but health tells of it.
            writer.trouble.note("\(error)")
            await router.release()
            throw error
        } catch {
            await router.release()
            throw error
        }
        switch admission {
        case .duplicate(let turn):
            await router.release()
            return .duplicate(turn)
        case .accepted(let turn):
            supervisors[message.conversation.channel]?.noteSuccess()
            ownerChats.note(turn.message, from: turn.person)
            await note(received: turn)
            let isCommand = AdminCommands.parse(turn.message.text) != nil
            await router.add(turn, isCommand: isCommand, isReserved: true)
            if isRefused(turn) { return .refused(reason: Self.unknownSender) }
            // Somebody who writes on while a question is open may have overlooked it.
            if !isCommand, !turn.message.isGroup || turn.message.isAddressed { await tellOfWaiting(in: turn.message.conversation) }
            return .accepted(turn.id)
        }
    }
}
