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
    /// Nil when no channel takes any.
    let attachments: FileBlobStore?
    /// What is sealed under the keys besides the database, each with a name for the log.
    let resealable: [(name: String, store: any Resealable)]
    /// Nil when it is switched off.
    let audit: AuditLog?

    init(_ installation: Installation, logger: Logger) async throws {
        let configuration = installation.configuration
        keys = try await installation.keyRing()
        let sealer = keys.sealer
        let transport = CurlTransport(egress: ModelAssembly.egress(configuration), proxyFromEnvironment: true, logger: logger)
        let (model, discovered) = ModelAssembly(transport: transport, logger: logger).make(configuration.model)
        store = try await installation.explaining { try await SQLiteStore(path: installation.database, sealer: sealer, logger: logger) }
        audit = configuration.security.isAuditEnabled ? try await Self.audit(installation, sealer: keys.auditSealer) : nil
        let sink: any AuditSink = audit ?? NoAudit()
        self.discovered = discovered
        let blobs = try await installation.explaining { try await FileBlobStore(directory: installation.blobs, sealer: sealer) }
        let rules = PolicyFile(path: installation.policies, sealer: sealer)
        let flow = try FlowGuard(keeping: FileLabelFile(path: installation.fileLabels, sealer: sealer))
        resealable = [("database", store), ("attachments", blobs), ("rules", rules), ("labels of files", flow)]
        if configuration.adapters.webSocket.isEnabled {
            webSocket = try Self.webSocket(installation, attachments: blobs, logger: logger)
            attachments = blobs
        } else {
            (webSocket, attachments) = (nil, nil)
        }
        try await installation.tidyWorkspace()
        let secrets = try await installation.secretHandles()
        for name in secrets?.missing ?? [] {
            logger.warning("the secret \(name) is bound, but no source has it; commands that name it will be refused")
        }
        let (tools, toolProviders) = try Self.tools(installation, secrets: secrets?.handles)
        let redactor = SecretRedactor(secrets: try Self.secrets(installation))
        authorizer = try Self.authorizer(installation, store: rules)
        orchestrator = Orchestrator(
            agent: ConversationalAgent(
                name: configuration.system.name, model: model, maximumOutputTokens: configuration.model?.maximumOutputTokens,
                temperature: configuration.model?.temperature),
            adapters: webSocket.map { [$0] } ?? [],
            tools: tools, toolProviders: toolProviders,
            middleware: [RateLimitMiddleware(limits: Self.limits(configuration.limits.messagesPerMinute), audit: sink)],
            store: store,
            authorizer: GuardedAuthorizer(authorizer, enforcement: installation.guardEnforcement),
            grantRules: CommandGrantRules(),
            flow: flow,
            redactor: secrets.map { SecretHandleRedactor(handles: $0.handles, base: redactor) } ?? redactor,
            outputInspector: ToolOutputInspector(),
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
