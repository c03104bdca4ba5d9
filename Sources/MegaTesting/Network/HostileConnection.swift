// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// One connection of the hostile server, on a thread of its own.
final class HostileConnection {
    struct Request {
        var method: Substring
        var path: Substring
        var headers: [String]
        var body: [UInt8]
    }

    private let descriptor: Int32
    private let core: HostileHTTPServer.Core
    private var buffer: [UInt8] = []
    private let limit = 128 << 20

    init(_ descriptor: Int32, core: HostileHTTPServer.Core) {
        self.descriptor = descriptor
        self.core = core
    }

    /// Answers requests until a behaviour or the client ends the connection.
    func serve() {
        while let request = readRequest() {
            core.update { $0.requests += 1 }
            guard let (behaviour, uses) = core.behaviour(request.path) else {
                guard answer(404, [], Array("no such behaviour".utf8)) else { return }
                continue
            }
            guard perform(behaviour, uses: uses, request) else { return }
        }
    }

    /// Returns whether the connection goes on.
    private func perform(_ behaviour: HostileHTTPServer.Behaviour, uses: Int, _ request: Request) -> Bool {
        switch behaviour {
        case .echo:
            let text = "\(request.method)\n\(request.headers.joined(separator: "\n"))\n\n"
            return answer(200, ["Content-Type: text/plain"], Array(text.utf8) + request.body)
        case .answer(let status, let headers, let body):
            return answer(status, headers, request.method == "HEAD" ? [] : body, length: body.count)
        case .redirect(let status, let location):
            return answer(status, ["Location: \(location)"], [])
        case .refusesFirst(let times, let status, let retryAfter):
            guard uses < times else { return answer(200, [], Array("done".utf8)) }
            return answer(status, retryAfter.map { ["Retry-After: \($0)"] } ?? [], Array("not yet".utf8))
        case .chunked(let pieces):
            return head(["Transfer-Encoding: chunked"]) && pieces.allSatisfy(chunk) && send("0\r\n\r\n")
        case .chunkedCut(let pieces):
            return head(["Transfer-Encoding: chunked"]) && pieces.allSatisfy(chunk) && send("40\r\nhalf") && false
        case .drip(let count, let milliseconds):
            guard head(["Content-Length: \(count)"]) else { return cut() }
            for _ in 0..<count {
                usleep(milliseconds * 1000)
                guard send("x") else { return cut() }
            }
            return true
        case .announcesMore(let announced, let body), .announcesLess(let announced, let body):
            return head(["Content-Length: \(announced)"]) && send(body) && false
        case .huge(let count):
            guard head(["Content-Length: \(count)"]) else { return cut() }
            let piece = [UInt8](repeating: UInt8(ascii: "h"), count: 65536)
            var left = count
            while left > 0 {
                guard send(Array(piece.prefix(left))) else { return cut() }
                left -= piece.count
            }
            return true
        case .garbage:
            return send("\u{1}\u{2}\u{3} this is no HTTP at all\r\n\r\n") && false
        case .endlessHeaders:
            guard send("HTTP/1.1 200 OK\r\n") else { return cut() }
            let line = "X-More: \(String(repeating: "m", count: 1000))\r\n"
            // Far past any sane limit; a client that reads it all has none.
            for _ in 0..<100_000 where !send(line) { return cut() }
            return false
        case .neverAnswers:
            return waitForClose()
        case .stallsAfter(let bytes):
            guard head(["Content-Length: \(bytes.count + 1000)"]), send(bytes) else { return cut() }
            return waitForClose()
        case .gzipBomb(let count):
            return answer(200, ["Content-Encoding: gzip"], HostileHTTPServer.gzipOfZeros(count)) || cut()
        case .events(let pieces):
            guard head(["Content-Type: text/event-stream", "Cache-Control: no-store", "Connection: close"]) else { return cut() }
            for piece in pieces { guard send(piece) else { return cut() } }
            return false
        case .hangsUp:
            return false
        }
    }

    private func cut() -> Bool {
        core.update { $0.cut += 1 }
        return false
    }

    private func waitForClose() -> Bool {
        while let bytes = receive(), !bytes.isEmpty {}
        return cut()
    }

    private func answer(_ status: Int, _ headers: [String], _ body: [UInt8], length: Int? = nil) -> Bool {
        head(headers + ["Content-Length: \(length ?? body.count)"], status: status) && send(body)
    }

    private func head(_ headers: [String], status: Int = 200) -> Bool {
        send("HTTP/1.1 \(status) Status\r\n" + headers.map { $0 + "\r\n" }.joined() + "\r\n")
    }

    private func chunk(_ bytes: [UInt8]) -> Bool {
        send(Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + [0x0d, 0x0a])
    }

    private func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    private func send(_ bytes: [UInt8]) -> Bool {
        var position = 0
        while position < bytes.count {
            let count = bytes.withUnsafeBytes { raw in
                #if canImport(Darwin)
                    Darwin.send(descriptor, raw.baseAddress.map { $0 + position }, bytes.count - position, 0)
                #else
                    Glibc.send(descriptor, raw.baseAddress.map { $0 + position }, bytes.count - position, Int32(MSG_NOSIGNAL))
                #endif
            }
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            position += count
        }
        return true
    }

    /// Empty when the client closed; nil on an error.
    private func receive() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(descriptor, &bytes, bytes.count, 0)
            if count < 0, errno == EINTR { continue }
            return count < 0 ? nil : Array(bytes.prefix(count))
        }
    }

    private func more() -> Bool {
        guard buffer.count < limit, let bytes = receive(), !bytes.isEmpty else { return false }
        buffer += bytes
        return true
    }

    private func readRequest() -> Request? {
        guard let head = readUntilBlankLine() else { return nil }
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n").map { String($0) }
        let parts = (lines.first ?? "").split(separator: " ")
        guard parts.count == 3 else { return nil }
        let headers = Array(lines.dropFirst())
        let value = { (name: String) in
            headers.first { $0.lowercased().hasPrefix(name + ":") }.map { $0.dropFirst(name.count + 1).drop { $0 == " " } }
        }
        var body: [UInt8] = []
        if value("transfer-encoding")?.lowercased() == "chunked" {
            guard let bytes = readChunks() else { return nil }
            body = bytes
        } else if let length = value("content-length").flatMap({ Int($0) }), length > 0 {
            while buffer.count < length { guard more() else { return nil } }
            body = Array(buffer.prefix(length))
            buffer.removeFirst(length)
        }
        return Request(method: parts[0], path: parts[1], headers: headers, body: body)
    }

    private func readUntilBlankLine() -> [UInt8]? {
        var index = 0
        while true {
            while index + 4 <= buffer.count {
                if buffer[index..<(index + 4)].elementsEqual([0x0d, 0x0a, 0x0d, 0x0a]) {
                    defer { buffer.removeFirst(index + 4) }
                    return Array(buffer.prefix(index))
                }
                index += 1
            }
            guard more() else { return nil }
        }
    }

    private func readLine() -> String? {
        while true {
            if let end = buffer.firstIndex(of: 0x0a) {
                defer { buffer.removeFirst(end + 1) }
                return String(decoding: buffer[..<end].filter { $0 != 0x0d }, as: UTF8.self)
            }
            guard more() else { return nil }
        }
    }

    private func readChunks() -> [UInt8]? {
        var body: [UInt8] = []
        while let line = readLine(), let size = Int(line.prefix { $0 != ";" }, radix: 16) {
            if size == 0 {
                while let line = readLine() { if line.isEmpty { return body } }
                return nil
            }
            while buffer.count < size + 2 { guard more() else { return nil } }
            body += buffer.prefix(size)
            buffer.removeFirst(size + 2)
        }
        return nil
    }
}
