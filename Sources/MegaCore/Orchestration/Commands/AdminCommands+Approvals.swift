// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension AdminCommands {
    /// `!approve [CODE] [for TIME] [xUSES] [as WORDS…]`. Every word has to be understood: what else it may have meant is not guessed.
    func approve(_ arguments: [String], _ turn: Turn) async throws -> CommandAnswer {
        let parsed = try ApprovalArguments(arguments)
        let answered = try await approvals.decide(
            parsed.reference, parsed.terms.map { .grant($0) } ?? .once, by: turn.person, askedBefore: turn.receivedAt)
        switch answered {
        case .decided(let requests, let grant):
            let text = "Approved \(Self.shown(requests))"
            guard let grant else { return CommandAnswer(text, decided: requests.first?.cardID) }
            return CommandAnswer(
                text + "\nGrant \(grant.rendering(at: dependencies.now())). !revoke \(grant.id) ends it.", decided: requests.first?.cardID)
        case .counted(let requests, let missing):
            return CommandAnswer(
                "Your yes to \(Self.shown(requests)) counts. \(missing == 1 ? "One more person has" : "\(missing) more persons have") to approve it.")
        }
    }

    /// `!reject [CODE] [reason]`.
    func refuse(_ arguments: [String], _ turn: Turn) async throws -> CommandAnswer {
        let reason = arguments.count > 1 ? arguments.dropFirst().joined(separator: " ") : nil
        guard case .decided(let requests, _) = try await approvals.decide(
            arguments.first, .deny(reason: reason), by: turn.person, askedBefore: turn.receivedAt)
        else { throw CommandError("That answer did not count.") }
        return CommandAnswer("Refused \(Self.shown(requests))", decided: requests.first?.cardID)
    }

    /// `!deny` refuses a request when it names one, or names nothing; otherwise it adds a rule.
    func deny(_ arguments: [String], _ turn: Turn) async throws -> CommandAnswer {
        guard let first = arguments.first else { return try await refuse([], turn) }
        if await approvals.isPending(first) { return try await refuse(arguments, turn) }
        // While a question is open here, words after !deny may be meant as its answer; a rule must not come of it by mistake.
        if first != "rule", let open = await approvals.open.first(where: { $0.conversation == turn.message.conversation }) {
            throw CommandError(
                "Request \(open.shortCode) is open here. !deny \(open.shortCode) refuses it; !deny rule PATTERN adds a rule.")
        }
        return CommandAnswer(try await addRule(.deny, arguments, turn))
    }

    /// `!show CODE`: every fact of a request.
    func show(_ arguments: [String]) async throws -> String {
        guard arguments.count <= 1 else { throw CommandError("Say one code: !show CODE.") }
        let requests = try await approvals.find(arguments.first)
        return requests.map { "\($0.shortCode), asked because: \(ApprovalText.escaped($0.reason))\n\($0.subject.rendering())" }.joined(separator: "\n\n")
    }

    /// `!grants`.
    func listGrants() async throws -> String {
        let (grants, now) = (try await approvals.grants.inForce(), dependencies.now())
        return grants.isEmpty ? "No grants are in force." : grants.map { $0.rendering(at: now) }.joined(separator: "\n")
    }

    /// `!revoke ID|all`.
    func revoke(_ arguments: [String], _ turn: Turn) async throws -> String {
        guard arguments.count == 1, let reference = arguments.first else {
            throw CommandError("Say which: !revoke ID, or !revoke all. !grants lists them.")
        }
        let ended = try await approvals.grants.revoke(reference, by: turn.person)
        return "Revoked " + ended.map { "\($0.id) (used \($0.uses) of \($0.usesAllowed))" }.joined(separator: ", ") + "."
    }

    private static func shown(_ requests: [ApprovalRequest]) -> String {
        guard let first = requests.first else { return "" }
        let more = requests.count > 1 ? " and \(requests.count - 1) more, exactly those listed" : ""
        return "\(first.shortCode): \(ApprovalText.oneLine(first.preview.summary, limit: 200))\(more)"
    }
}

/// The words after `!approve`.
struct ApprovalArguments: Hashable {
    var reference: String?
    var terms: GrantTerms?

    /// - Throws: ``CommandError`` for any word that is not understood.
    init(_ words: [String]) throws {
        var rest = words[...]
        reference = rest.popFirst()
        guard !rest.isEmpty else { return }
        var terms = GrantTerms()
        var (hasTime, hasUses) = (false, false)
        while let word = rest.popFirst() {
            let lower = word.lowercased()
            if lower == "for", !hasTime, let time = rest.popFirst() {
                guard let seconds = Self.seconds(time) else {
                    throw CommandError("“\(ApprovalText.folded(time, head: 20, tail: 0))” is no time. Write 30m, 2h or 1d. Nothing was approved.")
                }
                terms.seconds = seconds
                hasTime = true
            } else if lower.hasPrefix("x"), !hasUses, let uses = Self.number(lower.dropFirst()) {
                terms.uses = uses
                hasUses = true
            } else if lower == "as", hasTime || hasUses, !rest.isEmpty {
                terms.pattern = Array(rest)
                rest = []
            } else {
                throw CommandError(
                    "I do not understand “\(ApprovalText.folded(word, head: 20, tail: 0))” there, so nothing was approved. !approve CODE approves once; "
                        + "!approve CODE for 30m x20 grants the same action for a time.")
            }
        }
        self.terms = terms
    }

    /// `90s`, `30m`, `2h`, `1d`.
    static func seconds(_ text: String) -> Int? {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let last = text.lowercased().last, let unit = units[last], let number = number(text.dropLast()) else { return nil }
        return number * unit
    }

    private static func number(_ text: some StringProtocol) -> Int? {
        guard (1...6).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }
}
