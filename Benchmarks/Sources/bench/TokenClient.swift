// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The lightest possible WebSocket client: one thread, `poll`, and a frame that was masked beforehand, so that the server is what is
/// measured. It counts whole answers without reading into them; the first one is checked for its length.
struct TokenClient {
    private let frame: [UInt8]
    private let inFlight: Int
    private var sockets: [Int32] = []

    /// How far the answers of one connection have come: whole text frames, unmasked, with a 16-bit length.
    private struct Progress {
        /// Bytes of the current head that have come; four make it whole.
        var head = 0
        var length = 0

        /// Takes what was read and returns how many answers it completed.
        mutating func take(_ bytes: UnsafeRawBufferPointer) throws -> Int {
            var (index, answers) = (0, 0)
            while index < bytes.count {
                if head < 4 {
                    switch head {
                    case 0 where bytes[index] != 0x81, 1 where bytes[index] != 126:
                        throw MeasurementError("not the answer that was expected: \(bytes[index...].prefix(8).map { $0 })")
                    case 2: length = Int(bytes[index]) << 8
                    case 3: length |= Int(bytes[index])
                    default: break
                    }
                    head += 1
                    index += 1
                } else {
                    let step = min(length, bytes.count - index)
                    length -= step
                    index += step
                    if length == 0 {
                        head = 0
                        answers += 1
                    }
                }
            }
            return answers
        }
    }

    /// - Parameter inFlight: How many messages each connection has under way at once.
    init(port: Int, connections: Int, inFlight: Int, message: String) throws {
        frame = Self.frame(message)
        self.inFlight = inFlight
        for _ in 0..<connections { sockets.append(try Self.open(port: port)) }
    }

    /// Sends on every connection as soon as an answer came, for that long. Returns the number of answers.
    func run(seconds: Double) throws -> Int {
        let end = ContinuousClock.now + .seconds(seconds)
        let frames = (0..<inFlight).flatMap { _ in frame }
        var polled = sockets.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var progress = [Progress](repeating: Progress(), count: sockets.count)
        var missing = [Int](repeating: inFlight, count: sockets.count)
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var (answers, open) = (0, sockets.count)
        for socket in sockets { try Self.send(frames[...], to: socket) }
        while open > 0 {
            guard poll(&polled, nfds_t(polled.count), 5000) > 0 else { throw MeasurementError("the server does not answer") }
            let isOver = ContinuousClock.now >= end
            for index in polled.indices where polled[index].revents != 0 {
                let count = recv(polled[index].fd, &buffer, buffer.count, 0)
                guard count > 0 else { throw MeasurementError("the server closed the connection") }
                let completed = try buffer.withUnsafeBytes { try progress[index].take(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
                answers += completed
                missing[index] -= completed
                if isOver {
                    guard missing[index] == 0 else { continue }
                    polled[index].fd = -1
                    open -= 1
                } else if completed > 0 {
                    missing[index] += completed
                    try Self.send(frames[..<(completed * frame.count)], to: polled[index].fd)
                }
            }
        }
        return answers
    }

    private static func frame(_ message: String) -> [UInt8] {
        let mask: [UInt8] = [0x12, 0x34, 0x56, 0x78]
        let payload = Array(message.utf8)
        return [0x81, 0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)] + mask
            + payload.enumerated().map { $1 ^ mask[$0 % 4] }
    }

    private static func open(port: Int) throws -> Int32 {
        guard let socket = LoopbackSocket.connect(port: port) else { throw MeasurementError("nothing listens on port \(port)") }
        let request = "GET / HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        try send(Array(request.utf8)[...], to: socket)
        var answer: [UInt8] = []
        var byte: [UInt8] = [0]
        while !answer.suffix(4).elementsEqual([13, 10, 13, 10]) {
            guard recv(socket, &byte, 1, 0) == 1, answer.count < 4096 else { throw MeasurementError("the upgrade failed") }
            answer.append(byte[0])
        }
        guard answer.starts(with: "HTTP/1.1 101".utf8) else { throw MeasurementError("the server refused the upgrade") }
        return socket
    }

    private static func send(_ bytes: ArraySlice<UInt8>, to socket: Int32) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.send(socket, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw MeasurementError("the server closed the connection") }
            sent += count
        }
    }
}

enum LoopbackSocket {
    /// A connected socket, or nil when nothing listens.
    static func connect(port: Int) -> Int32? {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { return nil }
        var one: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            close(socket)
            return nil
        }
        return socket
    }
}
