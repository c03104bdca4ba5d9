// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Testing

@testable import MegaCore

@Suite("Configuration: problems")
struct ConfigurationProblemTests {
    private func check(_ yaml: String, environment: [String: String] = [:], dotEnvironment: String? = nil) -> ConfigurationReport {
        MegaConfiguration.check(
            ConfigurationLoadingTests.sources(yaml, environment: environment, dotEnvironment: dotEnvironment))
    }

    @Test("all problems are listed, each with its line and a suggestion")
    func everyProblem() {
        let report = check(
            """
            system:
              nmae: x
              default_mode: biuld
            adapters:
              websocket:
                port: 70000
                enabled: ture
                prot: 1
            polices: {default: ask}
            tools:
              commands:
                timeout_seconds: soon
            """)
        #expect(report.configuration == nil)
        #expect(
            report.problems.map { "\($0.line ?? 0) \($0.keyPath)" } == [
                "2 system.nmae", "3 system.default_mode", "6 adapters.websocket.port", "7 adapters.websocket.enabled",
                "8 adapters.websocket.prot", "9 polices", "12 tools.commands.timeout_seconds",
            ])
        #expect(report.problems.first?.suggestion == "Did you mean \"name\"?")
        #expect(report.problems.dropFirst().first?.suggestion == "Did you mean build?")
        #expect(report.problems.first { $0.keyPath == "polices" }?.suggestion == "Did you mean \"policies\"?")
        #expect(report.problems.first?.description == "megabot.yaml:2: system.nmae: unknown key. Did you mean \"name\"?")
    }

    @Test(
        "what is no YAML is told with its line",
        arguments: [
            ("system:\n\tname: x\n", 2), ("system: {name: x\n", 2), ("a: b: c\n", 1), ("system:\n  name: 'x\n", 3),
            ("system:\n  name: x\n   log_level: info\n", 3), ("- 1\n", 1), ("just text\n", 1),
        ])
    func broken(yaml: String, line: Int) {
        let report = check(yaml)
        #expect(report.configuration == nil)
        #expect(report.problems.count == 1)
        #expect(report.problems.first?.line == line, "\(report.problems)")
        #expect(report.problems.first?.suggestion?.isEmpty == false)
    }

    @Test("a key given twice is a problem")
    func duplicates() {
        #expect(check("system: {name: a}\nsystem: {name: b}\n").problems.map(\.line) == [1])
        #expect(check("system:\n  name: a\n  name: b\n").problems.first?.message.contains("\"name\"") == true)
        #expect(check("admins: ['a:b']\npeople: {owners: ['a:b']}").problems.map(\.keyPath) == ["admins"])
    }

    @Test(
        "a value that is there but makes no sense is never read as the default",
        arguments: [
            ("MEGABOT_ADAPTERS_WEBSOCKET_PORT", "http"), ("MEGABOT_SECURITY_AUDIT_ENABLED", "flase"),
            ("MEGABOT_TOOLS_COMMANDS_NETWORK", "nope"), ("MEGABOT_PEOPLE_UNKNOWN", "whatever"), ("DEFAULT_POLICY", "maybe"),
            ("MEGABOT_LIMITS_QUEUED_TURNS", "-1"), ("LOG_LEVEL", "loud"), ("MEGABOT_SYSTEM_NAME", "  "),
        ])
    func malformedVariables(name: String, value: String) {
        let fromEnvironment = check("", environment: [name: value])
        #expect(fromEnvironment.configuration == nil)
        #expect(fromEnvironment.problems.map(\.source) == ["environment variable \(name)"])
        let fromFile = check("", dotEnvironment: "# first\n\(name)=\"\(value)\"\n")
        #expect(fromFile.configuration == nil)
        #expect(fromFile.problems.map { "\($0.source):\($0.line ?? 0)" } == [".env:2"])
    }

    @Test("a variable that is not set is a problem, in the place that names it")
    func missingVariable() {
        let problems = check("system:\n  name: ${NOT_THERE}\n").problems
        #expect(problems.map(\.line) == [2])
        #expect(problems.first?.message == "the variable NOT_THERE is not set.")
        #expect(check("system:\n  name: ${broken\n").problems.map(\.line) == [2])
    }

    @Test("a mistyped MEGABOT_ variable is a warning")
    func unknownVariables() {
        let report = check("", environment: ["MEGABOT_SYSTEM_LOGLEVEL": "debug", "MEGABOT_SOMETHING": "x", "PATH": "/bin"])
        #expect(report.configuration == MegaConfiguration())
        #expect(report.warnings.map(\.source) == ["environment variable MEGABOT_SOMETHING", "environment variable MEGABOT_SYSTEM_LOGLEVEL"])
        #expect(report.warnings.last?.suggestion == "Did you mean MEGABOT_SYSTEM_LOG_LEVEL?")
    }

    @Test("secrets never show up in problems or descriptions")
    func secrets() {
        let report = check(
            "adapters: {websocket: {password: hunter2}}\nmodel: {provider: openai, name: x, api_key: sk-canary, base_url: 'ftp://x'}")
        #expect(report.problems.count == 2)
        let text = "\(report)" + report.problems.map(\.description).joined()
        #expect(!text.contains("hunter2"))
        #expect(!text.contains("sk-canary"))
        let configuration = check("model: {provider: openai, name: x, api_key: sk-canary}").configuration
        #expect(configuration != nil)
        #expect(!String(describing: configuration).contains("sk-canary"))
        #expect(!String(reflecting: configuration).contains("sk-canary"))
    }

    @Test(
        "values that do not go together are refused",
        arguments: [
            ("adapters: {websocket: {host: 0.0.0.0}}", "adapters.websocket.host"),
            ("people: {owners: [ana]}", "people.owners"),
            ("people: {owners: ['a:b'], known: ['a:b']}", "people.known"),
            ("model: {name: x}", "model.provider"),
            ("model: {provider: openai, api_key: k}", "model.name"),
            ("model: {provider: anthropic, name: x}", "model.api_key"),
            ("model: {provider: ollama, base_url: 'http://u:p@h'}", "model.base_url"),
            ("model: {provider: ollama, fallback: [{name: x}]}", "model.fallback.0.provider"),
            ("model: {provider: ollama, fallback: {provider: ollama}}", "model.fallback"),
            ("security: {egress: {allow: ['ex ample']}}", "security.egress.allow"),
            ("policies: {allow: [ls], deny: [ls]}", "policies.deny"),
            ("adapters: {websocket: {allowed_origins: ['*']}}", "adapters.websocket.allowed_origins"),
            ("system: {bind_address: 0.0.0.0}", "system.bind_address"),
            ("system: text", "system"),
            ("system: {name: [a]}", "system.name"),
        ])
    func together(yaml: String, path: String) {
        let report = check(yaml)
        #expect(report.configuration == nil)
        #expect(report.problems.map(\.keyPath) == [path], "\(report.problems)")
        #expect(report.problems.allSatisfy { $0.line == 1 })
    }

    @Test("allowing everything is accepted with a warning")
    func allowAll() {
        let report = check("policies:\n  default: allow\n")
        #expect(report.configuration?.policies.fallback == .allow)
        #expect(report.warnings.map(\.line) == [2])
    }

    @Test("a .env line that is none is told with its number")
    func dotEnvironment() {
        let report = check("", dotEnvironment: "A=1\nnonsense\nB='open\n1C=2\nA=2\n")
        #expect(report.problems.map(\.line) == [2, 3, 4, 5])
    }

    @Test("huge and deep files are refused instead of eating the machine")
    func bombs() {
        #expect(check(String(repeating: "[", count: 100_000)).problems.count == 1)
        #expect(check(String(repeating: "- ", count: 100_000)).problems.count == 1)
        #expect(check(String(repeating: "# x\n", count: 100_000)).problems.count == 1)
        let laughs = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "people: {known: [*a]}\n"
        #expect(check(laughs).configuration == nil)
    }

    @Test("no bytes make the loader fall over")
    func anyBytes() {
        var generator = SeededGenerator(seed: 7)
        let seeds = Array(MegaConfiguration.template.utf8)
        for _ in 0..<300 {
            var bytes = Array(seeds[Int.random(in: 0..<600, using: &generator)..<Int.random(in: 600..<seeds.count, using: &generator)])
            for _ in 0..<Int.random(in: 0..<12, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            let report = check(String(decoding: bytes, as: UTF8.self), dotEnvironment: String(decoding: bytes.prefix(80), as: UTF8.self))
            #expect((report.configuration == nil) == !report.problems.isEmpty)
        }
    }

    @Test("the distance of words counts a swap once")
    func spelling() {
        #expect(EditDistance.between("port", "prot") == 1)
        #expect(EditDistance.between("", "abc") == 3)
        #expect(EditDistance.between("kitten", "sitting") == 3)
        #expect(Spelling.closest(to: "zzzzzz", among: ["port", "host"]) == nil)
    }
}

/// SplitMix64: the same numbers for the same seed.
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
