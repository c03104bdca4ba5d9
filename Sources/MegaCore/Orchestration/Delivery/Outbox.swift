// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Logging

/// Delivers what stands in the ledger's outbox: in order within a conversation, conversations in parallel, each message until it has
/// arrived or has to be given up.
actor Outbox {
    struct Options: Sendable {
        /// Sends at once per channel, so that one channel that hangs holds up no other.
        var concurrentSends = 64
        /// Failed attempts before a message is given up.
        var attempts = 12
        var firstPause: Duration = .seconds(1)
        var longestPause: Duration = .seconds(300)
        /// How long to wait for a recipient who is away before looking again.
        var awayPause: Duration = .seconds(30)
        /// Messages kept in memory, of all conversations and of one; the ledger has the rest.
        var loaded = 50_000
        var loadedPerConversation = 256
    }

    private struct Lane {
        var items = Queue<OutboxItem>()
        var isSending = false
        /// Counts pauses, so that the end of an old one does not end a newer one.
        var pause = 0
        var isPaused = false
        /// The recipient came back while a send was under way that will say they are away.
        var hasReturned = false
        /// Behind the items in memory there are, or may be, more in the ledger; nothing is added behind them then.
        var isMoreStored = false
        /// A message came in while the ledger was being read, which may have been too early to see it.
        var hasMissedOne = false
        var backoff: Backoff

        var isEmpty: Bool { items.isEmpty && !isMoreStored }
    }

    private let options: Options
    private let writer: LedgerWriter
    private let dependencies: Dependencies
    private let send: @Sendable (OutboundMessage) async throws -> DeliveryReceipt
    private let logger: Logger
    private let signal = Signal()
    private var lanes: [ConversationID: Lane] = [:]
    private var ready: [ChannelID: Queue<ConversationID>] = [:]
    private var isQueued: Set<ConversationID> = []
    private var inMemory: Set<OutboundMessage.ID> = []
    private var sending: [ChannelID: Int] = [:]
    private(set) var dead = 0
    private var observer: @Sendable (Outcome) async -> Void = { _ in }

    /// How it went with a message.
    enum Outcome: Sendable {
        case sent(OutboundMessage, DeliveryReceipt)
        case givenUp(OutboundMessage, reason: String)
    }

    init(
        options: Options, writer: LedgerWriter, dependencies: Dependencies, logger: Logger,
        send: @escaping @Sendable (OutboundMessage) async throws -> DeliveryReceipt
    ) {
        self.options = options
        self.writer = writer
        self.dependencies = dependencies
        self.logger = logger
        self.send = send
    }

    /// Who is told of every message that was sent or given up.
    func observe(_ observer: @escaping @Sendable (Outcome) async -> Void) { self.observer = observer }

    /// Whether a message is still to be sent, and no attempt is under way.
    func isWaiting(_ message: OutboundMessage.ID, in conversation: ConversationID) -> Bool {
        guard inMemory.contains(message), let lane = lanes[conversation] else { return false }
        return !(lane.isSending && lane.items.first?.message.id == message)
    }

    var isDrained: Bool { sending.isEmpty && lanes.values.allSatisfy { $0.isEmpty || $0.isPaused } }
    var waiting: Int { inMemory.count }
    /// Degraded once a message had to be given up.
    var health: ComponentHealth {
        let held = lanes.values.count { $0.isPaused && !$0.isEmpty }
        if dead > 0 { return .degraded("\(dead) messages given up since start; see the ledger") }
        return held > 0 ? ComponentHealth(.healthy, detail: "\(held) conversations wait for their recipient or a retry") : .healthy
    }

    /// Takes in messages that are in the ledger's outbox already.
    func add(_ messages: [OutboundMessage]) {
        let now = dependencies.now()
        for message in messages { add(OutboxItem(message: message, dueAt: now)) }
    }

    /// Reads what earlier runs left, however much it is.
    func recover() async throws {
        let page = 5_000
        var last: OutboundMessage.ID?
        while true {
            let items = try await writer.ledger.pendingOutbox(in: nil, after: last, limit: page)
            for item in items { add(item) }
            guard items.count == page, let next = items.last?.message.id, next != last else { return }
            last = next
        }
    }

    private func add(_ item: OutboxItem) {
        guard !inMemory.contains(item.message.id) else { return }
        let conversation = item.message.conversation
        if inMemory.count >= options.loaded { makeRoom(sparing: conversation) }
        var lane = lanes[conversation] ?? makeLane()
        if lane.isMoreStored || lane.items.count >= options.loadedPerConversation || inMemory.count >= options.loaded {
            lane.isMoreStored = true
            lane.hasMissedOne = true
        } else {
            inMemory.insert(item.message.id)
            lane.items.append(item)
        }
        lanes[conversation] = lane
        makeReady(conversation)
    }

    /// Leaves to the ledger what waits for recipients who are away.
    private func makeRoom(sparing conversation: ConversationID) {
        for (key, lane) in lanes where key != conversation && lane.isPaused && !lane.isSending && !lane.items.isEmpty {
            var lane = lane
            while let item = lane.items.popFirst() { inMemory.remove(item.message.id) }
            lane.isMoreStored = true
            lanes[key] = lane
        }
    }

    /// Reads the next messages of a conversation of which none is in memory.
    private func refill(_ conversation: ConversationID) async {
        lanes[conversation]?.hasMissedOne = false
        do {
            let items = try await writer.ledger.pendingOutbox(in: conversation, after: nil, limit: options.loadedPerConversation)
            guard var lane = lanes[conversation] else { return }
            for item in items where inMemory.insert(item.message.id).inserted { lane.items.append(item) }
            lane.isMoreStored = lane.hasMissedOne || items.count == options.loadedPerConversation
            lane.isSending = false
            lanes[conversation] = lane.isEmpty ? nil : lane
            makeReady(conversation)
        } catch {
            logger.error("outbox could not be read", metadata: ["error": "\(error)"])
            lanes[conversation]?.isSending = false
            let pause = beginPause(in: conversation)
            signal.notify()
            await wait(options.firstPause, pause, in: conversation)
        }
        signal.notify()
    }

    private func makeLane() -> Lane { Lane(backoff: Backoff(first: options.firstPause, limit: options.longestPause)) }

    private func makeReady(_ conversation: ConversationID) {
        guard let lane = lanes[conversation], !lane.isSending, !lane.isPaused, !lane.isEmpty else { return }
        if isQueued.insert(conversation).inserted { ready[conversation.channel, default: Queue()].append(conversation) }
        signal.notify()
    }

    /// The recipient of a conversation is there again: what waited is tried at once.
    func recipientReturned(_ conversation: ConversationID) {
        guard let lane = lanes[conversation] else { return }
        // Whatever an attempt under way, or an earlier run, said of waiting.
        lanes[conversation]?.hasReturned = true
        guard lane.isPaused else { return }
        lanes[conversation]?.isPaused = false
        lanes[conversation]?.backoff.reset()
        makeReady(conversation)
    }

    /// Sends until cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                while let conversation = nextReady() {
                    guard var lane = lanes[conversation], !lane.isSending else { continue }
                    guard let item = lane.items.first else {
                        guard lane.isMoreStored else { continue }
                        lanes[conversation]?.isSending = true
                        group.addTask { await self.refill(conversation) }
                        continue
                    }
                    let early = item.dueAt.timeIntervalSince(dependencies.now())
                    if early > 0, !lane.hasReturned {
                        // Left by an earlier run that had been told to wait.
                        let pause = beginPause(in: conversation)
                        group.addTask { await self.wait(.seconds(early), pause, in: conversation) }
                        continue
                    }
                    lane.isSending = true
                    lane.hasReturned = false
                    lanes[conversation] = lane
                    sending[conversation.channel, default: 0] += 1
                    group.addTask { await self.deliver(item, in: conversation) }
                }
                await signal.wait()
            }
            group.cancelAll()
        }
    }

    /// The next conversation to send in, of a channel that has not reached its limit.
    private func nextReady() -> ConversationID? {
        for (channel, queue) in ready where sending[channel, default: 0] < options.concurrentSends && !queue.isEmpty {
            guard let conversation = ready[channel]?.popFirst() else { continue }
            isQueued.remove(conversation)
            return conversation
        }
        return nil
    }

    private func beginPause(in conversation: ConversationID) -> Int {
        lanes[conversation]?.isPaused = true
        lanes[conversation]?.pause += 1
        return lanes[conversation]?.pause ?? 0
    }

    private func wait(_ duration: Duration, _ pause: Int, in conversation: ConversationID) async {
        // Cancelled: the ledger knows what is still to be sent.
        do { try await dependencies.clock.sleep(for: duration, tolerance: nil) } catch { return }
        guard lanes[conversation]?.pause == pause else { return }
        lanes[conversation]?.isPaused = false
        makeDue(conversation)
        makeReady(conversation)
    }

    /// What was waited for is not waited for again.
    private func makeDue(_ conversation: ConversationID) {
        guard var item = lanes[conversation]?.items.first else { return }
        item.dueAt = dependencies.now()
        replaceFirst(with: item, in: conversation)
    }

    private func deliver(_ item: OutboxItem, in conversation: ConversationID) async {
        let pause = await attempt(item, in: conversation)
        let left = sending[conversation.channel, default: 1] - 1
        sending[conversation.channel] = left > 0 ? left : nil
        lanes[conversation]?.isSending = false
        // Cancelled in the middle: nothing more is sent in this run.
        if Task.isCancelled { return }
        if let pause, lanes[conversation]?.hasReturned != true {
            let number = beginPause(in: conversation)
            signal.notify()
            return await wait(pause, number, in: conversation)
        }
        if lanes[conversation]?.isEmpty == true { lanes[conversation] = nil } else { makeReady(conversation) }
        signal.notify()
    }

    /// Tries one message once. Returns how long its conversation has to pause, or nil when the message is done with.
    private func attempt(_ item: OutboxItem, in conversation: ConversationID) async -> Duration? {
        let id = item.message.id
        do {
            let receipt = try await send(item.message)
            let delivery = Delivery(message: id, receipt: receipt)
            do {
                try await writer.write("mark delivered") { try await $0.markDelivered([delivery]) }
            } catch {
                // It has arrived, so it is not sent again in this run; after a restart perhaps once more, under the same id.
                logger.error("a delivery could not be noted", metadata: ["message": "\(id)", "error": "\(error)"])
            }
            lanes[conversation]?.backoff.reset()
            remove(item, from: conversation)
            await observer(.sent(item.message, receipt))
            return nil
        } catch let error as DeliveryError {
            switch error.recovery {
            case .giveUp: return await giveUp(item, in: conversation, error.reason)
            case .recipientAway: return await postpone(item, options.awayPause, error.reason, counts: false, in: conversation)
            case .retry(let after):
                let pause = max(after ?? .zero, nextPause(in: conversation))
                return await retry(item, pause, error.reason, in: conversation)
            }
        } catch is CancellationError where Task.isCancelled {
            return nil
        } catch {
            return await retry(item, nextPause(in: conversation), "\(error)", in: conversation)
        }
    }

    private func nextPause(in conversation: ConversationID) -> Duration {
        lanes[conversation, default: makeLane()].backoff.next(unit: dependencies.randomUnit())
    }

    private func retry(
        _ item: OutboxItem, _ pause: Duration, _ reason: String, in conversation: ConversationID
    ) async -> Duration? {
        guard item.attempts + 1 < options.attempts else {
            return await giveUp(item, in: conversation, "\(options.attempts) attempts failed, the last with: \(reason)")
        }
        var tried = item
        tried.attempts += 1
        replaceFirst(with: tried, in: conversation)
        return await postpone(tried, pause, reason, counts: true, in: conversation)
    }

    private func postpone(
        _ item: OutboxItem, _ pause: Duration, _ reason: String, counts: Bool, in conversation: ConversationID
    ) async -> Duration? {
        let due = dependencies.now() + pause.timeInterval
        do {
            try await writer.ledger.reschedule(item.message.id, dueAt: due, error: reason, countsAsAttempt: counts)
        } catch {
            // Only the count is lost; the message is not.
            logger.warning("outbox attempt could not be noted", metadata: ["error": "\(error)"])
        }
        return pause
    }

    private func giveUp(_ item: OutboxItem, in conversation: ConversationID, _ reason: String) async -> Duration? {
        logger.error("message given up", metadata: ["message": "\(item.message.id)", "reason": "\(reason)"])
        let now = dependencies.now()
        do {
            try await writer.write("dead letter") { try await $0.deadLetter(item.message.id, error: reason, at: now) }
        } catch {
            logger.error("a message given up could not be noted", metadata: ["message": "\(item.message.id)", "error": "\(error)"])
        }
        dead += 1
        remove(item, from: conversation)
        await observer(.givenUp(item.message, reason: reason))
        return nil
    }

    private func remove(_ item: OutboxItem, from conversation: ConversationID) {
        inMemory.remove(item.message.id)
        _ = lanes[conversation]?.items.popFirst()
    }

    private func replaceFirst(with item: OutboxItem, in conversation: ConversationID) {
        guard lanes[conversation]?.items.popFirst() != nil else { return }
        lanes[conversation]?.items.prepend(item)
    }
}
