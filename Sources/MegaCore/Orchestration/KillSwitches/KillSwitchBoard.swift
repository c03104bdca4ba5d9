// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Synchronization

/// Knows which kill switches are on and every tool call that runs, and brings the two together under one lock: no call starts after
/// a switch was put on, and none is missed that had started before.
final class KillSwitchBoard: Sendable {
    private struct Call {
        var tool: String
        var conversation: ConversationID
        var cancel: @Sendable () -> Void
        var switchedOffBy: KillSwitch?
    }

    private struct State {
        var switches: [KillSwitch] = []
        var calls: [Int: Call] = [:]
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var next = 0

        var hasStoppedCalls: Bool { calls.values.contains { $0.switchedOffBy != nil } }
    }

    private let state = Mutex(State())

    /// The switches that are on, in the order they were put on.
    var switches: [KillSwitch] { state.withLock { $0.switches } }

    /// The switch that keeps a call from running, or nil.
    func blocking(tool: String, conversation: ConversationID) -> KillSwitch? {
        state.withLock { state in state.switches.first { $0.scope.covers(tool: tool, conversation: conversation) } }
    }

    /// Runs a call unless a switch keeps it from running; ends it when one is put on.
    ///
    /// - Throws: ``KilledError``, or what the operation throws.
    func run<Result: Sendable>(
        tool: String, conversation: ConversationID, _ operation: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let handle = TaskHandle<Result>()
        let ticket: Int = try state.withLock { state in
            if let on = state.switches.first(where: { $0.scope.covers(tool: tool, conversation: conversation) }) {
                throw KilledError(cause: on, hadStarted: false)
            }
            state.next += 1
            state.calls[state.next] = Call(tool: tool, conversation: conversation, cancel: { handle.cancel() })
            return state.next
        }
        let task = Task { try await operation() }
        handle.set(task)
        let result = await withTaskCancellationHandler {
            await task.result
        } onCancel: {
            task.cancel()
        }
        // Only now has it ended, and everything it had started with it.
        let (call, waiters) = state.withLock { state in
            let call = state.calls.removeValue(forKey: ticket)
            guard !state.hasStoppedCalls else { return (call, [CheckedContinuation<Void, Never>]()) }
            defer { state.waiters = [:] }
            return (call, Array(state.waiters.values))
        }
        for waiter in waiters { waiter.resume() }
        if case .failure = result, let cause = call?.switchedOffBy { throw KilledError(cause: cause, hadStarted: true) }
        return try result.get()
    }

    /// Puts a switch on and cancels every running call within its scope.
    ///
    /// - Returns: How many calls that were.
    func engage(_ killSwitch: KillSwitch) -> Int {
        let cancels = state.withLock { state -> [@Sendable () -> Void] in
            state.switches.removeAll { $0.scope == killSwitch.scope }
            state.switches.append(killSwitch)
            var cancels: [@Sendable () -> Void] = []
            for (ticket, call) in state.calls where killSwitch.scope.covers(tool: call.tool, conversation: call.conversation) {
                state.calls[ticket]?.switchedOffBy = killSwitch
                cancels.append(call.cancel)
            }
            return cancels
        }
        for cancel in cancels { cancel() }
        return cancels.count
    }

    /// Takes switches off. Returns those that were on.
    func release(_ isMeant: (KillSwitch) -> Bool) -> [KillSwitch] {
        state.withLock { state in
            let released = state.switches.filter(isMeant)
            state.switches.removeAll(where: isMeant)
            return released
        }
    }

    /// Puts on what was on before a restart; what was put on since stays.
    func restore(_ switches: [KillSwitch]) {
        for one in switches where !self.switches.contains(where: { $0.scope == one.scope }) { _ = engage(one) }
    }

    /// How many cancelled calls have not ended yet.
    var callsEnding: Int { state.withLock { state in state.calls.values.count { $0.switchedOffBy != nil } } }

    /// Returns when every cancelled call has ended, or when the task is cancelled.
    func waitForCancelledCalls() async {
        let ticket = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if Task.isCancelled || !state.hasStoppedCalls { return true }
                    state.waiters[ticket] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: ticket) }?.resume()
        }
    }
}

/// A task that may be cancelled before it exists.
private final class TaskHandle<Result: Sendable>: Sendable {
    private struct State {
        var task: Task<Result, any Error>?
        var isCancelled = false
    }

    private let state = Mutex(State())

    func set(_ task: Task<Result, any Error>) {
        let isCancelled = state.withLock { state in
            state.task = task
            return state.isCancelled
        }
        if isCancelled { task.cancel() }
    }

    func cancel() {
        let task = state.withLock { state in
            state.isCancelled = true
            return state.task
        }
        task?.cancel()
    }
}

/// A kill switch kept a call from running, or ended it.
struct KilledError: Error, CustomStringConvertible {
    var cause: KillSwitch
    var hadStarted: Bool

    var description: String {
        let why = cause.reason.map { ": \(ApprovalText.folded($0, head: 200, tail: 0))" } ?? ""
        return hadStarted
            ? "It was stopped by the kill switch for \(cause.scope)\(why). Whether it had taken effect by then is not known."
            : "The kill switch for \(cause.scope) is on\(why). Nothing was run. Only the owner can release it (!unkill)."
    }
}
