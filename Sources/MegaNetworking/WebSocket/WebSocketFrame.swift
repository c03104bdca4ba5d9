// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// The frame format of RFC 6455 section 5.2.
enum WebSocketFrame {
    /// The kinds of frame.
    enum Opcode: UInt8, Sendable {
        case continuation = 0x0
        case text = 0x1
        case binary = 0x2
        case close = 0x8
        case ping = 0x9
        case pong = 0xA

        var isControl: Bool { rawValue & 0x8 != 0 }
    }

    /// One whole frame in wire form.
    ///
    /// - Parameter mask: The masking key; nil for frames of a server.
    static func encode(_ opcode: Opcode, _ payload: some Collection<UInt8>, isFinal: Bool = true, mask: UInt32?) -> [UInt8] {
        let count = payload.count
        var frame: [UInt8] = []
        frame.reserveCapacity(count + 14)
        frame.append((isFinal ? 0x80 : 0) | opcode.rawValue)
        let maskBit: UInt8 = mask == nil ? 0 : 0x80
        switch count {
        case ..<126: frame.append(maskBit | UInt8(count))
        case ...0xFFFF:
            frame.append(maskBit | 126)
            frame.append(UInt8(truncatingIfNeeded: count >> 8))
            frame.append(UInt8(truncatingIfNeeded: count))
        default:
            frame.append(maskBit | 127)
            for shift in stride(from: 56, through: 0, by: -8) { frame.append(UInt8(truncatingIfNeeded: count >> shift)) }
        }
        guard let mask else {
            frame.append(contentsOf: payload)
            return frame
        }
        for shift in stride(from: 24, through: 0, by: -8) { frame.append(UInt8(truncatingIfNeeded: mask >> UInt32(shift))) }
        let start = frame.count
        frame.append(contentsOf: payload)
        frame.withUnsafeMutableBytes { apply(mask, phase: 0, to: UnsafeMutableRawBufferPointer(rebasing: $0[start...])) }
        return frame
    }

    /// The payload of a close frame: code and reason, the reason cut at a character boundary to fit 123 bytes.
    static func closePayload(_ code: UInt16, reason: String) -> [UInt8] {
        var payload = [UInt8(truncatingIfNeeded: code >> 8), UInt8(truncatingIfNeeded: code)]
        for scalar in reason.unicodeScalars {
            let bytes = UTF8.encode(scalar).map(Array.init) ?? []
            guard payload.count + bytes.count <= 125 else { break }
            payload += bytes
        }
        return payload
    }

    /// Masks or unmasks in place.
    ///
    /// - Parameter phase: How many bytes of the frame's payload came before these.
    static func apply(_ mask: UInt32, phase: Int, to bytes: UnsafeMutableRawBufferPointer) {
        guard mask != 0 else { return }
        let turned = UInt32(mask << UInt32(8 * (phase & 3)) | (phase & 3 == 0 ? 0 : mask >> UInt32(32 - 8 * (phase & 3))))
        let wide = (UInt64(turned) << 32 | UInt64(turned)).bigEndian
        var index = 0
        while index + 8 <= bytes.count {
            let value = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) ^ wide
            bytes.storeBytes(of: value, toByteOffset: index, as: UInt64.self)
            index += 8
        }
        while index < bytes.count {
            bytes[index] ^= UInt8(truncatingIfNeeded: turned >> UInt32(24 - 8 * (index & 3)))
            index += 1
        }
    }

    /// Whether a peer may send this code in a close frame (RFC 6455 section 7.4, IANA registry).
    static func mayBeSent(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
