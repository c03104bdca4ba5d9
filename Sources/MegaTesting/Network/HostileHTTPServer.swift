// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import HTTPTypes
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// An HTTP server on a loopback port that misbehaves as told, for testing clients. It uses threads of its own and takes a bounded
/// number of connections; it stops when it is dropped.
///
/// ```swift
/// let server = try HostileHTTPServer()
/// let request = server.request(.stallsAfter(Array("half".utf8)))
/// ```
public final class HostileHTTPServer: Sendable {
    /// It could not listen.
    public struct CannotListen: Error, Sendable {
        /// The value of `errno`.
        public let code: Int32
    }

    private let core: Core

    /// A server that listens at once.
    ///
    /// - Parameter connectionLimit: The most connections at once; more are closed.
    /// - Throws: ``CannotListen``.
    public init(connectionLimit: Int = 64) throws {
        core = try Core(connectionLimit: connectionLimit)
        core.listen()
    }

    deinit { core.stop() }

    /// The port on 127.0.0.1.
    public var port: Int { core.port }

    /// Connections taken so far.
    public var connections: Int { core.state.withLock { $0.connections } }

    /// Connections that the client closed while the server still had something to say or was silent.
    public var connectionsCutByClient: Int { core.state.withLock { $0.cut } }

    /// Requests read whole so far.
    public var requests: Int { core.state.withLock { $0.requests } }

    /// Closes everything.
    public func stop() { core.stop() }

    /// A request that is answered in this way.
    public func request(_ behaviour: Behaviour, method: HTTPRequest.Method = .get, headers: HTTPFields = [:]) -> HTTPRequest {
        HTTPRequest(method: method, scheme: "http", authority: "127.0.0.1:\(port)", path: path(behaviour), headerFields: headers)
    }

    /// A path that is answered in this way.
    public func path(_ behaviour: Behaviour) -> String {
        core.state.withLock { state in
            state.behaviours.append((behaviour, 0))
            return "/\(state.behaviours.count - 1)"
        }
    }

    /// An address that redirects to itself.
    public func redirectLoop() -> HTTPRequest {
        let next = core.state.withLock { $0.behaviours.count }
        return request(.redirect(status: 302, location: "/\(next)"))
    }

    /// Returns once the server has read so many requests whole.
    public func awaitRequests(_ count: Int) async { await core.wait { $0.requests >= count } }

    /// Returns once the client has cut so many connections.
    public func awaitCuts(_ count: Int) async { await core.wait { $0.cut >= count } }
}

extension HostileHTTPServer {
    /// The part the threads share.
    final class Core: Sendable {
        struct State {
            var behaviours: [(Behaviour, uses: Int)] = []
            var open: Set<Int32> = []
            var connections = 0
            var requests = 0
            var cut = 0
            var isStopped = false
            var waiters: [(condition: @Sendable (borrowing State) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
        }

        let state = Mutex(State())
        let port: Int
        private let listener: Int32
        private let connectionLimit: Int

        init(connectionLimit: Int) throws {
            self.connectionLimit = connectionLimit
            #if canImport(Darwin)
                let descriptor = socket(AF_INET, SOCK_STREAM, 0)
            #else
                let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            #endif
            guard descriptor >= 0 else { throw CannotListen(code: errno) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let code = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                    guard bind(descriptor, pointer, length) == 0, Self.beginListening(descriptor) == 0 else { return Int32(-1) }
                    return getsockname(descriptor, pointer, &length)
                }
            }
            guard code == 0 else {
                let code = errno
                close(descriptor)
                throw CannotListen(code: code)
            }
            listener = descriptor
            port = Int(UInt16(bigEndian: address.sin_port))
        }

        private static func beginListening(_ descriptor: Int32) -> Int32 {
            #if canImport(Darwin)
                Darwin.listen(descriptor, 64)
            #else
                Glibc.listen(descriptor, 64)
            #endif
        }

        func listen() {
            let isStarted = DetachedThread.start { [self] in
                while true {
                    let peer = accept(listener, nil, nil)
                    if peer < 0 {
                        if errno == EINTR || errno == ECONNABORTED { continue }
                        break
                    }
                    let isTaken = state.withLock { state in
                        guard !state.isStopped, state.open.count < connectionLimit else { return false }
                        state.open.insert(peer)
                        state.connections += 1
                        return true
                    }
                    let isServed =
                        isTaken
                        && DetachedThread.start { [self] in
                            HostileConnection(peer, core: self).serve()
                            finish(peer)
                        }
                    if !isTaken { close(peer) } else if !isServed { finish(peer) }
                }
                close(listener)
            }
            if !isStarted { close(listener) }
        }

        /// Closes a listener that was never served.
        func closeUnused() { close(listener) }

        private func finish(_ peer: Int32) {
            state.withLock { state in
                state.open.remove(peer)
                close(peer)
            }
        }

        func stop() {
            let waiters = state.withLock { state in
                guard !state.isStopped else { return [CheckedContinuation<Void, Never>]() }
                state.isStopped = true
                shutdown(listener, Int32(SHUT_RDWR))
                for peer in state.open { shutdown(peer, Int32(SHUT_RDWR)) }
                defer { state.waiters = [] }
                return state.waiters.map(\.continuation)
            }
            for waiter in waiters { waiter.resume() }
        }

        func update(_ change: @Sendable (inout State) -> Void) {
            let ready = state.withLock { state in
                change(&state)
                var ready: [CheckedContinuation<Void, Never>] = []
                var waiting: [(condition: @Sendable (borrowing State) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
                for waiter in state.waiters {
                    if waiter.condition(state) { ready.append(waiter.continuation) } else { waiting.append(waiter) }
                }
                state.waiters = waiting
                return ready
            }
            for continuation in ready { continuation.resume() }
        }

        func wait(_ condition: @escaping @Sendable (borrowing State) -> Bool) async {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let isDue = state.withLock { state in
                    if state.isStopped || condition(state) { return true }
                    state.waiters.append((condition, continuation))
                    return false
                }
                if isDue { continuation.resume() }
            }
        }

        /// The behaviour of a path and how often it was used before.
        func behaviour(_ path: Substring) -> (Behaviour, Int)? {
            state.withLock { state in
                guard let index = Int(path.dropFirst().prefix { $0 != "?" }), state.behaviours.indices.contains(index) else {
                    return nil
                }
                defer { state.behaviours[index].uses += 1 }
                return state.behaviours[index]
            }
        }
    }
}

/// Threads outside of the cooperative pool, for blocking calls.
enum DetachedThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    static func start(_ run: @escaping @Sendable () -> Void) -> Bool {
        var attributes = pthread_attr_t()
        guard pthread_attr_init(&attributes) == 0 else { return false }
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let body = Unmanaged.passRetained(Body(run))
        #if canImport(Darwin)
            var thread: pthread_t?
            let code = pthread_create(
                &thread, &attributes,
                {
                    Unmanaged<Body>.fromOpaque($0).takeRetainedValue().run(); return nil
                }, body.toOpaque())
        #else
            var thread = pthread_t()
            let code = pthread_create(
                &thread, &attributes,
                { context in
                    if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
                    return nil
                }, body.toOpaque())
        #endif
        if code != 0 { body.release() }
        return code == 0
    }
}
