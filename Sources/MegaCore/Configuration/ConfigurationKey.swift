// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// One key of the configuration: its name, what it takes, and the variables that set it.
///
/// The table below is the one place that knows the keys; reading, unknown-key detection, the template's test and the
/// documentation's test all go by it.
struct ConfigurationKey: Sendable {
    enum Kind: Sendable {
        case text
        case secret
        case integer(ClosedRange<Int>)
        case number(ClosedRange<Double>)
        case flag
        case choice([String])
        case list
    }

    let path: String
    let kind: Kind
    /// Variables of the reference system that set the key, after the one made from the path.
    var aliases: [String] = []

    var components: [String] { path.split(separator: ".").map(String.init) }

    /// `MEGABOT_` and the path in capitals.
    var variable: String { Self.variable(for: path) }

    static func variable(for path: String) -> String {
        "MEGABOT_" + path.uppercased().map { $0.isLetter || $0.isNumber ? $0 : "_" }
    }

    /// The most models that can stand behind the first.
    static let fallbackLimit = 8

    static let all: [ConfigurationKey] =
        [
            .init(path: "system.name", kind: .text),
            .init(path: "system.data_directory", kind: .text),
            .init(path: "system.default_mode", kind: .choice(Mode.allCases.map(\.rawValue))),
            .init(
                path: "system.log_level", kind: .choice(MegaConfiguration.LogLevel.allCases.map(\.rawValue)), aliases: ["LOG_LEVEL"]),
        ] + model("model")
        + (0..<fallbackLimit).flatMap { model("model.fallback.\($0)") } + [
            .init(path: "adapters.websocket.enabled", kind: .flag),
            .init(path: "adapters.websocket.host", kind: .text),
            .init(path: "adapters.websocket.port", kind: .integer(0...65535)),
            .init(path: "adapters.websocket.password", kind: .secret, aliases: ["MEGABOT_WS_PASSWORD"]),
            .init(path: "adapters.websocket.allowed_origins", kind: .list),
            .init(path: "adapters.websocket.allowed_hosts", kind: .list),
            .init(path: "adapters.websocket.allowed_addresses", kind: .list),
            .init(path: "adapters.websocket.rate_limit.messages", kind: .integer(1...1_000_000)),
            .init(path: "adapters.websocket.rate_limit.per_seconds", kind: .integer(1...86_400)),
            .init(path: "adapters.websocket.max_frame_bytes", kind: .integer(1024...(64 << 20))),
            .init(path: "adapters.websocket.allow_plaintext_off_loopback", kind: .flag),
            .init(path: "people.owners", kind: .list, aliases: ["AUTHORIZED_ADMINS"]),
            .init(path: "people.known", kind: .list),
            .init(path: "people.unknown", kind: .choice(MegaConfiguration.People.UnknownSender.allCases.map(\.rawValue))),
            .init(path: "workspace.path", kind: .text),
            .init(path: "tools.commands.enabled", kind: .flag),
            .init(path: "tools.commands.network", kind: .flag),
            .init(path: "tools.commands.timeout_seconds", kind: .integer(1...86_400)),
            .init(path: "tools.commands.memory_mb", kind: .integer(16...1_048_576)),
            .init(path: "tools.commands.processes", kind: .integer(1...65_536)),
            .init(path: "tools.commands.file_mb", kind: .integer(1...1_048_576)),
            .init(path: "tools.commands.disk_mb", kind: .integer(1...16_777_216)),
            .init(path: "tools.commands.sandbox", kind: .choice(MegaConfiguration.Tools.Commands.Sandbox.allCases.map(\.rawValue))),
            .init(path: "tools.commands.allowed_hosts", kind: .list),
            .init(path: "tools.commands.readable_folders", kind: .list),
            .init(path: "tools.commands.protected_paths", kind: .list),
            .init(path: "tools.commands.tolerate_missing", kind: .list),
            .init(path: "tools.files.enabled", kind: .flag),
            .init(path: "policies.default", kind: .choice(PolicyVerdict.allCases.map(\.rawValue)), aliases: ["DEFAULT_POLICY"]),
            .init(path: "policies.allow", kind: .list),
            .init(path: "policies.ask", kind: .list),
            .init(path: "policies.deny", kind: .list),
            .init(path: "policies.presets", kind: .list),
            .init(path: "secrets.environment", kind: .list),
            .init(path: "secrets.folders", kind: .list),
            .init(path: "secrets.vault", kind: .flag),
            .init(path: "security.encryption.key_file", kind: .text),
            .init(path: "security.encryption.passphrase", kind: .secret),
            .init(path: "security.approvals.expire_after_seconds", kind: .integer(10...2_592_000)),
            .init(path: "security.approvals.two_persons", kind: .list),
            .init(path: "security.approvals.separate_duties", kind: .list),
            .init(path: "security.approvals.escalate_to", kind: .list),
            .init(path: "security.approvals.escalate_after_seconds", kind: .integer(10...86_400)),
            .init(path: "security.approvals.quiet_hours", kind: .text),
            .init(path: "security.approvals.fatigue_limit", kind: .integer(0...1000)),
            .init(path: "security.command_guard", kind: .choice(MegaConfiguration.Security.CommandGuardUse.allCases.map(\.rawValue))),
            .init(path: "security.egress.allow", kind: .list),
            .init(path: "security.audit.enabled", kind: .flag, aliases: ["MEGABOT_ENABLE_AUDIT_LOG"]),
            .init(path: "security.audit.keep_days", kind: .integer(0...36_500)),
            .init(path: "security.audit.max_mb", kind: .integer(0...1_048_576)),
            .init(path: "limits.messages_per_minute.owner", kind: .integer(0...1_000_000)),
            .init(path: "limits.messages_per_minute.known", kind: .integer(0...1_000_000)),
            .init(path: "limits.messages_per_minute.unknown", kind: .integer(0...1_000_000)),
            .init(path: "limits.messages_per_minute.channel", kind: .integer(0...1_000_000)),
            .init(path: "limits.requests_per_minute.local", kind: .integer(0...1_000_000)),
            .init(path: "limits.requests_per_minute.vpn", kind: .integer(0...1_000_000)),
            .init(path: "limits.requests_per_minute.direct", kind: .integer(0...1_000_000)),
            .init(path: "limits.requests_per_minute.websocket", kind: .integer(0...1_000_000)),
            .init(path: "limits.requests_per_minute.health", kind: .integer(0...1_000_000)),
            .init(path: "limits.concurrent_turns", kind: .integer(1...10_000)),
            .init(path: "limits.queued_turns", kind: .integer(1...1_000_000)),
            .init(path: "limits.turn_minutes", kind: .integer(0...10_000)),
            .init(path: "limits.keep_turns_days", kind: .integer(0...36_500)),
            .init(path: "limits.keep_unused_attachments_hours", kind: .integer(0...876_000)),
        ]

    private static func model(_ path: String) -> [ConfigurationKey] {
        [
            .init(path: "\(path).provider", kind: .choice(MegaConfiguration.Model.Provider.allCases.map(\.rawValue))),
            .init(path: "\(path).name", kind: .text),
            .init(path: "\(path).base_url", kind: .text),
            .init(path: "\(path).api_key", kind: .secret),
            .init(path: "\(path).context_window", kind: .integer(512...100_000_000)),
            .init(path: "\(path).temperature", kind: .number(0...2)),
            .init(path: "\(path).max_output_tokens", kind: .integer(1...10_000_000)),
        ]
    }

    /// The most rules with conditions.
    static let ruleLimit = 200

    /// The keys of one rule of `policies.rules`.
    static let ruleKeys: [String: Kind] = [
        "allow": .text, "ask": .text, "deny": .text, "modes": .list, "channels": .list, "people": .list, "folders": .list, "hours": .list, "weekdays": .list,
        "time_zone": .text, "expires": .text, "note": .text,
    ]

    /// A key by its path, those of rules included; their number is open, so they stand in no table.
    static func key(at path: String) -> ConfigurationKey? {
        if let key = byPath[path] { return key }
        guard let dot = path.lastIndex(of: ".") else { return nil }
        let keys = path.hasPrefix("policies.rules.") ? ruleKeys : path.hasPrefix("secrets.bindings.") ? bindingKeys : [:]
        return keys[String(path[path.index(after: dot)...])].map { ConfigurationKey(path: path, kind: $0) }
    }

    /// The most bindings of secrets.
    static let bindingLimit = 200

    /// The keys of one entry of `secrets.bindings`.
    static let bindingKeys: [String: Kind] = ["name": .text, "programs": .list, "hosts": .list]

    static let byPath: [String: ConfigurationKey] = Dictionary(all.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })

    /// Every folder of keys, such as `adapters` and `adapters.websocket`.
    static let sections: Set<String> = all.reduce(into: []) { result, key in
        for count in 1..<max(1, key.components.count) { result.insert(key.components.prefix(count).joined(separator: ".")) }
    }

    /// The names that may stand directly in a section.
    static func names(in section: String) -> [String] {
        if section.hasPrefix("policies.rules.") { return ruleKeys.keys.sorted() }
        if section.hasPrefix("secrets.bindings.") { return bindingKeys.keys.sorted() }
        let depth = section.isEmpty ? 0 : section.split(separator: ".").count
        let prefix = section.isEmpty ? "" : section + "."
        let names = all.filter { $0.path.hasPrefix(prefix) }.map { $0.components[depth] }
        return Array(Set(names)).sorted() + (section.isEmpty ? ["admins"] : section == "policies" ? ["rules"] : section == "secrets" ? ["bindings"] : [])
    }

    /// Keys of the reference system that are elsewhere here, with what to do about them.
    static let moved: [String: String] = [
        "llm": "Use \"model\" with provider, name and api_key.",
        "llm_profiles": "Use \"model\" and its \"fallback\" list.",
        "paths": "Use \"workspace.path\" and \"system.data_directory\".",
        "system.bind_address": "Use \"adapters.websocket.host\".",
        "system.local_only": "Remove it: MegaBot listens on this machine only unless adapters.websocket.host says otherwise.",
        "system.telemetry": "Remove it: MegaBot sends no telemetry.",
        "adapters.messaging": "Use \"adapters.websocket\".",
        "adapters.websocket.encryption_key": "Use \"adapters.websocket.password\".",
        "security.megabot_encryption_salt": "Remove it: every installation makes its own random salt.",
        "policies.default_permission": "Use \"policies.default\".",
    ]
}
