// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import CLauncher
import MegaCore
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A confined child and all its descendants, from start to end, watched by a thread of its own.
///
/// The thread reads the output, keeps the deadline and kills; the task takes the output at its own pace. When the task is slow the pipes
/// fill and the command waits; the deadline and cancellation hold all the same.
final class ChildProcess: Sendable {
    /// How it ended.
    struct End: Sendable {
        /// The exit code of the program that was launched, or 128 and the signal's number.
        var code: CInt
        var timedOut: Bool
        /// It was killed because it wrote more than allowed.
        var filledDisk: Bool
        /// What it wrote to the status descriptor, at most 4 KiB.
        var status: String
    }

    /// What else there is to do, on the watching thread.
    struct Hooks: Sendable {
        /// Called when more of the status has come, with all of it. May return the process whose end ends all the others, once it knows.
        var status: @Sendable (String) throws -> Descriptor? = { _ in nil }
        /// Called to kill whatever the process group does not contain.
        var kill: @Sendable () -> Void = {}
    }

    private struct State {
        var pieces: [(CommandOutput.Stream, [UInt8])] = []
        var pending = 0
        var waiter: CheckedContinuation<Void, Never>?
        var end: Result<End, any Error>?
        var mustEnd = false
    }

    /// Bytes read ahead of the task.
    private static let readAhead = 256 << 10

    private let plan: LaunchPlan
    private let statusPipe: Descriptor?
    private let timeLimit: Duration
    private let disk: Disk?
    private let hooks: Hooks
    private let wake: Descriptor
    private let state = Mutex(State())

    private init(_ plan: LaunchPlan, statusPipe: Descriptor?, timeLimit: Duration, disk: Disk?, hooks: Hooks) throws {
        self.disk = disk
        self.plan = plan
        self.statusPipe = statusPipe
        self.timeLimit = timeLimit
        self.hooks = hooks
        wake = try Descriptor(owning: mega_event())
    }

    /// What it may write, and where.
    struct Disk: Sendable {
        var folders: [String]
        var limit: Int
    }

    /// Runs it to its end. Everything it started is dead when this returns or throws.
    ///
    /// - Parameter statusPipe: The reading end of a pipe whose writing end is among the plan's descriptors.
    static func run(
        _ plan: LaunchPlan, statusPipe: Descriptor? = nil, timeLimit: Duration, disk: Disk? = nil, hooks: Hooks = Hooks(), meter: OutputMeter
    ) async throws -> End {
        let child = try ChildProcess(plan, statusPipe: statusPipe, timeLimit: timeLimit, disk: disk, hooks: hooks)
        return try await withTaskCancellationHandler {
            try Task.checkCancellation()
            try OwnThread.start { child.watch() }
            while true {
                let (pieces, end) = await child.next()
                for (stream, bytes) in pieces where !Task.isCancelled { await meter.take(bytes, from: stream) }
                if let end {
                    try Task.checkCancellation()
                    return try end.get()
                }
            }
        } onCancel: {
            child.state.withLock { $0.mustEnd = true }
            child.signal()
        }
    }

    // MARK: - The task's side

    private func next() async -> ([(CommandOutput.Stream, [UInt8])], Result<End, any Error>?) {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isReady = state.withLock { state in
                if !state.pieces.isEmpty || state.end != nil { return true }
                state.waiter = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
        let (taken, end) = state.withLock { state in
            let taken = state.pieces
            state.pieces = []
            state.pending = 0
            return (taken, state.end)
        }
        if end == nil { signal() }
        return (taken, end)
    }

    private func signal() {
        var one: UInt64 = 1
        // Full means that the thread is awake already.
        _ = unsafeWrite(wake.number, &one, 8)
    }

    // MARK: - The thread's side

    private func watch() {
        let result = Result { try work() }
        let waiter = state.withLock { state in
            state.end = result
            let waiter = state.waiter
            state.waiter = nil
            return waiter
        }
        waiter?.resume()
    }

    private func deliver(_ stream: CommandOutput.Stream, _ bytes: [UInt8]) {
        let waiter = state.withLock { state in
            state.pieces.append((stream, bytes))
            state.pending += bytes.count
            let waiter = state.waiter
            state.waiter = nil
            return waiter
        }
        waiter?.resume()
    }

    private func work() throws -> End {
        let deadline = ContinuousClock.now + timeLimit
        var pipes: [(CommandOutput.Stream, Descriptor)] = []
        let running: Running
        do {
            let (output, error) = (try Descriptor.pipe(), try Descriptor.pipe())
            let (pid, process) = try plan.start(
                input: try Descriptor.open("/dev/null", O_RDONLY), output: output.writing, error: error.writing)
            running = Running(pid: pid, process: process, hooks: hooks)
            pipes = [(.standardOutput, output.reading), (.standardError, error.reading)]
        }
        defer { running.endAll() }
        var status: [UInt8] = []
        var statusPipe = statusPipe
        var timedOut = false
        var filledDisk = false
        var watch = disk.map { DiskWatch($0.folders, limit: $0.limit) }
        // After the end of the program nothing holds the pipes but what is being killed.
        var leftover: ContinuousClock.Instant?
        while true {
            let (mustEnd, isFull) = state.withLock { ($0.mustEnd, $0.pending >= Self.readAhead) }
            if mustEnd { running.endAll() }
            if running.hasEnded, leftover == nil { leftover = .now + .seconds(2) }
            if running.hasEnded, pipes.isEmpty || (leftover.map { $0 <= .now } ?? false) { break }
            if !running.isKilled, ContinuousClock.now >= deadline {
                timedOut = true
                running.endAll()
                continue
            }
            if !running.isKilled, watch?.isExceeded() == true {
                filledDisk = true
                running.endAll()
                continue
            }
            var polls = [pollfd(fd: wake.number, events: Int16(POLLIN), revents: 0)]
            polls.append(pollfd(fd: running.hasEnded ? -1 : running.process.number, events: Int16(POLLIN), revents: 0))
            polls.append(pollfd(fd: statusPipe?.number ?? -1, events: Int16(POLLIN), revents: 0))
            // Nobody takes the output of what was cancelled; it is read so that nothing waits for room.
            if mustEnd || !isFull { polls += pipes.map { pollfd(fd: $0.1.number, events: Int16(POLLIN), revents: 0) } }
            var until = leftover ?? (running.isKilled ? .now + .seconds(5) : deadline)
            if watch != nil, !running.isKilled { until = min(until, .now + DiskWatch.interval) }
            guard poll(&polls, nfds_t(polls.count), Self.milliseconds(until: until)) >= 0 || errno == EINTR else { throw SystemError(errno) }
            if polls[0].revents != 0 { _ = try wake.read(upTo: 8) }
            if polls[2].revents != 0, let pipe = statusPipe {
                if let bytes = try pipe.read(upTo: 4096), !bytes.isEmpty {
                    if status.count < 4096 { status += bytes }
                    if let root = try hooks.status(String(decoding: status, as: UTF8.self)) { running.root = root }
                } else {
                    statusPipe = nil
                }
            }
            for index in stride(from: pipes.count - 1, through: 0, by: -1) where polls.count > 3 && polls[3 + index].revents != 0 {
                guard let bytes = try pipes[index].1.read(upTo: 64 << 10) else { continue }
                if bytes.isEmpty { pipes.remove(at: index) } else if !mustEnd { deliver(pipes[index].0, bytes) }
            }
            if polls[1].revents != 0 {
                running.ended()
                if let rest = try statusPipe?.read(upTo: 4096) { status += rest }
            }
        }
        running.endAll()
        return End(
            code: running.code, timedOut: timedOut, filledDisk: filledDisk, status: String(decoding: status.prefix(4096), as: UTF8.self))
    }

    private static func milliseconds(until instant: ContinuousClock.Instant) -> CInt {
        let (seconds, attoseconds) = (instant - .now).components
        let milliseconds = seconds.multipliedReportingOverflow(by: 1000)
        if milliseconds.overflow { return 60_000 }
        return CInt(clamping: min(60_000, max(0, milliseconds.partialValue + attoseconds / 1_000_000_000_000_000 + 1)))
    }

    /// The processes, used on the watching thread only.
    private final class Running {
        let pid: CInt
        let process: Descriptor
        let hooks: Hooks
        /// The process whose end ends all others.
        var root: Descriptor?
        private(set) var hasEnded = false
        private(set) var isKilled = false
        private(set) var code: CInt = 0
        private var isOver = false

        init(pid: CInt, process: Descriptor, hooks: Hooks) {
            self.pid = pid
            self.process = process
            self.hooks = hooks
        }

        /// The program has ended by itself or by a kill: what it left behind goes too.
        func ended() {
            killAll()
            if mega_wait(process.number, &code) != 0 { code = 128 + SIGKILL }
            LaunchedChildren.forget(pid)
            hasEnded = true
        }

        private func killAll() {
            isKilled = true
            if let root { _ = mega_signal(root.number, SIGKILL) }
            // The number is this process's until it has been waited for.
            if !hasEnded {
                _ = mega_signal(process.number, SIGKILL)
                kill(-pid, SIGKILL)
            }
            hooks.kill()
        }

        /// Kills everything and waits until it is gone.
        func endAll() {
            guard !isOver else { return }
            if !isKilled { killAll() }
            if !hasEnded { ended() }
            if let root {
                var polls = [pollfd(fd: root.number, events: Int16(POLLIN), revents: 0)]
                _ = poll(&polls, 1, 5_000)
                // Its parent is gone. Where this process takes such processes over (as process 1, or by `AdoptedProcesses`), nobody else
                // would wait for it; elsewhere this does nothing.
                _ = mega_reap(root.number)
            }
            isOver = true
        }
    }
}

private func unsafeWrite(_ number: CInt, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int { write(number, buffer, count) }
