// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// What a client asks of the proxy.
struct ProxyRequest: Hashable {
    enum Kind: Hashable {
        /// A tunnel for TLS.
        case tunnel
        /// One request in the clear: its head as the server gets it, and how many bytes of body follow.
        case plain(head: [UInt8], bodyBytes: Int)
    }

    /// Why a request is refused.
    struct Refusal: Error, Hashable {
        var status: Int
        var reason: String
    }

    /// The most bytes of a head.
    static let headLimit = 16 << 10

    var host: String
    var port: Int
    var kind: Kind

    /// Reads a head, which ends in an empty line.
    init(head: [UInt8]) throws(Refusal) {
        func bad(_ reason: String) -> Refusal { Refusal(status: 400, reason: reason) }
        guard !head.contains(0), head.allSatisfy({ $0 >= 0x20 || $0 == 0x0D || $0 == 0x0A || $0 == 0x09 }) else { throw bad("the head holds control characters") }
        // Only CRLF ends a line, so that nobody on the way sees other lines than this.
        var lines: [String] = []
        var line: [UInt8] = []
        var index = 0
        while index < head.count {
            if head[index] == 0x0D {
                guard index + 1 < head.count, head[index + 1] == 0x0A else { throw bad("a line ends in CR alone") }
                lines.append(String(decoding: line, as: UTF8.self))
                line = []
                index += 2
                continue
            }
            guard head[index] != 0x0A else { throw bad("a line ends in LF alone") }
            line.append(head[index])
            index += 1
        }
        while lines.last == "" { lines.removeLast() }
        let parts = (lines.first ?? "").split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2] == "HTTP/1.1" || parts[2] == "HTTP/1.0", !parts[0].isEmpty,
            parts[0].utf8.allSatisfy({ (0x41...0x5A).contains($0) || $0 == 0x2D })
        else { throw bad("the first line is no request") }
        if parts[0] == "CONNECT" {
            guard let (host, port) = HostName.split(String(parts[1])), let port else { throw bad("CONNECT needs a host and a port") }
            (self.host, self.port, kind) = (try Self.name(host), port, .tunnel)
            return
        }
        guard parts[1].lowercased().hasPrefix("http://") else {
            throw bad("this is a proxy: it takes CONNECT, and requests with a whole http:// address")
        }
        let rest = parts[1].dropFirst("http://".count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@"), let (host, port) = HostName.split(String(authority)) else { throw bad("the address names no host") }
        let path = rest.dropFirst(authority.count).prefix { $0 != "#" }
        self.host = try Self.name(host)
        self.port = port ?? 80
        let target = path.isEmpty ? "/" : path.hasPrefix("/") ? String(path) : "/\(path)"
        let shown = (IPAddress(self.host)?.version == .v6 ? "[\(self.host)]" : self.host) + (self.port == 80 ? "" : ":\(self.port)")
        var out = ["\(parts[0]) \(target) HTTP/1.1", "Host: \(shown)"]
        var length: Int?
        for field in lines.dropFirst() {
            guard let colon = field.firstIndex(of: ":"), !field.hasPrefix(" "), !field.hasPrefix("\t") else { throw bad("a header field is malformed") }
            let name = field[..<colon].lowercased()
            guard !name.isEmpty, name.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !Self.separators.contains($0) }) else {
                throw bad("a header field is malformed")
            }
            switch name {
            case "host", "connection", "proxy-connection", "proxy-authorization", "keep-alive", "te", "trailer", "upgrade", "expect": continue
            case "transfer-encoding": throw Refusal(status: 411, reason: "send the body with a Content-Length")
            case "content-length":
                let value = field[field.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
                guard length == nil, !value.isEmpty, value.utf8.count < 16, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(value)
                else { throw bad("the Content-Length is malformed") }
                length = number
                out.append("Content-Length: \(number)")
            default: out.append(field)
            }
        }
        out += ["Connection: close", "", ""]
        kind = .plain(head: Array(out.joined(separator: "\r\n").utf8), bodyBytes: length ?? 0)
    }

    private static let separators = Array("()<>@,;:\\\"/[]?={} \t".utf8)

    private static func name(_ host: String) throws(Refusal) -> String {
        let name = HostName.normalized(host)
        guard IPAddress(name) != nil || HostName.isValid(name) else { throw Refusal(status: 400, reason: "the host is no name or address") }
        return name
    }
}
