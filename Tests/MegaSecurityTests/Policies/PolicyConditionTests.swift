// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import MegaCore
import MegaSecurity
import Testing

@Suite("Conditions of rules") struct PolicyConditionTests {
    /// A Friday, 08:00 UTC.
    private static let friday = Date(timeIntervalSince1970: 1_800_000_000)

    private func verdict(
        _ rule: PolicyVerdict, _ conditions: PolicyConditions, at date: Date = friday, mode: Mode = .build, person: PersonID = "websocket:ana",
        conversation: ConversationID = ConversationID(platform: .webSocket, chat: "c"), folder: String = "/srv/site", text: String = "git status"
    ) throws -> PolicyVerdict {
        var action = Sample.command(text)
        action.scope.mode = mode
        action.scope.person = person
        action.scope.conversation = conversation
        action.preview.command?.workingDirectory = folder
        return try PolicyAuthorizer(rules: [PolicyRule(rule, "git status", conditions: conditions)], programs: AssumedPrograms(), now: { date }).explain(action).verdict
    }

    @Test("A mode, a channel, a person and a folder have to fit") func scope() throws {
        #expect(try verdict(.allow, .none) == .allow)
        #expect(try verdict(.allow, PolicyConditions(modes: [.build])) == .allow)
        #expect(try verdict(.allow, PolicyConditions(modes: [.build]), mode: .loki) == .ask)
        #expect(try verdict(.deny, PolicyConditions(modes: [.loki]), mode: .loki) == .deny)
        for channel in ["websocket", "websocket:default", "websocket:default:c"] { #expect(try verdict(.allow, PolicyConditions(channels: [channel])) == .allow) }
        for channel in ["telegram", "websocket:other", "websocket:default:d"] { #expect(try verdict(.allow, PolicyConditions(channels: [channel])) == .ask) }
        #expect(try verdict(.allow, PolicyConditions(people: ["websocket:ana"])) == .allow)
        #expect(try verdict(.allow, PolicyConditions(people: ["websocket:ben"])) == .ask)
        #expect(try verdict(.allow, PolicyConditions(folders: ["/srv"])) == .allow)
        #expect(try verdict(.allow, PolicyConditions(folders: ["/srv/si"])) == .ask)
        #expect(try verdict(.allow, PolicyConditions(folders: ["/srv/site"]), folder: "/srv/site/../other") == .ask)
        #expect(try verdict(.allow, PolicyConditions(folders: ["/srv"]), text: "cd /x; git status") == .ask)
        #expect(try verdict(.deny, PolicyConditions(folders: ["/srv"]), text: "cd /x; git status") == .deny)
        #expect(try verdict(.allow, PolicyConditions(modes: [.build], people: ["websocket:ben"])) == .ask)
    }

    @Test("Hours and days go by the clock of the rule's place") func times() throws {
        let office = TimeWindow(weekdays: try #require(TimeWindow.weekdays("mon-fri")), start: 9 * 60, end: 18 * 60)
        for (hours, expected): (Double, PolicyVerdict) in [(0, .ask), (1, .allow), (9.99, .allow), (10, .ask), (25, .ask), (49, .ask), (73, .allow)] {
            #expect(try verdict(.allow, PolicyConditions(times: [office]), at: Self.friday.addingTimeInterval(hours * 3600)) == expected, "\(hours)")
        }
        // Over midnight it belongs to the day it began on: Friday 22:00 to Saturday 06:00.
        let night = TimeWindow(weekdays: [.friday], start: 22 * 60, end: 6 * 60)
        for (hours, expected): (Double, PolicyVerdict) in [(-3, .ask), (13, .ask), (14, .deny), (21.9, .deny), (22, .ask), (38, .ask)] {
            #expect(try verdict(.deny, PolicyConditions(times: [night]), at: Self.friday.addingTimeInterval(hours * 3600)) == expected, "\(hours)")
        }
    }

    @Test("An expired rule is as if it were not there, and is listed as expired") func expiry() async throws {
        let end = Self.friday
        #expect(try verdict(.allow, PolicyConditions(expiresAt: end), at: end.addingTimeInterval(-1)) == .allow)
        #expect(try verdict(.allow, PolicyConditions(expiresAt: end), at: end) == .ask)
        let authorizer = try PolicyAuthorizer(rules: [PolicyRule(.allow, "ls", conditions: PolicyConditions(expiresAt: end), note: "trial")], now: { end })
        #expect(await authorizer.rules().first?.contains("expired") == true)
        #expect(await authorizer.rules().first?.contains("trial") == true)
    }

    @Test("Why a rule does not hold is told") func reason() throws {
        var action = Sample.command("git status")
        action.scope.mode = .loki
        let authorizer = try PolicyAuthorizer(rules: [PolicyRule(.allow, "git status", conditions: PolicyConditions(modes: [.build]))], programs: AssumedPrograms())
        #expect(authorizer.explain(action).reason.contains("mode build only"))
    }

    @Test("Conditions survive the store") func stored() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let file = PolicyFile(path: folder.path + "/rules", sealer: TestSealer())
        let conditions = PolicyConditions(
            modes: [.build], channels: ["websocket"], people: ["websocket:ana"], folders: ["/srv"], times: [TimeWindow(weekdays: [.monday], start: 60, end: 120)],
            expiresAt: Date(timeIntervalSince1970: 1_900_000_000))
        try await PolicyAuthorizer(store: file, now: { Self.friday }).add(PolicyRule(.allow, "ls", conditions: conditions, origin: .chat, note: "n"))
        #expect(try file.rules() == [PolicyRule(.allow, "ls", conditions: conditions, origin: .chat, note: "n")])
    }
}
