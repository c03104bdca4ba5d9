// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

extension WebSocketStateMachine {
    /// Takes frames apart as their bytes come in. Memory use is bounded by the message limit, whatever a header announces.
    struct FrameReader: Sendable {
        enum Event: Sendable, Hashable {
            case needsMore
            case message(WebSocketMessage)
            case ping([UInt8])
            case pong
            case close(code: UInt16?, reason: String)
            case violation(code: UInt16, reason: String)
        }

        private struct Header: Sendable {
            var opcode: WebSocketFrame.Opcode
            var isFinal: Bool
            var length: Int
            var mask: UInt32
        }

        private enum HeaderResult {
            case needsMore
            case header(Header)
            case violation(UInt16, String)
        }

        /// The bytes of a header that is not all there yet.
        private var headerBytes: [UInt8] = []
        private var header: Header?
        /// How much of the current frame's payload has come.
        private var taken = 0
        private var control: [UInt8] = []
        private var message: [UInt8] = []
        /// The kind of the message under way: text or binary.
        private var messageKind: WebSocketFrame.Opcode?
        private var text = UTF8Validator()

        /// The next event in the bytes; what was used up is taken off them.
        mutating func next(_ bytes: inout UnsafeRawBufferPointer, role: Role, messageLimit: Int) -> Event {
            while true {
                if header == nil {
                    switch readHeader(&bytes, role: role) {
                    case .needsMore: return .needsMore
                    case .violation(let code, let reason): return .violation(code: code, reason: reason)
                    case .header(let new):
                        if let event = begin(new, messageLimit: messageLimit) { return event }
                    }
                }
                guard let current = header else { return .needsMore }
                let count = min(current.length - taken, bytes.count)
                if count > 0 {
                    let piece = UnsafeRawBufferPointer(rebasing: bytes[..<count])
                    bytes = UnsafeRawBufferPointer(rebasing: bytes[count...])
                    if let event = append(piece, of: current) { return event }
                }
                guard taken == current.length else { return .needsMore }
                header = nil
                if let event = complete(current) { return event }
            }
        }

        private mutating func readHeader(_ bytes: inout UnsafeRawBufferPointer, role: Role) -> HeaderResult {
            while true {
                let needed: Int
                if headerBytes.count < 2 {
                    needed = 2
                } else {
                    let extended = switch headerBytes[1] & 0x7F {
                    case 126: 2
                    case 127: 8
                    default: 0
                    }
                    needed = 2 + extended + (headerBytes[1] & 0x80 != 0 ? 4 : 0)
                }
                let count = min(needed - headerBytes.count, bytes.count)
                if count > 0 {
                    headerBytes.append(contentsOf: bytes[..<count])
                    bytes = UnsafeRawBufferPointer(rebasing: bytes[count...])
                }
                guard headerBytes.count == needed else { return .needsMore }
                if needed == 2 {
                    // Judged before any further byte is awaited.
                    if let (code, reason) = flaw(headerBytes[0], headerBytes[1], role: role) { return .violation(code, reason) }
                    if headerBytes[1] & 0x7F >= 126 || headerBytes[1] & 0x80 != 0 { continue }
                }
                return parseHeader()
            }
        }

        private func flaw(_ first: UInt8, _ second: UInt8, role: Role) -> (UInt16, String)? {
            guard first & 0x70 == 0 else { return (1002, "reserved bits are set") }
            guard let opcode = WebSocketFrame.Opcode(rawValue: first & 0x0F) else { return (1002, "unknown opcode") }
            if opcode.isControl {
                guard first & 0x80 != 0 else { return (1002, "fragmented control frame") }
                guard second & 0x7F <= 125 else { return (1002, "control frame above 125 bytes") }
            }
            switch role {
            case .server where second & 0x80 == 0: return (1002, "frame of a client without mask")
            case .client where second & 0x80 != 0: return (1002, "frame of a server with mask")
            default: return nil
            }
        }

        private mutating func parseHeader() -> HeaderResult {
            defer { headerBytes.removeAll(keepingCapacity: true) }
            guard let opcode = WebSocketFrame.Opcode(rawValue: headerBytes[0] & 0x0F) else {
                return .violation(1002, "unknown opcode")
            }
            var length = UInt64(headerBytes[1] & 0x7F)
            var index = 2
            if length == 126 {
                length = headerBytes[2..<4].reduce(0) { $0 << 8 | UInt64($1) }
                index = 4
                guard length >= 126 else { return .violation(1002, "length not in its shortest form") }
            } else if length == 127 {
                length = headerBytes[2..<10].reduce(0) { $0 << 8 | UInt64($1) }
                index = 10
                guard length > 0xFFFF, length >> 63 == 0 else { return .violation(1002, "length not in its shortest form") }
            }
            let mask = headerBytes[index...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            return .header(Header(opcode: opcode, isFinal: headerBytes[0] & 0x80 != 0, length: Int(length), mask: mask))
        }

        private mutating func begin(_ new: Header, messageLimit: Int) -> Event? {
            taken = 0
            header = new
            if new.opcode.isControl {
                control.removeAll(keepingCapacity: true)
                return nil
            }
            if new.opcode == .continuation {
                guard messageKind != nil else { return .violation(code: 1002, reason: "continuation of nothing") }
            } else {
                guard messageKind == nil else { return .violation(code: 1002, reason: "new message inside a fragmented one") }
                messageKind = new.opcode
                message = []
                text.reset()
            }
            guard new.length <= messageLimit - message.count else {
                return .violation(code: 1009, reason: "message above \(messageLimit) bytes")
            }
            return nil
        }

        private mutating func append(_ piece: UnsafeRawBufferPointer, of header: Header) -> Event? {
            let phase = taken
            taken += piece.count
            if header.opcode.isControl {
                Self.append(piece, to: &control, mask: header.mask, phase: phase)
                return nil
            }
            let start = message.count
            Self.append(piece, to: &message, mask: header.mask, phase: phase)
            guard messageKind == .text else { return nil }
            let isValid = message.withUnsafeBytes { text.consume(UnsafeRawBufferPointer(rebasing: $0[start...])) }
            return isValid ? nil : .violation(code: 1007, reason: "text is not UTF-8")
        }

        private static func append(_ piece: UnsafeRawBufferPointer, to bytes: inout [UInt8], mask: UInt32, phase: Int) {
            let start = bytes.count
            bytes.append(contentsOf: piece)
            bytes.withUnsafeMutableBytes {
                WebSocketFrame.apply(mask, phase: phase, to: UnsafeMutableRawBufferPointer(rebasing: $0[start...]))
            }
        }

        private mutating func complete(_ header: Header) -> Event? {
            switch header.opcode {
            case .ping: return .ping(control)
            case .pong: return .pong
            case .close: return closeEvent()
            case .continuation, .text, .binary:
                guard header.isFinal else { return nil }
                defer {
                    messageKind = nil
                    message = []
                }
                guard messageKind == .text else { return .message(.binary(message)) }
                guard text.isComplete else { return .violation(code: 1007, reason: "text ends inside a character") }
                return .message(.text(String(decoding: message, as: UTF8.self)))
            }
        }

        private func closeEvent() -> Event {
            guard !control.isEmpty else { return .close(code: nil, reason: "") }
            guard control.count >= 2 else { return .violation(code: 1002, reason: "close frame of one byte") }
            let code = UInt16(control[0]) << 8 | UInt16(control[1])
            guard WebSocketFrame.mayBeSent(code) else { return .violation(code: 1002, reason: "close code \(code) is not allowed") }
            guard let reason = String(validating: control[2...], as: UTF8.self) else {
                return .violation(code: 1007, reason: "close reason is not UTF-8")
            }
            return .close(code: code, reason: reason)
        }
    }
}
