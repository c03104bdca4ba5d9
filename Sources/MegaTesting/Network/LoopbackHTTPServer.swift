// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import HTTPTypes
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A small HTTP/1.1 server on a free loopback port, for clients of other processes: one thread accepts, one thread serves each
/// connection, one request after the other. It is well-behaved but for what a response says; `HostileHTTPServer` is the one that is not.
public final class LoopbackHTTPServer: Sendable {
    /// One request as it came.
    public struct Request: Sendable {
        /// The method in capitals.
        public var method: String
        /// With the query.
        public var path: String
        /// The header fields.
        public var headers: HTTPFields
        /// The bytes of the body.
        public var body: [UInt8]
    }

    /// What is sent back, in chunked transfer coding.
    public struct Response: Sendable {
        /// The status code.
        public var status: Int
        /// The header fields.
        public var headers: HTTPFields
        /// The bytes of the body.
        public var body: [UInt8]
        /// How many bytes go out at a time; nil for all.
        public var pieces: Int?
        /// After how many bytes of body the connection is closed without its proper end.
        public var cut: Int?
        /// Whether the server then keeps the connection and is silent until the client closes it, instead of closing it.
        public var stalls: Bool

        /// Makes a response.
        public init(
            status: Int = 200, headers: HTTPFields = [:], body: some Sequence<UInt8> = [], pieces: Int? = nil, cut: Int? = nil,
            stalls: Bool = false
        ) {
            self.status = status
            self.headers = headers
            self.body = Array(body)
            self.pieces = pieces
            self.cut = cut
            self.stalls = stalls
        }
    }

    /// The server could not be started.
    public struct StartError: Error, CustomStringConvertible {
        /// The system's error number.
        public let code: Int32
        /// In words, for people and logs.
        public var description: String { "the loopback server could not be started (errno \(code))" }
    }

    /// Where it listens on 127.0.0.1.
    public let port: Int
    /// For clients: `http://127.0.0.1:PORT`.
    public var baseURL: String { "http://127.0.0.1:\(port)" }

    private let listener: Int32
    private struct State {
        var isStopped = false
        var open: Set<Int32> = []
        var connections = 0
        var cuts = 0
        var waiters: [(cuts: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())
    private let handle: @Sendable (Request) -> Response

    /// Starts to listen.
    ///
    /// - Parameter handle: Called on the connection's own thread.
    public init(_ handle: @escaping @Sendable (Request) -> Response) throws {
        self.handle = handle
        #if canImport(Darwin)
        listener = socket(AF_INET, SOCK_STREAM, 0)
        #else
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        #endif
        guard listener >= 0 else { throw StartError(code: errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, generic, &length) == 0
            }
        }
        guard bound else {
            let code = errno
            close(listener)
            throw StartError(code: code)
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        Self.onThread { [self] in accept() }
    }

    /// Serves a fake model provider.
    public convenience init(_ server: FakeModelServer, pieces: Int? = nil, cut: Int? = nil, stalls: Bool = false) throws {
        try self.init { request in
            let response = server.respond(method: request.method, path: request.path, headers: request.headers, body: request.body)
            return Response(status: response.status, headers: response.headers, body: response.body, pieces: pieces, cut: cut, stalls: stalls)
        }
    }

    /// Connections taken so far.
    public var connections: Int { state.withLock { $0.connections } }

    /// Returns once so many connections were closed by the client in the middle of an answer, or the server was stopped.
    public func awaitCuts(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.isStopped || state.cuts >= count { return true }
                state.waiters.append((count, continuation))
                return false
            }
            if isOver { continuation.resume() }
        }
    }

    /// Stops listening; answers under way are sent to their end. Needed once, or the accepting thread stays.
    public func stop() {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard !state.isStopped else { return [] }
            state.isStopped = true
            // Wakes the accepting thread, which then closes the socket, and the ones that wait for another request.
            shutdown(listener, Int32(SHUT_RDWR))
            for connection in state.open { shutdown(connection, Int32(SHUT_RD)) }
            defer { state.waiters = [] }
            return state.waiters.map(\.continuation)
        }
        for waiter in waiters { waiter.resume() }
    }

    private func accept() {
        while true {
            let connection = Self.acceptOne(listener)
            if connection < 0 {
                if state.withLock({ $0.isStopped }) || (errno != EINTR && errno != ECONNABORTED) { break }
                continue
            }
            state.withLock { state in
                state.open.insert(connection)
                state.connections += 1
            }
            Self.onThread { [self] in
                serve(connection)
                // Under the lock, so that nobody shuts down another connection that got the same number.
                state.withLock { state in
                    state.open.remove(connection)
                    close(connection)
                }
            }
        }
        close(listener)
    }

    private func serve(_ connection: Int32) {
        var unread: [UInt8] = []
        while let request = Self.read(connection, &unread) {
            let response = handle(request)
            guard Self.write(response, to: connection) else { return noteCut() }
            if response.stalls {
                var byte: UInt8 = 0
                while recv(connection, &byte, 1, 0) > 0 {}
                return noteCut()
            }
            if response.cut != nil || request.headers[.connection]?.lowercased() == "close" { return }
        }
    }

    private func noteCut() {
        let ready = state.withLock { state in
            state.cuts += 1
            let cuts = state.cuts
            defer { state.waiters.removeAll { $0.cuts <= cuts } }
            return state.waiters.filter { $0.cuts <= cuts }.map(\.continuation)
        }
        for continuation in ready { continuation.resume() }
    }

    private static func acceptOne(_ listener: Int32) -> Int32 {
        #if canImport(Glibc)
        return Glibc.accept(listener, nil, nil)
        #elseif canImport(Musl)
        return Musl.accept(listener, nil, nil)
        #else
        return Darwin.accept(listener, nil, nil)
        #endif
    }

    private static func onThread(_ work: @escaping @Sendable () -> Void) {
        final class Box: Sendable {
            let work: @Sendable () -> Void
            init(_ work: @escaping @Sendable () -> Void) { self.work = work }
        }
        let box = Unmanaged.passRetained(Box(work))
        #if canImport(Darwin)
        var thread: pthread_t?
        #else
        var thread = pthread_t()
        #endif
        let status = pthread_create(&thread, nil, { argument in
            #if canImport(Darwin)
            let pointer: UnsafeMutableRawPointer? = argument
            #else
            let pointer = argument
            #endif
            if let pointer { Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue().work() }
            return nil
        }, box.toOpaque())
        guard status == 0 else { return box.release() }
        #if canImport(Darwin)
        if let thread { pthread_detach(thread) }
        #else
        pthread_detach(thread)
        #endif
    }
}

extension LoopbackHTTPServer {
    /// Reads one request with a Content-Length or no body.
    ///
    /// - Parameter bytes: What was read beyond the request before, and then beyond this one.
    private static func read(_ connection: Int32, _ bytes: inout [UInt8]) -> Request? {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        func more() -> Bool {
            let count = recv(connection, &chunk, chunk.count, 0)
            guard count > 0 else { return false }
            bytes.append(contentsOf: chunk[..<count])
            return true
        }
        let blank: [UInt8] = [13, 10, 13, 10]
        while bytes.firstRange(of: blank) == nil {
            guard bytes.count < 65_536, more() else { return nil }
        }
        guard let end = bytes.firstRange(of: blank) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let words = (lines.first ?? "").split(separator: " ")
        guard words.count == 3 else { return nil }
        var headers = HTTPFields()
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":"), let name = HTTPField.Name(String(line[..<colon])) else { continue }
            headers.append(HTTPField(name: name, value: String(line[line.index(after: colon)...].drop { $0 == " " })))
        }
        let length = headers[.contentLength].flatMap { Int($0) } ?? 0
        guard length >= 0, length <= 64 << 20 else { return nil }
        while bytes.count - end.upperBound < length {
            guard more() else { return nil }
        }
        defer { bytes.removeFirst(end.upperBound + length) }
        return Request(
            method: String(words[0]), path: String(words[1]), headers: headers, body: Array(bytes[end.upperBound...].prefix(length)))
    }

    /// False when the client went away.
    private static func write(_ response: Response, to connection: Int32) -> Bool {
        var head = "HTTP/1.1 \(response.status) \(HTTPResponse.Status(code: response.status).reasonPhrase)\r\n"
        for field in response.headers { head += "\(field.name.rawName): \(field.value)\r\n" }
        head += "Transfer-Encoding: chunked\r\n\r\n"
        guard send(Array(head.utf8), to: connection) else { return false }
        let body = response.body.prefix(response.cut ?? response.body.count)
        let ends = response.cut == nil && !response.stalls
        let last: [UInt8] = ends ? Array("0\r\n\r\n".utf8) : []
        let size = max(1, response.pieces ?? body.count)
        var offset = 0
        while offset < body.count {
            let piece = body[offset..<min(body.count, offset + size)]
            offset += size
            // The end goes out with the last bytes, as from a server that knows its whole answer.
            let rest = offset >= body.count ? last : []
            guard send(Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + [13, 10] + rest, to: connection) else { return false }
        }
        return body.isEmpty ? send(last, to: connection) : true
    }

    private static func send(_ bytes: [UInt8], to connection: Int32) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let sent = bytes.withUnsafeBytes { buffer in
                #if canImport(Darwin)
                Darwin.send(connection, buffer.baseAddress?.advanced(by: offset), buffer.count - offset, 0)
                #elseif canImport(Musl)
                Musl.send(connection, buffer.baseAddress?.advanced(by: offset), buffer.count - offset, Int32(MSG_NOSIGNAL))
                #else
                Glibc.send(connection, buffer.baseAddress?.advanced(by: offset), buffer.count - offset, Int32(MSG_NOSIGNAL))
                #endif
            }
            guard sent > 0 else { return false }
            offset += sent
        }
        return true
    }
}
