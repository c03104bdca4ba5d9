// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Testing

@testable import MegaCore

@Suite("Policies: configuration") struct PolicyConfigurationTests {
    private func check(_ yaml: String) -> ConfigurationReport { MegaConfiguration.check(ConfigurationLoadingTests.sources(yaml)) }

    @Test("Rules with conditions reach their place") func rules() throws {
        let report = check(
            """
            policies:
              presets: [read-only]
              rules:
                - allow: git push
                  modes: [build, loki]
                  channels: [websocket, "telegram:default"]
                  people: ["websocket:owner"]
                  folders: [/srv/site]
                  weekdays: [mon-wed, fri]
                  hours: ["09:00-12:00", 13-18]
                  time_zone: UTC
                  expires: 2030-01-31
                  note: in office hours
                - deny: rm
                - {ask: curl, hours: "22:00-06:00"}
            """)
        #expect(report.problems == [])
        let policies = try #require(report.configuration).policies
        #expect(policies.presets == ["read-only"])
        #expect(policies.rules.map(\.pattern) == ["git push", "rm", "curl"])
        #expect(policies.rules.map(\.verdict) == [.allow, .deny, .ask])
        let conditions = policies.rules[0].conditions
        #expect(conditions.modes == [.build, .loki] && conditions.channels.count == 2 && conditions.people == ["websocket:owner"] && conditions.folders == ["/srv/site"])
        #expect(conditions.times.map(\.description) == ["mon tue wed fri 09:00-12:00 UTC", "mon tue wed fri 13:00-18:00 UTC"])
        #expect(conditions.expiresAt == (try Date("2030-02-01T00:00:00Z", strategy: .iso8601)))
        #expect(policies.rules[0].note == "in office hours")
        #expect(policies.rules[2].conditions.times == [TimeWindow(start: 1320, end: 360)])
    }

    @Test("Every mistake is told with its line and what to write", arguments: [
        ("- alow: ls", 3, "Did you mean \"allow\""), ("- allow: ls\n      modes: [biuld]", 4, "Did you mean build"), ("- allow: ls\n      hours: late", 4, "09:00-18:00"),
        ("- allow: ls\n      weekdays: [someday]", 4, "mon-fri"), ("- allow: ls\n      hours: 9-10\n      time_zone: Mars/Base", 5, "Europe/Berlin"),
        ("- allow: ls\n      expires: soon", 4, "2030-01-31"), ("- allow: ls\n      people: [ana]", 4, "platform:sender"), ("- allow: ls\n      folders: [a]", 4, "slash"),
        ("- allow: ls\n      deny: ls", 3, "Keep one"), ("- modes: [build]", 3, "allow: git push"), ("- {}", 3, "allow: git push"), ("- ls", 3, "allow: git push"), ("- allow: ls\n      time_zone: UTC", 4, "Add hours"),
        ("- allow: ls\n      mode: [build]", 4, "Did you mean \"modes\""),
    ])
    func mistakes(_ rule: String, _ line: Int, _ suggestion: String) {
        let report = check("policies:\n  rules:\n    " + rule + "\n")
        #expect(report.configuration == nil)
        #expect(report.problems.contains { ($0.line == line) && ($0.suggestion ?? "").contains(suggestion) }, "\(report.problems)")
    }

    @Test("A file of cases is read, with its lines and its mistakes") func cases() throws {
        let cases = try PolicyCases(yaml: "allow: [git log]\ncases:\n  - {command: git log, expect: allow}\n  - command: rm x\n    expect: deny\n    as: \"websocket:ana\"\n    mode: plan\n", name: "f")
        #expect(cases.rules == [.init(verdict: .allow, pattern: "git log")])
        #expect(cases.cases.map(\.line) == [3, 4])
        #expect(cases.cases[1].person == "websocket:ana" && cases.cases[1].mode == "plan" && cases.cases[1].expected == .deny)
        for text in ["", "- a", "cases: x", "cases: [{command: ls}]", "cases: [{command: ls, expect: maybe}]", "cases: [{command: ls, expect: ask, color: red}]", "casses: []", "cases: [x", "allow: [{a: b}]"] {
            #expect(throws: ConfigurationError.self, "\(text)") { _ = try PolicyCases(yaml: text, name: "f") }
        }
    }
}
