// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A question to a person: may this exact action happen once?
///
/// Its states: open, approved and not yet used, used, refused, expired, withdrawn. All of them are durable.
public struct ApprovalRequest: Sendable, Hashable, Codable, Identifiable {
    /// 128 random bits in hex; cannot be guessed.
    public struct ID: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
        /// The raw value.
        public let rawValue: String
        /// Wraps a raw value.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// In words, for people and logs.
        public var description: String { rawValue }
    }

    /// Why a person is asked; open.
    public struct Kind: RawRepresentable, Sendable, Hashable, Codable {
        /// The raw value.
        public let rawValue: String
        /// Wraps a raw value.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// The rules ask. A grant may answer.
        public static let policy = Kind(rawValue: "policy")
        /// Where the data comes from asks. No grant ever answers.
        public static let informationFlow = Kind(rawValue: "informationFlow")
    }

    /// One person's yes to an action that needs several.
    public struct Vote: Sendable, Hashable, Codable {
        /// Who.
        public var person: PersonID
        /// When.
        public var at: Date

        /// Makes a vote.
        public init(person: PersonID, at: Date) {
            self.person = person
            self.at = at
        }
    }

    /// Names it in the ledger.
    public var id: ID
    /// A few letters and digits to type in a chat; unique among the pending cards.
    public var shortCode: String
    /// Set when it is asked together with like ones: all of a card have the same code and are answered at once.
    public var card: ID?
    /// The turn that waits.
    public var turn: TurnID
    /// The call within the turn.
    public var callID: String
    /// Where the question was put.
    public var conversation: ConversationID
    /// Whose turn it is.
    public var requester: PersonID
    /// The tool's name.
    public var tool: String
    /// What the tool may do.
    public var effects: ToolEffects
    /// What the tool would be given.
    public var arguments: JSONValue
    /// What would happen.
    public var preview: ActionPreview
    /// The least trusted text in the context the model decided on.
    public var influence: TrustLabel
    /// Why a person is asked, as a kind.
    public var kind: Kind
    /// Why a person is asked, in words.
    public var reason: String
    /// ``ApprovalSubject/digest`` of what was asked about. The executor computes it again right before the call and runs nothing
    /// when it differs. Empty in requests kept by a version that had none; those are asked again.
    public var digest: String
    /// How many different persons have to say yes.
    public var approvers: Int
    /// Whether the requester may not be one of them.
    public var separatesDuties: Bool
    /// Who has said yes so far.
    public var votes: [Vote]
    /// A narrower way than one more yes, when like actions were approved often.
    public var proposal: String?
    /// How many steps of the escalation chain have been taken.
    public var escalations: Int
    /// When it was asked.
    public var createdAt: Date
    /// After this time the answer is no.
    public var expiresAt: Date
    /// Nil while it is open.
    public var decision: ApprovalDecision?
    /// When it was decided.
    public var decidedAt: Date?
    /// When the action it approved was started. It never counts again.
    public var usedAt: Date?

    /// Makes a request as a store read it or a center asks it.
    public init(
        id: ID, shortCode: String, card: ID? = nil, turn: TurnID, callID: String, conversation: ConversationID, requester: PersonID,
        tool: String, effects: ToolEffects = [], arguments: JSONValue, preview: ActionPreview, influence: TrustLabel = .owner,
        kind: Kind = .policy, reason: String, approvers: Int = 1, separatesDuties: Bool = false, createdAt: Date, expiresAt: Date,
        decision: ApprovalDecision? = nil
    ) {
        self.id = id
        self.shortCode = shortCode
        self.card = card
        self.turn = turn
        self.callID = callID
        self.conversation = conversation
        self.requester = requester
        self.tool = tool
        self.effects = effects
        self.arguments = arguments
        self.preview = preview
        self.influence = influence
        self.kind = kind
        self.reason = reason
        self.approvers = max(1, approvers)
        self.separatesDuties = separatesDuties
        votes = []
        escalations = 0
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.decision = decision
        digest = ""
        digest = subject.digest
    }

    /// What it is bound to.
    public var subject: ApprovalSubject {
        ApprovalSubject(
            tool: tool, effects: effects, arguments: arguments, preview: preview, requester: requester, conversation: conversation,
            influence: influence)
    }

    /// The card it stands on: its own id unless it shares one.
    public var cardID: ID { card ?? id }
}

extension ApprovalRequest {
    /// Reads also what earlier versions wrote.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        id = try values.decode(ID.self, forKey: .id)
        shortCode = try values.decode(String.self, forKey: .shortCode)
        card = try values.decodeIfPresent(ID.self, forKey: .card)
        turn = try values.decode(TurnID.self, forKey: .turn)
        callID = try values.decode(String.self, forKey: .callID)
        conversation = try values.decode(ConversationID.self, forKey: .conversation)
        requester = try values.decode(PersonID.self, forKey: .requester)
        tool = try values.decode(String.self, forKey: .tool)
        effects = try values.decodeIfPresent(ToolEffects.self, forKey: .effects) ?? []
        arguments = try values.decode(JSONValue.self, forKey: .arguments)
        preview = try values.decode(ActionPreview.self, forKey: .preview)
        influence = try values.decodeIfPresent(TrustLabel.self, forKey: .influence) ?? .web
        kind = try values.decodeIfPresent(Kind.self, forKey: .kind) ?? .policy
        reason = try values.decode(String.self, forKey: .reason)
        digest = try values.decodeIfPresent(String.self, forKey: .digest) ?? ""
        approvers = try values.decodeIfPresent(Int.self, forKey: .approvers) ?? 1
        separatesDuties = try values.decodeIfPresent(Bool.self, forKey: .separatesDuties) ?? false
        votes = try values.decodeIfPresent([Vote].self, forKey: .votes) ?? []
        proposal = try values.decodeIfPresent(String.self, forKey: .proposal)
        escalations = try values.decodeIfPresent(Int.self, forKey: .escalations) ?? 0
        createdAt = try values.decode(Date.self, forKey: .createdAt)
        expiresAt = try values.decode(Date.self, forKey: .expiresAt)
        decision = try values.decodeIfPresent(ApprovalDecision.self, forKey: .decision)
        decidedAt = try values.decodeIfPresent(Date.self, forKey: .decidedAt)
        usedAt = try values.decodeIfPresent(Date.self, forKey: .usedAt)
    }
}

/// How a question was answered. Final.
public enum ApprovalDecision: Sendable, Hashable, Codable {
    case approved(by: PersonID)
    case denied(by: PersonID, reason: String?)
    /// Nobody answered in time: no.
    case expired
    /// The turn ended before anybody answered: no.
    case withdrawn

    /// Whether the answer was yes.
    public var isApproved: Bool {
        guard case .approved = self else { return false }
        return true
    }
}

/// What a person says to a card.
public enum ApprovalAnswer: Sendable, Hashable {
    /// Yes, once, to exactly what the card lists.
    case once
    /// Yes, and the same again under these terms without asking.
    case grant(GrantTerms)
    /// No.
    case deny(reason: String?)
}
