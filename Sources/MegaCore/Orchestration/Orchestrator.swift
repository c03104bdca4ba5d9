// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import Logging
public import ServiceLifecycle
import Synchronization

/// Takes messages from adapters, lets agents work on them and sees the answers delivered.
///
/// Several orchestrators live in one process, each with its own store. Run it as a service in a `ServiceGroup`, or call ``run()`` in
/// a task and cancel that.
///
/// ```swift
/// let bot = Orchestrator(agent: ConversationalAgent(model: model), adapters: [adapter], store: InMemoryStore())
/// try await bot.run()
/// ```
///
/// What is accepted survives a crash (with a durable store): unfinished turns go on where their journal ends when ``run()`` begins.
public final class Orchestrator: Service, Sendable {
    let agent: any Agent
    let adapters: [ChannelID: any MessagingAdapter]
    let tools: [any Tool]
    let toolProviders: [any ToolProvider]
    let middleware: [any MessageMiddleware]
    let store: any Store
    let memory: any MemoryStore
    let authorizer: any ActionAuthorizer
    let flow: any InformationFlowPolicy
    let redactor: any ContentRedactor
    let outputInspector: (any OutputInspector)?
    let audit: any AuditSink
    let options: Options
    let dependencies: Dependencies
    let logger: Logger

    let router: Router
    let outbox: Outbox
    let approvals: ApprovalCenter
    let presenters: [any ApprovalPresenter]
    let ownerChats = OwnerChats()
    let kills: KillSwitchKeeper
    let modes: SessionModes
    let writer: LedgerWriter
    let supervisors: [ChannelID: Supervisor]
    let stopped = StopRequests()
    let direct: DirectAdapter
    let startedAt = ContinuousClock.now
    let people: Mutex<People>
    private let hasRun = Mutex(false)
    private let readySignal: Readiness
    /// What the host put together wrongly.
    private let faults: [String]

    /// Assembles an orchestrator. Nothing happens before ``run()``.
    ///
    /// - Parameters:
    ///   - agent: Answers every turn.
    ///   - adapters: One per channel; ``run()`` refuses two of one channel.
    ///   - tools: Offered to the agent, within what the session's mode permits. ``run()`` refuses two of one name.
    ///   - toolProviders: Asked for tools at every turn; a name that is taken already is left out and logged. ``MemoryTools`` are added
    ///     unless `options` says otherwise.
    ///   - store: Keeps everything. ``InMemoryStore`` keeps it as long as the process lives.
    ///   - memory: Keeps the memories instead of `store`, for example an index of vectors.
    ///   - authorizer: Decides about every tool call. The default asks before anything with consequences.
    ///   - flow: Judges every tool call by where its values come from, before the authorizer. The default says nothing.
    ///   - redactor: Applied to tool output and replies.
    ///   - outputInspector: Looks for orders to the model in tool output. Nothing is looked for without one.
    ///   - grantRules: Which grants people may give with an approval. Without rules there are none.
    ///   - presenters: By which means besides chats people are asked, for ``ApprovalPolicy/escalation``.
    ///   - people: Who is the owner, who is known. The default knows nobody but ``ask(_:in:)``.
    public init(
        agent: any Agent, adapters: [any MessagingAdapter] = [], tools: [any Tool] = [], toolProviders: [any ToolProvider] = [],
        middleware: [any MessageMiddleware] = [], store: any Store, memory: (any MemoryStore)? = nil, authorizer: any ActionAuthorizer = AskingAuthorizer(),
        grantRules: (any GrantRules)? = nil, presenters: [any ApprovalPresenter] = [],
        flow: any InformationFlowPolicy = NoFlowPolicy(),
        redactor: any ContentRedactor = NoRedaction(), outputInspector: (any OutputInspector)? = nil, audit: any AuditSink = NoAudit(), people: People = People(),
        options: Options = Options(), dependencies: Dependencies = .live,
        logger: Logger = Logger(label: "megabot", factory: { _ in SwiftLogNoOpLogHandler() })
    ) {
        let direct = DirectAdapter()
        var people = people
        people.owners.insert(DirectAdapter.ownerAccount)
        let all: [any MessagingAdapter] = adapters + [direct]
        let byChannel = Dictionary(all.map { ($0.channel, $0) }, uniquingKeysWith: { first, _ in first })
        let writer = LedgerWriter(ledger: store, dependencies: dependencies, logger: logger)

        self.agent = agent
        self.adapters = byChannel
        self.faults = Self.faults(tools: tools, adapters: all)
        self.tools = tools
        let memory = memory ?? store
        self.memory = memory
        self.toolProviders = toolProviders + (options.offersMemoryTools ? [MemoryTools(store: memory, audit: audit, dependencies: dependencies)] : [])
        self.middleware = middleware
        self.store = store
        self.authorizer = authorizer
        self.flow = flow
        self.redactor = redactor
        self.outputInspector = outputInspector
        self.audit = audit
        self.options = options
        self.dependencies = dependencies
        self.logger = logger
        self.direct = direct
        self.people = Mutex(people)
        self.writer = writer
        self.presenters = presenters
        kills = KillSwitchKeeper(ledger: store)
        self.readySignal = Readiness()
        router = Router(
            limits: Router.Limits(concurrentTurns: options.concurrentTurns, waitingTurns: options.waitingTurns))
        modes = SessionModes(ledger: store, initial: options.initialMode)
        approvals = ApprovalCenter(
            writer: writer, dependencies: dependencies, audit: audit, lifetime: options.approvalLifetime, policy: options.approvals,
            grantRules: grantRules, observer: { request in direct.observe(request) })
        outbox = Outbox(options: options.outbox, writer: writer, dependencies: dependencies, logger: logger) { message in
            guard let adapter = byChannel[message.conversation.channel] else {
                throw DeliveryError(.retry(after: .seconds(60)), reason: "no adapter serves \(message.conversation.channel)")
            }
            var message = message
            if !adapter.capabilities.hasThreads { message.conversation.thread = nil }
            return try await adapter.send(message)
        }
        supervisors = byChannel.mapValues { adapter in
            Supervisor(name: "\(adapter.channel)", dependencies: dependencies, logger: logger)
        }
    }

    /// Takes up what earlier runs left, then serves until cancelled or gracefully shut down.
    ///
    /// On a graceful shutdown nothing new is accepted, running turns get ``Options/drainTime`` to end, replies are sent, then it
    /// returns. What was not finished goes on at the next start. Runs once per value.
    ///
    /// - Throws: ``AssemblyError`` when the parts do not fit together, a ``StoreError`` when the store cannot be read, or
    ///   ``AlreadyRunError``.
    public func run() async throws {
        let isFirst = hasRun.withLock { hasRun in
            defer { hasRun = true }
            return !hasRun
        }
        guard isFirst else { throw AlreadyRunError() }
        defer { direct.close() }
        do {
            guard faults.isEmpty else { throw AssemblyError(problems: faults) }
            try await recover()
        } catch {
            readySignal.fail(error)
            throw error
        }
        await note(.systemStarted)
        await withDiscardingTaskGroup { group in
            group.addTask { await self.work() }
            await outbox.observe { outcome in
                switch outcome {
                case .sent(let message, let receipt): await self.note(sent: message, as: receipt.platformMessageID)
                case .givenUp(let message, let reason): await self.note(givenUp: message, reason: reason)
                }
            }
            group.addTask { await self.outbox.run() }
            group.addTask { await self.prune() }
            if !options.approvals.escalation.isEmpty { group.addTask { await self.escalator.run() } }
            let inbox = self.inbox
            for (channel, adapter) in adapters {
                guard let supervisor = supervisors[channel] else { continue }
                group.addTask { await supervisor.run { try await adapter.run(delivering: inbox) } }
            }
            readySignal.open()
            do {
                try await gracefulShutdown()
                await drain()
            } catch {
                // Cancelled: what is unfinished goes on at the next start.
            }
            group.cancelAll()
        }
        await outbox.observe { _ in }
        await note(.systemStopped)
    }

    /// Returns when ``run()`` has taken up what was left and serves.
    public func waitUntilReady() async throws { try await readySignal.wait() }

    /// Where messages go in, for hosts that have an adapter of their own outside the orchestrator.
    public var inbox: Inbox {
        Inbox(
            accept: { [self] in try await accept($0, cursor: $1) },
            cursor: { [store] in try await store.cursor(for: $0) },
            recipientReturned: { [outbox] in await outbox.recipientReturned($0) },
            openQuestions: { [self] in try await openQuestions(in: $0) })
    }

    /// Says something as the owner and returns the answer, without any adapter.
    ///
    /// It is a turn like any other: durable, in order with others of the same `conversation`, with memory and tools. Notices in between
    /// (a ``MiddlewareDecision/wait(_:notice:)``) are no answer and are not shown; questions are in ``approvalRequests``.
    ///
    /// - Returns: The answer's text; empty when the turn ended without saying anything.
    /// - Throws: ``TurnFailedError`` when there is no answer, `CancellationError` when the caller is cancelled (the turn goes on),
    ///   ``ShutdownError`` when the orchestrator ends before it answered, ``StoreError`` when the question could not be stored, and what
    ///   ``run()`` failed with.
    public func ask(_ text: String, in conversation: String = "default") async throws -> String {
        try await waitUntilReady()
        return try await direct.ask(text, chat: conversation, id: dependencies.makeID(), now: dependencies.now(), inbox: inbox)
    }

    /// Answers an open approval request as the owner.
    ///
    /// - Parameter reference: The request's short code or id; nil when exactly one is open.
    /// - Throws: ``CommandError`` when there is no such request or it has been decided.
    @discardableResult
    public func decide(_ reference: String? = nil, approve: Bool, reason: String? = nil) async throws -> ApprovalRequest {
        switch try await approvals.decide(reference, approve ? .once : .deny(reason: reason), by: DirectAdapter.owner) {
        case .decided(let requests, _), .counted(let requests, _):
            guard let first = requests.first else { throw CommandError("There is nothing to approve or refuse.") }
            return first
        }
    }

    /// Approval requests nobody has answered yet, oldest first.
    public func openApprovals() async -> [ApprovalRequest] { await approvals.open }

    /// New approval requests as they are made; of many unread ones the newest 64 are kept.
    public var approvalRequests: AsyncStream<ApprovalRequest> { direct.approvalRequests() }

    /// Puts another set of people in force at once.
    public func update(people: People) {
        var people = people
        people.owners.insert(DirectAdapter.ownerAccount)
        self.people.withLock { $0 = people }
    }

    /// Asks every part how it does.
    public func health() async -> HealthReport { await monitor.report() }

    private func drain() async {
        await router.stopAccepting()
        do {
            try await withTimeout(options.drainTime, clock: dependencies.clock) { [self] in
                while true {
                    if await router.isDrained, await outbox.isDrained { return }
                    try await dependencies.clock.sleep(for: .milliseconds(20), tolerance: nil)
                }
            }
        } catch {
            logger.info("shutdown goes on without waiting for the rest", metadata: ["reason": "\(error)"])
        }
    }
}

/// ``Orchestrator/run()`` was called a second time. Make a new orchestrator over the same store instead.
public struct AlreadyRunError: Error, Sendable, CustomStringConvertible {
    /// In words, for people and logs.
    public var description: String { "an orchestrator runs once; make a new one over the same store" }
}
