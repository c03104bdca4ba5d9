// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Who is who: maps platform accounts to persons and says how far each is trusted.
///
/// Accounts are written `platform:sender`, for example `telegram:123456`. An empty list means nobody.
public struct People: Sendable, Hashable {
    /// What happens to messages from accounts in neither list.
    public enum UnknownSenders: String, Sendable, Hashable, Codable, CaseIterable {
        /// Recorded and left unanswered.
        case refuse
        /// Answered, without any right to effects or commands.
        case answer
    }

    /// Accounts of the owner. Only they may give commands and approve.
    public var owners: Set<String>
    /// Accounts that may talk to the assistant.
    public var known: Set<String>
    /// Accounts that belong to one person: account to person.
    public var aliases: [String: PersonID]
    /// What happens to messages of everybody else.
    public var unknown: UnknownSenders

    /// Puts the lists together; accounts are written `platform:sender`.
    public init(
        owners: Set<String> = [], known: Set<String> = [], aliases: [String: PersonID] = [:], unknown: UnknownSenders = .refuse
    ) {
        self.owners = owners
        self.known = known
        self.aliases = aliases
        self.unknown = unknown
    }

    /// The person behind an account.
    public func person(_ sender: Participant, on platform: Platform) -> PersonID {
        person(account: Self.account(sender, on: platform))
    }

    /// The person behind an account written `platform:sender`.
    func person(account: String) -> PersonID { aliases[account] ?? PersonID(rawValue: account) }

    /// Everybody who is an owner, once, however many accounts they have.
    var ownerPersons: Set<PersonID> { Set(owners.map { person(account: $0) }) }

    /// How far an account is trusted: `owner`, `known` or `unknown`.
    public func trust(_ sender: Participant, on platform: Platform) -> TrustLabel {
        let account = Self.account(sender, on: platform)
        if owners.contains(account) { return .owner }
        return known.contains(account) ? .known : .unknown
    }

    private static func account(_ sender: Participant, on platform: Platform) -> String { "\(platform):\(sender.id)" }
}
