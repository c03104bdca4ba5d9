// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the store suites feed their subjects.
enum StoreSamples {
    static let channel = ChannelID(platform: "test", account: "one")
    static let chat = ConversationID(channel: channel, chat: "chat: ü%3A")
    static let otherChat = ConversationID(channel: channel, chat: "other", thread: "7")
    static let person: PersonID = "person-1"
    static let start = Date(timeIntervalSinceReferenceDate: 800_000_000.125)

    static func time(_ seconds: Double) -> Date { start.addingTimeInterval(seconds) }

    static func inbound(_ id: String, _ text: String = "hello", in chat: ConversationID = chat) -> InboundMessage {
        InboundMessage(
            id: id, conversation: chat, sender: Participant(id: "sender", displayName: "Ada"), content: [.text(text)],
            timestamp: start, replyTo: "earlier", isGroup: true, trust: .known, metadata: ["thread": "✓"])
    }

    static func outbound(
        _ id: String, _ text: String = "answer", in chat: ConversationID = chat, kind: OutboundMessage.Kind = .reply
    ) -> OutboundMessage {
        OutboundMessage(id: id, conversation: chat, kind: kind, content: [.text(text)], metadata: ["k": "v"])
    }

    static func approval(_ id: String, turn: TurnID, decision: ApprovalDecision? = nil) -> ApprovalRequest {
        ApprovalRequest(
            id: ApprovalRequest.ID(rawValue: id), shortCode: "ab1", turn: turn, callID: "call", conversation: chat,
            requester: person,
            tool: "run", arguments: ["argv": ["ls", "-l"]], preview: ActionPreview(summary: "ls -l", paths: ["/tmp"]),
            reason: "asks", createdAt: start, expiresAt: time(600), decision: decision)
    }

    static func grant(_ id: String) -> ApprovalGrant {
        ApprovalGrant(
            id: id,
            scope: GrantScope(
                tool: "run",
                commands: [
                    .init(
                        program: ProgramIdentity(name: "ls", path: "/bin/ls", target: "/usr/bin/ls", digest: "00ff"), words: ["-l", "ü"],
                        allowsMore: true)
                ], folder: "/tmp 1:2"),
            person: person, conversation: chat, grantedBy: "owner", approval: ApprovalRequest.ID(rawValue: "0001"), createdAt: start,
            expiresAt: time(600), usesAllowed: 3)
    }
}

extension ConformanceFailure {
    /// Throws a failure unless both are equal.
    static func unlessEqual<Value: Equatable>(_ seen: Value, _ expected: Value, _ what: String) throws {
        try unless(seen == expected, expected: "\(what) to be \(expected)", seen: "\(seen)")
    }

    /// Throws a failure unless the body throws a store error of this code.
    static func unlessThrows(_ code: StoreError.Code, _ what: String, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as StoreError where error.code == code {
            return
        } catch {
            throw ConformanceFailure(expected: "\(what) to throw \(code.rawValue)", seen: "\(error)")
        }
        throw ConformanceFailure(expected: "\(what) to throw \(code.rawValue)", seen: "no error")
    }
}

extension Ledger {
    /// Records a message that must be new.
    func accept(_ message: InboundMessage, cursor: String? = nil) async throws -> Turn {
        let admission = try await record(message, from: StoreSamples.person, cursor: cursor, at: StoreSamples.start)
        guard case .accepted(let turn) = admission else {
            throw ConformanceFailure(expected: "message \(message.id) to be accepted", seen: "\(admission)")
        }
        return turn
    }

    func deliver(_ ids: String...) async throws {
        try await markDelivered(
            ids.map { Delivery(message: $0, receipt: DeliveryReceipt(platformMessageID: "p", deliveredAt: StoreSamples.time(9))) })
    }

    func requireState(_ id: TurnID, _ state: Turn.State, _ what: String) async throws {
        try ConformanceFailure.unlessEqual(try await turn(id)?.state, state, what)
    }
}
