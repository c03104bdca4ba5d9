// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Testing

@testable import MegaCore

@Suite("Configuration: types, rules and names")
struct ConfigurationTypeTests {
    private func check(_ yaml: String, environment: [String: String] = [:], dotEnvironment: String? = nil) -> ConfigurationReport {
        MegaConfiguration.check(
            ConfigurationLoadingTests.sources(yaml, environment: environment, dotEnvironment: dotEnvironment), policies: Self.vocabulary)
    }

    /// Knows that patterns beginning with "bad" are none.
    private static let vocabulary = PolicyVocabulary(presets: ["read-only"]) { verdict, pattern in
        pattern.hasPrefix("bad") ? "not as \(verdict.rawValue)." : nil
    } leak: {
        $0 == "sh" ? "it runs anything." : nil
    }

    @Test(
        "a value of another type is a problem with its line and what was expected",
        arguments: [
            ("system: {data_directory: true}", "a text, and true is a truth value", "Put it in quotes"),
            ("system: {name: 12}", "a text, and 12 is a number", "Put it in quotes"),
            ("system: {name: 1.5e3}", "a number", "Put it in quotes"),
            ("adapters: {websocket: {enabled: yes}}", "true or false", "Did you mean true?"),
            ("adapters: {websocket: {enabled: Off}}", "true or false", "Did you mean false?"),
            ("adapters: {websocket: {enabled: 1}}", "true or false", "Did you mean true?"),
            ("adapters: {websocket: {enabled: 'yes'}}", "true or false", "Did you mean true?"),
            ("adapters: {websocket: {enabled: ture}}", "true or false", "Did you mean true?"),
            ("adapters: {websocket: {enabled: [true]}}", "true or false", nil),
            ("adapters: {websocket: {port: '18790'}}", "and in quotes it is a text", "Remove the quotes."),
            ("adapters: {websocket: {port: true}}", "a whole number", nil),
            ("adapters: {websocket: {port: 1.5}}", "a whole number", nil),
            ("policies: {allow: [ls, true]}", "every entry of this list must be a text, and true is a truth value", "Put it in quotes"),
            ("policies: {allow: 7}", "a list of texts, and 7 is a number", "Put it in quotes"),
            ("policies: {allow: {a: b}}", "a list of texts", nil),
            ("workspace: {path: 0x1F}", "a number", "Put it in quotes"),
        ] as [(String, String, String?)])
    func wrongTypes(yaml: String, message: String, suggestion: String?) {
        let report = check("\n" + yaml)
        #expect(report.configuration == nil)
        #expect(report.problems.count == 1 && report.problems.first?.line == 2, "\(report.problems)")
        #expect(report.problems.first?.message.contains(message) == true, "\(report.problems)")
        if let suggestion { #expect(report.problems.first?.suggestion?.contains(suggestion) == true, "\(report.problems)") }
    }

    @Test("texts that only resemble other types, YAML 1.2's truth values and quoted texts are taken", arguments: [
        "system: {name: yes}", "system: {name: 'true'}", "system: {name: \"12\"}", "system: {name: 1.2.3}", "system: {name: 12-34}", "system: {name: 0x}",
        "system: {name: .}", "system: {name: 1e}", "security: {approvals: {quiet_hours: 22:00-07:00}}", "adapters: {websocket: {enabled: TRUE}}",
        "adapters: {websocket: {enabled: False}}", "adapters: {websocket: {port: 1_234}}", "model: {provider: offline, temperature: 1}",
    ])
    func rightTypes(yaml: String) {
        #expect(check(yaml).problems.isEmpty, "\(check(yaml).problems)")
    }

    @Test("a variable's value has no type of its own, in quotes or not")
    func variables() {
        let yaml = "system:\n  name: \"${A}\"\n  data_directory: ${A}\nadapters:\n  websocket:\n    enabled: \"${B}\"\n    port: ${C}\n"
        let report = check(yaml, environment: ["A": "true", "B": "false", "C": "99"])
        #expect(report.configuration?.system.name == "true" && report.configuration?.adapters.webSocket.isEnabled == false, "\(report.problems)")
        #expect(report.configuration?.adapters.webSocket.port == 99)
    }

    @Test("a secret of the wrong type is not shown")
    func secrets() {
        let report = check("adapters: {websocket: {password: 1234567890123}}")
        #expect(report.problems.count == 1)
        #expect(!report.problems.map(\.description).joined().contains("1234567890123"))
    }

    @Test("every rule that cannot be read is listed with its own line, among all other problems")
    func rules() {
        let report = check(
            """
            policies:
              allow: [ls, bad one,
                bad two]
              deny:
                - rm
                - bad three
                -
                - ' '
              presets: [readonly, read-only]
              rules:
                - deny: x
                - note: nothing
                - allow: bad four
                  modes: [biuld]
            limits: {queued_turns: no}
            """)
        #expect(
            report.problems.map { "\($0.line ?? 0) \($0.keyPath)" } == [
                "2 policies.allow", "3 policies.allow", "6 policies.deny", "7 policies.deny", "8 policies.deny", "9 policies.presets",
                "12 policies.rules.1", "13 policies.rules.2.allow", "14 policies.rules.2.modes", "15 limits.queued_turns",
            ], "\(report.problems)")
        #expect(report.problems.first?.description == "megabot.yaml:2: policies.allow: \"bad one\": not as allow.")
        #expect(report.problems.first { $0.keyPath == "policies.presets" }?.suggestion == "Did you mean read-only?")
    }

    @Test("an entry that is no rule is a problem and hides none after it", arguments: ["{}", "allow:", "", "text", "[a]", "{deny: }"])
    func noRule(entry: String) {
        let report = check("policies:\n  rules:\n    - allow: ls\n    - \(entry)\n    - deny: bad\n")
        #expect(report.problems.map { "\($0.line ?? 0) \($0.keyPath)" } == ["4 policies.rules.1", "5 policies.rules.2.deny"], "\(report.problems)")
    }

    @Test("rules from a variable are told with the variable")
    func rulesFromVariables() {
        let report = check("", environment: ["MEGABOT_POLICIES_ALLOW": "ls, bad"])
        #expect(report.problems.map(\.source) == ["environment variable MEGABOT_POLICIES_ALLOW"])
    }

    @Test("a mistyped section or key in a variable is a warning with a suggestion; names with another meaning are none")
    func unknownVariables() {
        let report = check(
            "system: {name: '${MEGABOT_MINE}'}\nsecrets: {environment: [MEGABOT_TOKEN]}",
            environment: [
                "MEGABOT_SYSTM_NAME": "x", "MEGABOT_POLICIES_RULES_0_ALLOW": "ls", "MEGABOT_WHOLLY_ELSEWHERE_INDEED": "x", "MEGABOT_MINE": "me",
                "MEGABOT_TOKEN": "t", "MEGABOT_CONFIG_PATH": "/x", "MEGABOT_SECRET_A": "x", "OTHER": "x",
            ], dotEnvironment: "\nMEGABOT_ADAPTERS_WEBSOCKT_PORT=1\n")
        #expect(
            report.warnings.map { "\($0.source):\($0.line ?? 0) \($0.suggestion ?? "")" } == [
                "environment variable MEGABOT_POLICIES_RULES_0_ALLOW:0 This list can stand in the file only.",
                "environment variable MEGABOT_SYSTM_NAME:0 Did you mean MEGABOT_SYSTEM_NAME?",
                "environment variable MEGABOT_WHOLLY_ELSEWHERE_INDEED:0 No key of the configuration is called so.",
                ".env:2 Did you mean MEGABOT_ADAPTERS_WEBSOCKET_PORT?",
            ])
    }

    @Test("secrets are bound to programs and hosts")
    func bindings() throws {
        let configuration = try #require(
            check(
                """
                secrets:
                  environment: [A]
                  folders: [/run/secrets]
                  vault: false
                  bindings:
                    - {name: A, programs: [gh, /usr/bin/hub]}
                    - name: B
                      hosts: [API.example.com]
                """
            ).configuration)
        #expect(configuration.secrets.environment == ["A"] && configuration.secrets.folders == ["/run/secrets"] && !configuration.secrets.usesVault)
        let (a, b) = (try #require(SecretName("A")), try #require(SecretName("B")))
        #expect(configuration.secrets.destinations == [a: [.program("gh"), .program("/usr/bin/hub")], b: [.host("API.example.com")]])
    }

    @Test("what is wrong with bindings of secrets is told with the line")
    func badBindings() {
        let report = check(
            """
            workspace: {path: /srv/work}
            secrets:
              environment: [9A]
              folders: [relative, /srv/work/secrets, /srv]
              bindings:
                - {programs: [gh]}
                - {name: "a b", programs: [gh]}
                - {name: C}
                - {name: D, programs: [./gh, "bad shell", sh]}
                - {name: E, hosts: ["https://x", "x:443", "*.x"]}
                - text
                -
                - {name: F, program: [gh]}
            """)
        #expect(
            report.problems.map { "\($0.line ?? 0) \($0.keyPath)" } == [
                "3 secrets.environment", "4 secrets.folders", "4 secrets.folders", "4 secrets.folders", "6 secrets.bindings.0", "7 secrets.bindings.1.name",
                "8 secrets.bindings.2", "9 secrets.bindings.3.programs", "9 secrets.bindings.3.programs", "9 secrets.bindings.3.programs", "10 secrets.bindings.4.hosts",
                "10 secrets.bindings.4.hosts", "10 secrets.bindings.4.hosts", "11 secrets.bindings.5", "12 secrets.bindings.6",
                "13 secrets.bindings.7.program", "13 secrets.bindings.7",
            ], "\(report.problems.map(\.description).joined(separator: "\n"))")
    }
}
