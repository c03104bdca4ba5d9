// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Logging
import MegaAdapters
import MegaCore
import MegaMemory
import MegaNetworking
import MegaSecurity
import MegaTools

/// The parts of the daemon, made from its configuration. Nothing runs yet.
struct Assembly {
    let store: SQLiteStore
    let orchestrator: Orchestrator
    let authorizer: PolicyAuthorizer
    /// Models that are looked for while the daemon runs.
    let discovered: [DiscoveredModel]
    let webSocket: WebSocketAdapter?
    let keys: KeyRing
    /// Nil when it is switched off.
    let audit: AuditLog?

    init(_ installation: Installation, logger: Logger) async throws {
        let configuration = installation.configuration
        keys = try await installation.keyRing()
        let sealer = keys.sealer
        let transport = CurlTransport(egress: ModelAssembly.egress(configuration), proxyFromEnvironment: true, logger: logger)
        let (model, discovered) = ModelAssembly(transport: transport, logger: logger).make(configuration.model)
        store = try await SQLiteStore(path: installation.database, sealer: sealer, logger: logger)
        audit = configuration.security.isAuditEnabled ? try await Self.audit(installation, sealer: keys.auditSealer) : nil
        let sink: any AuditSink = audit ?? NoAudit()
        self.discovered = discovered
        webSocket =
            configuration.adapters.webSocket.isEnabled
            ? try Self.webSocket(
                installation, attachments: try await FileBlobStore(directory: installation.blobs, sealer: sealer), logger: logger) : nil
        let (tools, toolProviders) = try Self.tools(installation)
        authorizer = try Self.authorizer(installation, sealer: sealer)
        orchestrator = Orchestrator(
            agents: [
                ConversationalAgent(
                    name: configuration.system.name, model: model, maximumOutputTokens: configuration.model?.maximumOutputTokens,
                    temperature: configuration.model?.temperature)
            ],
            adapters: webSocket.map { [$0] } ?? [],
            tools: tools, toolProviders: toolProviders,
            middleware: [RateLimitMiddleware(limits: Self.limits(configuration.limits.messagesPerMinute), audit: sink)],
            store: store,
            authorizer: authorizer,
            grantRules: CommandGrantRules(),
            flow: try FlowGuard(keeping: FileLabelFile(path: installation.fileLabels, sealer: sealer)),
            redactor: SecretRedactor(secrets: try Self.secrets(installation)),
            audit: sink,
            people: People(configuration.people),
            options: Orchestrator.Options(
                initialMode: configuration.system.defaultMode, concurrentTurns: configuration.limits.concurrentTurns,
                waitingTurns: configuration.limits.queuedTurns,
                approvalLifetime: .seconds(configuration.security.approvalsExpireAfterSeconds),
                turnTimeLimit: configuration.limits.turnMinutes == 0 ? nil : .seconds(60 * configuration.limits.turnMinutes),
                turnRetention: configuration.limits.keepTurnsDays == 0 ? nil : .seconds(86_400 * configuration.limits.keepTurnsDays),
                approvals: ApprovalPolicy(configuration.security.approvals, offset: LocalTime.offset)),
            logger: logger)
    }
}

extension People {
    /// As the configuration says.
    init(_ people: MegaConfiguration.People) {
        self.init(
            owners: Set(people.owners), known: Set(people.known), unknown: people.unknown == .answer ? .answer : .refuse)
    }
}
