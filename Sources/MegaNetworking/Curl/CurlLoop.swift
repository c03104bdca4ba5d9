// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import CCurl
import MegaCore
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The one thread that drives libcurl's multi handle. It starts with the first exchange; everything else talks to it by commands.
final class CurlLoop: Sendable {
    enum Command: Sendable {
        case start(CurlExchange)
        /// Ends the transfer and forgets it; harmless when it is over already.
        case remove(CurlExchange.ID)
        case resumeReading(CurlExchange.ID)
        case resumeSending(CurlExchange.ID)
        case fail(CurlExchange.ID, TransportError)
    }

    /// - Invariant: only `curl_multi_wakeup`, which libcurl allows from any thread, is called on it off the loop's thread, and only
    ///   under the loop's lock, which the thread takes to withdraw the handle before it frees it.
    private struct Waker: @unchecked Sendable {
        let multi: UnsafeMutableRawPointer
    }

    private enum Phase: Sendable { case idle, running, stopping, closed }

    private struct State {
        var phase = Phase.idle
        var commands: [Command] = []
        var waker: Waker?
        var nextID: CurlExchange.ID = 0
        var stopWaiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    /// The most body bytes any exchange ever held for its reader.
    let peakBuffered = Atomic<Int>(0)
    /// Connections opened so far.
    let socketsOpened = Atomic<Int>(0)

    private static let isInitialized: Bool = mega_global_init() == CURLE_OK

    func makeID() -> CurlExchange.ID {
        state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
    }

    /// Hands a command to the thread.
    ///
    /// - Throws: `TransportError` with `closed` after shutdown.
    func start(_ exchange: CurlExchange) throws {
        let accepted = state.withLock { state in
            switch state.phase {
            case .closed, .stopping: return false
            case .running: break
            case .idle:
                guard Self.isInitialized, spawn() else { return false }
                state.phase = .running
            }
            state.commands.append(.start(exchange))
            wake(state)
            return true
        }
        guard accepted else { throw TransportError(.closed, reason: "the transport was shut down or could not start") }
    }

    func enqueue(_ command: Command) {
        state.withLock { state in
            guard state.phase == .running else { return }
            state.commands.append(command)
            wake(state)
        }
    }

    private func wake(_ state: borrowing State) {
        if let waker = state.waker { curl_multi_wakeup(waker.multi) }
    }

    /// Ends every transfer with `closed`; does not wait.
    func stop() {
        state.withLock { state in
            switch state.phase {
            case .idle: state.phase = .closed
            case .running:
                state.phase = .stopping
                wake(state)
            case .stopping, .closed: break
            }
        }
    }

    /// Ends every transfer with `closed` and returns when the thread let go of everything.
    func stopAndWait() async {
        stop()
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isClosed = state.withLock { state in
                if state.phase != .closed { state.stopWaiters.append(continuation) }
                return state.phase == .closed
            }
            if isClosed { continuation.resume() }
        }
    }

    private func spawn() -> Bool {
        var attributes = pthread_attr_t()
        guard pthread_attr_init(&attributes) == 0 else { return false }
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, 1 << 20)
        let context = Unmanaged.passRetained(self)
        #if canImport(Darwin)
            var thread: pthread_t?
        #else
            var thread = pthread_t()
        #endif
        let code = pthread_create(
            &thread, &attributes,
            { context in
                #if canImport(Darwin)
                    Unmanaged<CurlLoop>.fromOpaque(context).takeRetainedValue().run()
                #else
                    if let context { Unmanaged<CurlLoop>.fromOpaque(context).takeRetainedValue().run() }
                #endif
                return nil
            }, context.toOpaque())
        if code != 0 { context.release() }
        return code == 0
    }

    // MARK: The thread

    private func run() {
        // libcurl leaves SIGPIPE alone when told to use no signals.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        var transfers: [CurlExchange.ID: CurlTransfer] = [:]
        if let multi = curl_multi_init() {
            // A paused HTTP/2 stream would hold up the others on its connection, so each transfer has its own.
            mega_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
            mega_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 32)
            state.withLock { $0.waker = Waker(multi: multi) }
            turn(multi, &transfers)
            for transfer in transfers.values {
                transfer.exchange.finish(throwing: TransportError(.closed, reason: "the transport was shut down"))
                transfer.close(multi)
            }
            state.withLock { $0.waker = nil }
            curl_multi_cleanup(multi)
        }
        let (waiters, left) = state.withLock { state in
            state.phase = .closed
            defer { (state.stopWaiters, state.commands) = ([], []) }
            return (state.stopWaiters, state.commands)
        }
        for case .start(let exchange) in left {
            exchange.finish(throwing: TransportError(.closed, reason: "the transport was shut down"))
        }
        for waiter in waiters { waiter.resume() }
    }

    private func turn(_ multi: UnsafeMutableRawPointer, _ transfers: inout [CurlExchange.ID: CurlTransfer]) {
        while true {
            let (isStopping, commands) = state.withLock { state in
                defer { state.commands = [] }
                return (state.phase == .stopping, state.commands)
            }
            for command in commands { perform(command, multi, &transfers) }
            if isStopping { return }
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            var result = CURLE_OK
            while let easy = mega_multi_next_finished(multi, &result) {
                guard let transfer = transfers.values.first(where: { $0.easy == easy }) else { continue }
                transfers[transfer.exchange.id] = nil
                transfer.finish(result)
                transfer.close(multi)
            }
            let now = ContinuousClock.now
            var next = now + .seconds(60)
            for (id, transfer) in transfers {
                if let error = transfer.expired(at: now) {
                    transfers[id] = nil
                    transfer.exchange.finish(throwing: error)
                    transfer.close(multi)
                } else if let deadline = transfer.deadline {
                    next = min(next, deadline)
                }
            }
            let wait = (next - now).components
            let milliseconds = wait.seconds * 1000 + wait.attoseconds / 1_000_000_000_000_000 + 1
            curl_multi_poll(multi, nil, 0, Int32(clamping: max(0, milliseconds)), nil)
        }
    }

    private func perform(
        _ command: Command, _ multi: UnsafeMutableRawPointer, _ transfers: inout [CurlExchange.ID: CurlTransfer]
    ) {
        switch command {
        case .start(let exchange):
            guard !exchange.isFinished else { return }
            guard let transfer = CurlTransfer(exchange, loop: self) else {
                exchange.finish(
                    throwing: TransportError(.badURL, reason: "libcurl does not take the request for \(exchange.plan.host)"))
                return
            }
            guard curl_multi_add_handle(multi, transfer.easy) == CURLM_OK else {
                exchange.finish(throwing: TransportError(.closed, reason: "libcurl takes no more transfers"))
                transfer.close(nil)
                return
            }
            transfers[exchange.id] = transfer
        case .remove(let id):
            transfers.removeValue(forKey: id)?.close(multi)
        case .fail(let id, let error):
            guard let transfer = transfers.removeValue(forKey: id) else { return }
            transfer.exchange.finish(throwing: error)
            transfer.close(multi)
        case .resumeReading(let id):
            transfers[id]?.resumeReading()
        case .resumeSending(let id):
            transfers[id]?.resumeSending()
        }
    }
}
