// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension MegaConfiguration {
    /// Fills itself from a decoder; what is absent or wrong keeps its default, and the decoder keeps the problems.
    init(from decoder: inout ConfigurationDecoder) {
        self.init()
        decoder.text("system.name").map { system.name = $0 }
        decoder.text("system.data_directory").map { system.dataDirectory = $0 }
        decoder.choice("system.default_mode", Mode.self).map { system.defaultMode = $0 }
        decoder.choice("system.log_level", LogLevel.self).map { system.logLevel = $0 }
        model = Model(from: &decoder, at: "model")
        adapters.webSocket.read(from: &decoder)
        decoder.list("people.owners").map { people.owners = $0 }
        decoder.list("people.known").map { people.known = $0 }
        decoder.choice("people.unknown", People.UnknownSender.self).map { people.unknown = $0 }
        decoder.text("workspace.path").map { workspace.path = $0 }
        decoder.flag("tools.commands.enabled").map { tools.commands.isEnabled = $0 }
        decoder.flag("tools.commands.network").map { tools.commands.allowsNetwork = $0 }
        decoder.integer("tools.commands.timeout_seconds").map { tools.commands.timeoutSeconds = $0 }
        decoder.integer("tools.commands.memory_mb").map { tools.commands.memoryMegabytes = $0 }
        decoder.integer("tools.commands.processes").map { tools.commands.processes = $0 }
        decoder.integer("tools.commands.file_mb").map { tools.commands.fileMegabytes = $0 }
        decoder.integer("tools.commands.disk_mb").map { tools.commands.diskMegabytes = $0 }
        decoder.choice("tools.commands.sandbox", Tools.Commands.Sandbox.self).map { tools.commands.sandbox = $0 }
        decoder.list("tools.commands.allowed_hosts").map { tools.commands.allowedHosts = $0 }
        decoder.list("tools.commands.readable_folders").map { tools.commands.readableFolders = $0 }
        decoder.list("tools.commands.protected_paths").map { tools.commands.protectedPaths = $0 }
        decoder.list("tools.commands.tolerate_missing").map { tools.commands.toleratesMissing = $0 }
        decoder.flag("tools.files.enabled").map { tools.files.isEnabled = $0 }
        decoder.choice("policies.default", PolicyVerdict.self).map { policies.fallback = $0 }
        decoder.list("policies.allow").map { policies.allow = $0 }
        decoder.list("policies.ask").map { policies.ask = $0 }
        decoder.list("policies.deny").map { policies.deny = $0 }
        decoder.list("policies.presets").map { policies.presets = $0 }
        policies.rules = Policies.rules(from: &decoder)
        policies.check(&decoder)
        secrets.read(from: &decoder)
        security.read(from: &decoder)
        decoder.integer("limits.messages_per_minute.owner").map { limits.messagesPerMinute.owner = $0 }
        decoder.integer("limits.messages_per_minute.known").map { limits.messagesPerMinute.known = $0 }
        decoder.integer("limits.messages_per_minute.unknown").map { limits.messagesPerMinute.unknown = $0 }
        decoder.integer("limits.messages_per_minute.channel").map { limits.messagesPerMinute.channel = $0 }
        decoder.integer("limits.requests_per_minute.local").map { limits.requestsPerMinute.local = $0 }
        decoder.integer("limits.requests_per_minute.vpn").map { limits.requestsPerMinute.vpn = $0 }
        decoder.integer("limits.requests_per_minute.direct").map { limits.requestsPerMinute.direct = $0 }
        decoder.integer("limits.requests_per_minute.websocket").map { limits.requestsPerMinute.webSocket = $0 }
        decoder.integer("limits.requests_per_minute.health").map { limits.requestsPerMinute.health = $0 }
        decoder.integer("limits.concurrent_turns").map { limits.concurrentTurns = $0 }
        decoder.integer("limits.queued_turns").map { limits.queuedTurns = $0 }
        decoder.integer("limits.turn_minutes").map { limits.turnMinutes = $0 }
        decoder.integer("limits.keep_turns_days").map { limits.keepTurnsDays = $0 }
        decoder.integer("limits.keep_unused_attachments_hours").map { limits.keepUnusedAttachmentsHours = $0 }
        checkTogether(&decoder)
        checkPlaces(&decoder)
    }

    /// What only several values together can get wrong.
    private func checkTogether(_ decoder: inout ConfigurationDecoder) {
        for (path, people) in [("people.owners", people.owners), ("people.known", people.known)] {
            for (index, id) in people.enumerated() where !id.contains(":") || id.hasPrefix(":") || id.hasSuffix(":") {
                decoder.report(path, entry: index, "\"\(id)\" names no account.", "Write platform:sender, for example \"websocket:\(id)\".")
            }
        }
        if let both = people.owners.first(where: people.known.contains) {
            decoder.report("people.known", "\"\(both)\" is an owner already.", "Keep it in people.owners only.")
        }
        for place in security.approvals.escalateTo where ConversationID(text: place) == nil {
            decoder.report(
                "security.approvals.escalate_to", "\"\(place)\" names no conversation.", "Write platform:account:chat, such as telegram:default:4711.")
        }
        if let hours = security.approvals.quietHours, QuietHours(hours) == nil {
            decoder.report("security.approvals.quiet_hours", "\"\(hours)\" is no span of hours.", "Write it as 22:00-07:00, in quotes.")
        }
        if !security.approvals.twoPersons.isEmpty, people.owners.count < 2 {
            decoder.report(
                "security.approvals.two_persons", "two persons have to approve, but people.owners lists one.", "Add another owner, or empty this list.")
        }
        let socket = adapters.webSocket
        if socket.isEnabled, !socket.isLoopback, !socket.allowsPlaintextOffLoopback {
            decoder.report(
                "adapters.websocket.host", "\"\(socket.host)\" can be reached from other machines, and this port has no TLS.",
                "Use 127.0.0.1 behind a tunnel, or set allow_plaintext_off_loopback: true if something else protects the way.")
        }
        if let password = socket.password, password.revealBytes().count < 12 {
            decoder.report("adapters.websocket.password", "the password is shorter than 12 characters.", "Remove it to have one made.")
        }
        for (index, host) in socket.allowedHosts.enumerated() where !HostAuthority.isAcceptable(host) {
            decoder.report(
                "adapters.websocket.allowed_hosts", entry: index, "\"\(host)\" is no host.",
                "Write a name or address as clients have it in their address, with a port where it is not this server's: bot.example:443.")
        }
        for (index, origin) in socket.allowedOrigins.enumerated() where !origin.contains("://") || origin.hasSuffix("/") || origin.contains("*") {
            decoder.report(
                "adapters.websocket.allowed_origins", entry: index, "\"\(origin)\" is no origin.", "Write scheme, host and port, such as https://chat.example.")
        }
        for address in socket.allowedAddresses {
            do {
                _ = try IPAllowList([address])
            } catch {
                decoder.report(
                    "adapters.websocket.allowed_addresses", "\"\(address)\" is no address and no network.",
                    "Write 192.0.2.1, 10.0.0.0/8 or 2001:db8::/32.")
            }
        }
        for target in EgressPolicy.only(security.egressAllow).invalidEntries {
            decoder.report("security.egress.allow", "\"\(target)\" is no host, address or network.", "Write host:port, such as 127.0.0.1:11434.")
        }
        tools.commands.check(&decoder)
        for (path, rules) in [("policies.ask", policies.ask), ("policies.deny", policies.deny)] {
            for (index, rule) in rules.enumerated() where policies.allow.contains(rule) {
                decoder.report(path, entry: index, "\"\(rule)\" is also under policies.allow.", "Keep one of them.")
            }
        }
    }
}

extension MegaConfiguration.Model {
    /// Nil when no model is configured.
    init?(from decoder: inout ConfigurationDecoder, at path: String) {
        let provider = decoder.choice("\(path).provider", Provider.self)
        let problemsBefore = decoder.problems.count
        self.init(
            provider: provider ?? .offline, name: decoder.text("\(path).name"), baseURL: decoder.text("\(path).base_url"),
            apiKey: decoder.secret("\(path).api_key"), contextWindow: decoder.integer("\(path).context_window"),
            temperature: decoder.number("\(path).temperature"), maximumOutputTokens: decoder.integer("\(path).max_output_tokens"))
        if path == "model" {
            for index in 0..<ConfigurationKey.fallbackLimit {
                if let next = Self(from: &decoder, at: "model.fallback.\(index)") { fallback.append(next) }
            }
        }
        let hasKeys =
            name != nil || baseURL != nil || apiKey != nil || contextWindow != nil || temperature != nil || maximumOutputTokens != nil
            || !fallback.isEmpty
        guard provider != nil else {
            // A wrong provider has been reported already.
            if hasKeys, !decoder.problems.contains(where: { $0.keyPath == "\(path).provider" }), decoder.problems.count == problemsBefore {
                decoder.report("\(path).provider", "the model has no provider.", "Add provider: ollama, openai, anthropic or offline.")
            }
            return nil
        }
        check(&decoder, at: path)
    }

    private func check(_ decoder: inout ConfigurationDecoder, at path: String) {
        if provider == .openai || provider == .anthropic {
            if name == nil { decoder.report("\(path).name", "\(provider.rawValue) needs the name of a model.", "Add name: with the model's name.") }
            if baseURL == nil, apiKey == nil {
                decoder.report(
                    "\(path).api_key", "\(provider.rawValue) needs a key.",
                    "Set \(provider == .openai ? "OPENAI_API_KEY" : "ANTHROPIC_API_KEY"), or base_url for a server of your own.")
            }
        }
        guard let baseURL else { return }
        let rest = ["http://", "https://"].first(where: baseURL.lowercased().hasPrefix).map { baseURL.dropFirst($0.count) }
        if rest?.first.map({ $0 != "/" && $0 != ":" }) != true || baseURL.contains(where: \.isWhitespace) {
            decoder.report("\(path).base_url", "this is no address.", "Begin it with http:// or https:// and a host.")
        } else if rest?.prefix(while: { $0 != "/" }).contains("@") == true {
            decoder.report("\(path).base_url", "an address must hold no user name or password.", "Use api_key.")
        }
    }
}

extension MegaConfiguration.Tools.Commands {
    fileprivate func check(_ decoder: inout ConfigurationDecoder) {
        let path = "tools.commands"
        for target in EgressPolicy.only(allowedHosts).invalidEntries {
            decoder.report("\(path).allowed_hosts", "\"\(target)\" is no host, address or network.", "Write host:port, such as pypi.org:443.")
        }
        if allowsNetwork, !allowedHosts.isEmpty {
            decoder.report("\(path).allowed_hosts", "the list means nothing while network is true.", "Set network: false; the hosts can be reached all the same.")
        }
        if sandbox == .landlock, !allowedHosts.isEmpty {
            decoder.report("\(path).allowed_hosts", "a list of hosts needs bubblewrap.", "Set sandbox: bubblewrap, or remove the list.")
        }
        for folder in readableFolders where !folder.hasPrefix("/") {
            decoder.report("\(path).readable_folders", "\"\(folder)\" is not absolute.", "Begin it with /.")
        }
        for name in protectedPaths where name.hasPrefix("/") || name.split(separator: "/").contains(where: { $0 == ".." || $0 == "." }) || name.isEmpty {
            decoder.report(
                "\(path).protected_paths", "\"\(name)\" is no path inside the workspace.", "Write it as seen from there, without dots, such as deploy/keys.")
        }
        let controls = SandboxCoverage.Control.allCases.map(\.rawValue)
        for name in toleratesMissing where !controls.contains(name) {
            decoder.report("\(path).tolerate_missing", "\"\(name)\" is no control.", "Choose from: \(controls.joined(separator: ", ")).")
        }
    }
}

extension MegaConfiguration.Adapters.WebSocket {
    fileprivate mutating func read(from decoder: inout ConfigurationDecoder) {
        let path = "adapters.websocket"
        decoder.flag("\(path).enabled").map { isEnabled = $0 }
        decoder.text("\(path).host").map { host = $0 }
        decoder.integer("\(path).port").map { port = $0 }
        password = decoder.secret("\(path).password")
        decoder.list("\(path).allowed_origins").map { allowedOrigins = $0 }
        decoder.list("\(path).allowed_hosts").map { allowedHosts = $0 }
        decoder.list("\(path).allowed_addresses").map { allowedAddresses = $0 }
        decoder.integer("\(path).rate_limit.messages").map { rateLimit.messages = $0 }
        decoder.integer("\(path).rate_limit.per_seconds").map { rateLimit.perSeconds = $0 }
        decoder.integer("\(path).max_frame_bytes").map { maximumFrameBytes = $0 }
        decoder.flag("\(path).allow_plaintext_off_loopback").map { allowsPlaintextOffLoopback = $0 }
    }
}

extension MegaConfiguration.Security {
    fileprivate mutating func read(from decoder: inout ConfigurationDecoder) {
        decoder.text("security.encryption.key_file").map { encryption.keyFile = $0 }
        encryption.passphrase = decoder.secret("security.encryption.passphrase")
        decoder.integer("security.approvals.expire_after_seconds").map { approvalsExpireAfterSeconds = $0 }
        decoder.list("security.approvals.two_persons").map { approvals.twoPersons = $0 }
        decoder.list("security.approvals.separate_duties").map { approvals.separateDuties = $0 }
        decoder.list("security.approvals.escalate_to").map { approvals.escalateTo = $0 }
        decoder.integer("security.approvals.escalate_after_seconds").map { approvals.escalateAfterSeconds = $0 }
        approvals.quietHours = decoder.text("security.approvals.quiet_hours")
        decoder.integer("security.approvals.fatigue_limit").map { approvals.fatigueLimit = $0 }
        decoder.choice("security.command_guard", MegaConfiguration.Security.CommandGuardUse.self).map { commandGuard = $0 }
        decoder.list("security.egress.allow").map { egressAllow = $0 }
        decoder.flag("security.audit.enabled").map { isAuditEnabled = $0 }
        decoder.integer("security.audit.keep_days").map { auditKeepDays = $0 }
        decoder.integer("security.audit.max_mb").map { auditMaximumMegabytes = $0 }
    }
}
