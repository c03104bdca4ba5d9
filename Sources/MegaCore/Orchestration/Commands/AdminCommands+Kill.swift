// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension AdminCommands {
    /// `!kill [all|here|tool NAME|channel NAME] [why]`; alone it stops everything.
    func kill(_ arguments: [String], _ turn: Turn) async throws -> String {
        // In an emergency the shortest command is the widest, and a word that is no scope is a reason.
        let (named, rest) = try Self.scope(arguments, turn, isStrict: false)
        let scope = named ?? .all
        let reason = rest.isEmpty ? nil : rest.joined(separator: " ")
        let report: KillReport
        do {
            report = try await kill(scope, turn.person, reason)
        } catch let error as StoreError {
            throw CommandError("Stopped \(scope), but the switch could not be stored and would not survive a restart: \(error). Give the command again.")
        }
        return "The kill switch for \(scope) is on. \(report) !unkill\(Self.words(scope, turn)) releases it."
    }

    /// `!unkill [all|here|tool NAME|channel NAME]`; alone only when one switch is on.
    func unkill(_ arguments: [String], _ turn: Turn) async throws -> String {
        let (named, rest) = try Self.scope(arguments, turn, isStrict: true)
        guard rest.isEmpty else { throw CommandError("Say what to release: !unkill all, here, tool NAME or channel NAME.") }
        let on = killSwitches()
        guard !on.isEmpty else { throw CommandError("No kill switch is on.") }
        let released: [KillSwitch]
        switch named {
        case nil:
            guard on.count == 1, let only = on.first else { throw CommandError("\(on.count) kill switches are on; say which. \(Self.listing(on))") }
            released = try await unkill(only.scope, turn.person)
        case .all: released = try await unkill(nil, turn.person)
        case let scope?: released = try await unkill(scope, turn.person)
        }
        guard !released.isEmpty else { throw CommandError("That kill switch is not on. \(Self.listing(on))") }
        return "Released: " + released.map { "\($0.scope)" }.joined(separator: ", ") + "."
    }

    private static func scope(
        _ arguments: [String], _ turn: Turn, isStrict: Bool
    ) throws -> (KillSwitch.Scope?, rest: ArraySlice<String>) {
        var rest = arguments[...]
        switch rest.first?.lowercased() {
        case "all": return (.all, rest.dropFirst())
        case "here": return (.conversation(turn.message.conversation), rest.dropFirst())
        case let word? where word == "tool" || word == "channel":
            rest = rest.dropFirst()
            guard let name = rest.popFirst() else {
                if isStrict { throw CommandError("Say which \(word).") }
                return (nil, arguments[...])
            }
            return (word == "tool" ? .tool(name) : .channel(name), rest)
        default: return (nil, rest)
        }
    }

    private static func listing(_ on: [KillSwitch]) -> String { "On: " + on.map { "\($0.scope)" }.joined(separator: ", ") + "." }

    /// How to name a scope after `!unkill`.
    private static func words(_ scope: KillSwitch.Scope, _ turn: Turn) -> String {
        switch scope {
        case .all: " all"
        case .channel(let name): " channel \(ApprovalText.escaped(name))"
        case .tool(let name): " tool \(ApprovalText.escaped(name))"
        case .conversation(let conversation): conversation == turn.message.conversation ? " here" : ""
        }
    }
}
