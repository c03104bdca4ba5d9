// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import Logging
public import MegaCore
import Synchronization

/// An orchestrator under test, with an in-memory channel to it.
public struct TestBot: Sendable {
    /// The orchestrator under test.
    public let orchestrator: Orchestrator
    /// The channel to it.
    public let adapter: InMemoryAdapter
    /// What it keeps.
    public let store: any Store
    /// Open requests, and the means to answer them.
    public let approvals: Approvals

    /// A person who talks to the bot in a chat of their own.
    ///
    /// - Parameter name: The sender id; `ana` is the owner unless `withTestBot` was told otherwise.
    public func user(_ name: String, in chat: String? = nil) -> TestUser {
        TestUser(name: name, chat: chat ?? name, adapter: adapter)
    }

    /// The person's side of approvals.
    public struct Approvals: Sendable {
        let orchestrator: Orchestrator

        /// The next open request; waits for one.
        ///
        /// - Throws: `CancellationError`.
        public func next() async throws -> ApprovalRequest {
            let stream = orchestrator.approvalRequests
            if let open = await orchestrator.openApprovals().first { return open }
            for await request in stream { return request }
            throw CancellationError()
        }

        /// Says yes.
        public func approve(_ request: ApprovalRequest) async throws {
            try await orchestrator.decide(request.id.rawValue, approve: true)
        }

        /// Says no.
        public func deny(_ request: ApprovalRequest, reason: String? = nil) async throws {
            try await orchestrator.decide(request.id.rawValue, approve: false, reason: reason)
        }
    }
}

/// A person in a test.
public final class TestUser: Sendable {
    private let name: String
    private let chat: String
    private let adapter: InMemoryAdapter
    private let seen = Mutex(0)

    init(name: String, chat: String, adapter: InMemoryAdapter) {
        self.name = name
        self.chat = chat
        self.adapter = adapter
    }

    /// The person's chat.
    public var conversation: ConversationID { adapter.conversation(chat) }

    /// Sends a message; returns when it is durable.
    @discardableResult
    public func say(_ text: String, id: String? = nil) async throws -> Inbox.Admission {
        try await adapter.receive(text, from: name, in: chat, id: id)
    }

    /// The next message to this person's chat that was not read yet, of any kind.
    public func nextMessage() async throws -> OutboundMessage { try await next { _ in true } }

    /// The next reply, command result or error; approval requests are passed over.
    public func nextReply() async throws -> OutboundMessage {
        try await next { $0.kind != .approvalRequest && $0.kind != .notice }
    }

    private func next(_ fits: @escaping @Sendable (OutboundMessage) -> Bool) async throws -> OutboundMessage {
        let conversation = conversation
        let message = try await adapter.nextMessage(after: seen.withLock { $0 }) { $0.conversation == conversation && fits($0) }
        if let position = adapter.sent.firstIndex(where: { $0.id == message.id }) { seen.withLock { $0 = position + 1 } }
        return message
    }
}

/// Runs an orchestrator with a ``ConversationalAgent`` over a model for the length of a test.
///
/// ```swift
/// try await withTestBot(model: ScriptedModel(.text("hello"))) { bot in
///     let ana = bot.user("ana")
///     try await ana.say("hi")
///     #expect(try await ana.nextReply().text == "hello")
/// }
/// ```
///
/// - Parameters:
///   - store: In memory unless given; give the same again to test a restart.
///   - memory: Keeps the memories instead of `store`.
///   - people: `memory:ana` is the owner, everybody else unknown and refused, unless given.
/// - Throws: What `body` throws.
@discardableResult
public func withTestBot<Result: Sendable>(
    model: any LanguageModel, tools: [any Tool] = [], toolProviders: [any ToolProvider] = [], middleware: [any MessageMiddleware] = [],
    store: any Store = InMemoryStore(), memory: (any MemoryStore)? = nil, authorizer: any ActionAuthorizer = AskingAuthorizer(),
    grantRules: (any GrantRules)? = nil, presenters: [any ApprovalPresenter] = [],
    flow: any InformationFlowPolicy = NoFlowPolicy(),
    redactor: any ContentRedactor = NoRedaction(), outputInspector: (any OutputInspector)? = nil, audit: any AuditSink = NoAudit(),
    people: People = People(owners: ["memory:ana"]), options: Orchestrator.Options = Orchestrator.Options(turnRetention: nil),
    dependencies: Dependencies = .live, adapter: InMemoryAdapter = InMemoryAdapter(),
    logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
    _ body: @escaping @Sendable (TestBot) async throws -> Result
) async throws -> Result {
    try await withTestBot(
        agent: ConversationalAgent(model: model), tools: tools, toolProviders: toolProviders, middleware: middleware, store: store,
        memory: memory, authorizer: authorizer, grantRules: grantRules, presenters: presenters, flow: flow, redactor: redactor,
        outputInspector: outputInspector, audit: audit, people: people, options: options, dependencies: dependencies, adapter: adapter, logger: logger, body)
}

/// Runs an orchestrator with an agent of one's own for the length of a test.
///
/// The agent works with real ``AgentServices``: its tool calls pass mode, rules, approvals and audit, its context comes from the log and the
/// memories in `store`, its budget is the mode's.
///
/// ```swift
/// try await withTestBot(agent: Greeter()) { bot in
///     let answer = try await bot.orchestrator.ask("hi")
///     #expect(answer == "Hello! You said: hi")
/// }
/// ```
///
/// - Parameters: As with a model.
/// - Throws: What `body` throws.
@discardableResult
public func withTestBot<Result: Sendable>(
    agent: any Agent, tools: [any Tool] = [], toolProviders: [any ToolProvider] = [], middleware: [any MessageMiddleware] = [],
    store: any Store = InMemoryStore(), memory: (any MemoryStore)? = nil, authorizer: any ActionAuthorizer = AskingAuthorizer(),
    grantRules: (any GrantRules)? = nil, presenters: [any ApprovalPresenter] = [],
    flow: any InformationFlowPolicy = NoFlowPolicy(),
    redactor: any ContentRedactor = NoRedaction(), outputInspector: (any OutputInspector)? = nil, audit: any AuditSink = NoAudit(),
    people: People = People(owners: ["memory:ana"]), options: Orchestrator.Options = Orchestrator.Options(turnRetention: nil),
    dependencies: Dependencies = .live, adapter: InMemoryAdapter = InMemoryAdapter(),
    logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
    _ body: @escaping @Sendable (TestBot) async throws -> Result
) async throws -> Result {
    let orchestrator = Orchestrator(
        agent: agent, adapters: [adapter], tools: tools, toolProviders: toolProviders,
        middleware: middleware, store: store, memory: memory, authorizer: authorizer, grantRules: grantRules, presenters: presenters, flow: flow,
        redactor: redactor, outputInspector: outputInspector, audit: audit, people: people, options: options, dependencies: dependencies, logger: logger)
    let bot = TestBot(
        orchestrator: orchestrator, adapter: adapter, store: store, approvals: TestBot.Approvals(orchestrator: orchestrator))
    return try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask {
            try await orchestrator.run()
            return nil
        }
        group.addTask {
            try await orchestrator.waitUntilReady()
            return try await body(bot)
        }
        defer { group.cancelAll() }
        while let outcome = try await group.next() {
            if let outcome { return outcome }
        }
        throw CancellationError()
    }
}
