// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaCore

/// Puts the header lines libcurl hands over, one by one, together to a response head.
struct ResponseHeadParser {
    /// The most bytes of all header lines of one exchange.
    static let limit = 256 << 10

    private var size = 0
    private var status: Int?
    private var fields = HTTPFields()
    private var isDone = false

    init() {}

    /// Takes a line with its end.
    ///
    /// - Returns: The head when this line ends it. Interim responses (1xx) and trailers are passed over.
    mutating func take(_ line: UnsafeRawBufferPointer) throws(TransportError) -> HTTPResponse? {
        size += line.count
        guard size <= Self.limit else {
            throw TransportError(.malformedResponse, reason: "the head has more than \(Self.limit) bytes")
        }
        guard !isDone else { return nil }
        var bytes = line[...]
        while let last = bytes.last, last == 0x0d || last == 0x0a { bytes.removeLast() }
        if bytes.starts(with: "HTTP/".utf8) {
            fields = [:]
            status = bytes.split(separator: 0x20).dropFirst().first.flatMap { Int(String(decoding: $0, as: UTF8.self)) }
            return nil
        }
        guard bytes.isEmpty else {
            try addField(bytes)
            return nil
        }
        guard let status, (100...999).contains(status) else {
            throw TransportError(.malformedResponse, reason: "the status line is not valid")
        }
        if status < 200 { return nil }
        isDone = true
        return HTTPResponse(status: HTTPResponse.Status(code: status), headerFields: fields)
    }

    private mutating func addField(_ bytes: Slice<UnsafeRawBufferPointer>) throws(TransportError) {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            let name = HTTPField.Name(String(decoding: bytes[..<colon], as: UTF8.self))
        else { return }
        var value = bytes[colon...].dropFirst()
        while let first = value.first, first == 0x20 || first == 0x09 { value.removeFirst() }
        while let last = value.last, last == 0x20 || last == 0x09 { value.removeLast() }
        fields.append(HTTPField(name: name, value: String(decoding: value, as: UTF8.self)))
    }
}
