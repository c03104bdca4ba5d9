// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Logging
import MegaAdapters
import MegaCore
import MegaSecurity
import MegaTools

extension Assembly {
    /// The native WebSocket. A key that is not kept is derived while everything else starts already.
    static func webSocket(_ installation: Installation, attachments: any BlobStore, logger: Logger) throws -> WebSocketAdapter {
        let settings = installation.configuration.adapters.webSocket
        let credentials = WebSocketCredentials(installation: installation)
        var options = WebSocketAdapterOptions()
        options.rate = Double(settings.rateLimit.messages) / Double(settings.rateLimit.perSeconds)
        options.burst = Double(settings.rateLimit.messages)
        options.frameLimit = settings.maximumFrameBytes
        let salt = try credentials.salt()
        let origins = Set(settings.allowedOrigins)
        let hosts = Set(settings.allowedHosts)
        if let key = try credentials.keptKey(iterations: options.iterations) {
            return try WebSocketAdapter(
                key: key, salt: salt, allowedOrigins: origins, allowedHosts: hosts, options: options, attachments: attachments,
                logger: logger)
        }
        return try WebSocketAdapter(
            password: credentials.password(), salt: salt, allowedOrigins: origins, allowedHosts: hosts, options: options,
            attachments: attachments, logger: logger)
    }

    /// What the agent may use, as far as it is switched on. Tools see the workspace; the daemon's own files stay out of sight.
    static func tools(_ installation: Installation, secrets: SecretHandles?) throws -> (tools: [any Tool], providers: [any ToolProvider]) {
        let settings = installation.configuration.tools
        var tools: [any Tool] = []
        var providers: [any ToolProvider] = []
        if settings.files.isEnabled { providers.append(try FileTools(root: installation.workspace, protectedPaths: ProtectedPaths.standard + settings.commands.protectedPaths)) }
        if settings.commands.isEnabled {
            tools.append(TerminalTool(installation, secrets: secrets))
        }
        return (tools, providers)
    }

    /// The audit, in a folder of its own.
    static func audit(_ installation: Installation, sealer: KeyedSealer) async throws -> AuditLog {
        try PrivateFiles.makeDirectory(installation.auditLog)
        let security = installation.configuration.security
        let retention = AuditLog.Options.Retention(
            maximumBytes: security.auditMaximumMegabytes > 0 ? security.auditMaximumMegabytes << 20 : nil,
            maximumAge: security.auditKeepDays > 0 ? .seconds(security.auditKeepDays * 86_400) : nil)
        return try await AuditLog(folder: installation.auditLog, sealer: sealer, options: AuditLog.Options(retention: retention))
    }

    /// How much people may write; a third of a minute's messages may come at once.
    static func limits(_ perMinute: MegaConfiguration.Limits.MessagesPerMinute) -> RateLimitMiddleware.Limits {
        func limit(_ count: Int) -> RateLimit? { count > 0 ? RateLimit(count, per: .seconds(60), burst: max(1, count / 3)) : nil }
        return RateLimitMiddleware.Limits(
            known: limit(perMinute.known), unknown: limit(perMinute.unknown), channel: limit(perMinute.channel), owner: limit(perMinute.owner))
    }

    /// The configured rules, and those people give in the chat.
    static func authorizer(_ installation: Installation, store: PolicyFile) throws -> PolicyAuthorizer {
        // Nothing that decides about tools may lie where a tool can write.
        try StorePlacement.check(
            stores: [installation.dataDirectory, installation.policies, installation.keyFile, installation.auditLog, installation.configurationPath]
                + installation.secretFolders,
            writable: [installation.workspace])
        return try PolicyAuthorizer(
            rules: installation.policyRules, presets: try installation.policyPresets(), defaultVerdict: installation.configuration.policies.fallback,
            store: store)
    }

    /// Values that must appear in no answer and no tool output, whatever they look like.
    static func secrets(_ installation: Installation) throws -> [Secret] {
        let configuration = installation.configuration
        let models = configuration.model.map { [$0] + $0.fallback } ?? []
        var secrets = models.compactMap(\.apiKey)
        secrets += [configuration.adapters.webSocket.password, configuration.security.encryption.passphrase].compactMap(\.self)
        if configuration.adapters.webSocket.isEnabled { secrets.append(try WebSocketCredentials(installation: installation).password()) }
        // Shorter ones would take ordinary words out of the text.
        return secrets.filter { $0.revealBytes().count >= 8 }
    }
}

extension RequestLimits.Table {
    /// By where a client is, and by what it asks for; what is nothing else counts as the WebSocket.
    init(_ perMinute: MegaConfiguration.Limits.RequestsPerMinute, webSocket path: String) {
        func limit(_ count: Int) -> RateLimit? { count > 0 ? RateLimit(count, per: .seconds(60)) : nil }
        var endpoints: [String: RateLimit] = [:]
        for (path, count) in [("/", perMinute.webSocket), (path, perMinute.webSocket), (HealthEndpoint.path, perMinute.health)] {
            endpoints[path] = limit(count)
        }
        var connections: [ConnectionClass: RateLimit] = [:]
        for (origin, count) in [(ConnectionClass.local, perMinute.local), (.vpn, perMinute.vpn), (.direct, perMinute.direct)] {
            connections[origin] = limit(count)
        }
        self.init(endpoints: endpoints, connections: connections)
    }
}
