// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// The first message of a TLS connection, as far as it says whom the client wants to reach (RFC 8446 §4.1.2, RFC 6066 §3).
enum ClientHello: Hashable {
    /// More bytes are needed.
    case incomplete
    /// This is no TLS.
    case none
    /// The name in it, and whether a second, encrypted message hides another one (encrypted client hello).
    case hello(name: String?, hidesName: Bool)

    /// The most bytes looked at.
    static let limit = 32 << 10

    init(_ bytes: [UInt8]) {
        var handshake: [UInt8] = []
        var offset = 0
        // The message may be cut into several records.
        while true {
            guard offset + 5 <= bytes.count else {
                self = bytes[offset...].first.map { $0 == 22 } ?? true ? .incomplete : .none
                break
            }
            let length = Int(bytes[offset + 3]) << 8 | Int(bytes[offset + 4])
            guard bytes[offset] == 22, bytes[offset + 1] == 3, (1...(1 << 14)).contains(length) else {
                self = .none
                return
            }
            let end = min(offset + 5 + length, bytes.count)
            handshake += bytes[(offset + 5)..<end]
            if let first = handshake.first, first != 1 {
                self = .none
                return
            }
            if handshake.count >= 4 {
                let total = Int(handshake[1]) << 16 | Int(handshake[2]) << 8 | Int(handshake[3])
                guard total <= Self.limit else {
                    self = .none
                    return
                }
                if handshake.count >= total + 4 {
                    self = Self.parse(handshake[4..<(total + 4)]) ?? .none
                    return
                }
            }
            guard end == offset + 5 + length else {
                self = .incomplete
                return
            }
            offset = end
        }
    }

    private static func parse(_ body: ArraySlice<UInt8>) -> ClientHello? {
        var reader = Reader(rest: body)
        // Version and random; session; cipher suites; compression methods.
        guard reader.take(34) != nil, reader.vector(1) != nil, reader.vector(2) != nil, reader.vector(1) != nil else { return nil }
        guard !reader.rest.isEmpty else { return .hello(name: nil, hidesName: false) }
        guard let all = reader.vector(2), reader.rest.isEmpty else { return nil }
        var extensions = Reader(rest: all)
        var name: String?
        var hidesName = false
        while !extensions.rest.isEmpty {
            guard let type = extensions.number(2), let content = extensions.vector(2) else { return nil }
            switch type {
            case 0:
                var outer = Reader(rest: content)
                guard name == nil, let list = outer.vector(2), outer.rest.isEmpty else { return nil }
                var names = Reader(rest: list)
                guard names.number(1) == 0, let host = names.vector(2), names.rest.isEmpty, !host.isEmpty else { return nil }
                name = String(decoding: host, as: UTF8.self)
            case 0xFE0D: hidesName = true
            default: break
            }
        }
        return .hello(name: name, hidesName: hidesName)
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
            guard rest.count >= count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }

        mutating func number(_ size: Int) -> Int? { take(size)?.reduce(0) { $0 << 8 | Int($1) } }

        /// Bytes preceded by their number.
        mutating func vector(_ size: Int) -> ArraySlice<UInt8>? {
            guard let count = number(size) else { return nil }
            return take(count)
        }
    }
}
