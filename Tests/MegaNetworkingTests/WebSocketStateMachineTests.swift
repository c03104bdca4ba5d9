// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Testing

@testable import MegaNetworking

@Suite("WebSocket state machine")
struct WebSocketStateMachineTests {
    typealias Machine = WebSocketStateMachine
    static let mask: UInt32 = 0x37FA_213D

    static func machine(_ role: Machine.Role, limit: Int = 1 << 20) -> Machine {
        Machine(
            role: role, limits: .init(messageLimit: limit, keepAlive: .seconds(20)), makeMask: { mask }, now: .zero)
    }

    static func bytes(_ hex: String) -> [UInt8] {
        stride(from: 0, to: hex.count, by: 2).compactMap { offset in
            let start = hex.index(hex.startIndex, offsetBy: offset)
            return UInt8(hex[start..<hex.index(start, offsetBy: 2)], radix: 16)
        }
    }

    static func frame(_ opcode: WebSocketFrame.Opcode, _ payload: [UInt8], final isFinal: Bool = true) -> [UInt8] {
        WebSocketFrame.encode(opcode, payload, isFinal: isFinal, mask: mask)
    }

    static func violation(_ actions: [Machine.Action]) -> UInt16? {
        for case .end(.violation(let code, _)) in actions { return code }
        return nil
    }

    @Test("reads the examples of RFC 6455 section 5.7")
    func examples() {
        var client = Self.machine(.client)
        #expect(client.receive(Self.bytes("810548656c6c6f"), now: .zero) == [.deliver(.text("Hello"))])
        #expect(client.receive(Self.bytes("010348656c"), now: .zero).isEmpty)
        #expect(client.receive(Self.bytes("80026c6f"), now: .zero) == [.deliver(.text("Hello"))])
        #expect(client.receive(Self.bytes("890548656c6c6f"), now: .zero) == [.write(Self.bytes("8a8537fa213d7f9f4d5158"))])
        var server = Self.machine(.server)
        #expect(server.receive(Self.bytes("818537fa213d7f9f4d5158"), now: .zero) == [.deliver(.text("Hello"))])
        #expect(server.receive(Self.bytes("8a8537fa213d7f9f4d5158"), now: .zero).isEmpty)
        #expect(server.send(.text("Hello")) == Self.bytes("810548656c6c6f"))
        #expect(client.send(.text("Hello")) == Self.bytes("818537fa213d7f9f4d5158"))
    }

    @Test("carries payloads of every length class, in pieces of any size", arguments: [0, 1, 125, 126, 127, 65535, 65536, 70001])
    func lengths(count: Int) {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var client = Self.machine(.client)
        let sent = client.send(.binary(payload)) ?? []
        for pieceSize in [1, 3, 1000, sent.count] where count < 1000 || pieceSize > 3 {
            var server = Self.machine(.server)
            var actions: [Machine.Action] = []
            for start in stride(from: 0, to: sent.count, by: pieceSize) {
                actions += server.receive(Array(sent[start..<min(start + pieceSize, sent.count)]), now: .zero)
            }
            #expect(actions == [.deliver(.binary(payload))])
        }
    }

    @Test("closes with 1002 on what RFC 6455 forbids")
    func violations() {
        let cases: [(String, [UInt8])] = [
            ("unmasked", Self.bytes("810548656c6c6f")), ("RSV1", [0xC1, 0x80, 0, 0, 0, 0]), ("RSV2", [0xA1, 0x80]),
            ("RSV3", [0x91, 0x80]), ("opcode 3", [0x83, 0x80]), ("opcode 11", [0x8B, 0x80]),
            ("fragmented ping", [0x09, 0x80]), ("ping of 126", [0x89, 0xFE]), ("close of one byte", Self.frame(.close, [3])),
            ("close code 1005", Self.frame(.close, [0x03, 0xED])), ("close code 1004", Self.frame(.close, [0x03, 0xEC])),
            ("close code 999", Self.frame(.close, [0x03, 0xE7])), ("close code 2999", Self.frame(.close, [0x0B, 0xB7])),
            ("continuation of nothing", Self.frame(.continuation, [1])),
            ("text in a fragmented message", Self.frame(.text, [0x61], final: false) + Self.frame(.text, [0x62])),
            ("length with top bit", [0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            ("length not shortest", [0x82, 0xFE, 0, 5, 0, 0, 0, 0]),
        ]
        for (name, bytes) in cases {
            var server = Self.machine(.server)
            let actions = server.receive(bytes, now: .zero)
            #expect(Self.violation(actions) == 1002, "\(name)")
            #expect(actions.contains(.finishWriting), "\(name)")
            #expect(server.receive(Self.frame(.text, [0x61]), now: .zero).isEmpty, "\(name): nothing is delivered afterwards")
            #expect(server.tick(now: .seconds(2)) == [.closeSocket], "\(name)")
        }
        var client = Self.machine(.client)
        #expect(Self.violation(client.receive(Self.bytes("818537fa213d7f9f4d5158"), now: .zero)) == 1002)
    }

    @Test("closes with 1007 on text that is not UTF-8, at the first bad byte")
    func badText() {
        let bad: [[UInt8]] = [
            [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80], [0xFF], [0x80], [0xC3, 0x28],
        ]
        for bytes in bad {
            var server = Self.machine(.server)
            #expect(Self.violation(server.receive(Self.frame(.text, Array("abcdefgh".utf8) + bytes), now: .zero)) == 1007)
            var early = Self.machine(.server)
            #expect(Self.violation(early.receive(Self.frame(.text, bytes, final: false), now: .zero)) == 1007)
        }
        var cut = Self.machine(.server)
        #expect(Self.violation(cut.receive(Self.frame(.text, [0xE2, 0x82]), now: .zero)) == 1007)
        var reason = Self.machine(.server)
        #expect(Self.violation(reason.receive(Self.frame(.close, [0x03, 0xE8, 0xFF]), now: .zero)) == 1007)
    }

    @Test("puts a character together that fragments split, with a ping between")
    func splitCharacter() {
        var server = Self.machine(.server)
        #expect(server.receive(Self.frame(.text, [0xE2], final: false), now: .zero).isEmpty)
        #expect(server.receive(Self.frame(.ping, [7]), now: .zero) == [.write([0x8A, 1, 7])])
        #expect(server.receive(Self.frame(.continuation, [0x82], final: false), now: .zero).isEmpty)
        #expect(server.receive(Self.frame(.continuation, [], final: false), now: .zero).isEmpty)
        #expect(server.receive(Self.frame(.continuation, [0xAC]), now: .zero) == [.deliver(.text("€"))])
    }

    @Test("agrees with the standard library on what UTF-8 is")
    func utf8Property() {
        var random = WebSocketSeededGenerator(seed: 7)
        let samples: [[UInt8]] = [Array("aé€😀 plain text".utf8), [0xED, 0xA0, 0x80], [0xF0, 0x9F, 0x98], [0xC1, 0xBF]]
        for _ in 0..<4000 {
            var bytes = samples[Int(random.next() % 4)]
            for _ in 0..<Int(random.next() % 3) { bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: Int(random.next() % UInt64(bytes.count))) }
            var validator = UTF8Validator()
            let split = Int(random.next() % UInt64(bytes.count + 1))
            let first = bytes[..<split].withUnsafeBytes { validator.consume($0) }
            let second = first && bytes[split...].withUnsafeBytes { validator.consume($0) }
            #expect((second && validator.isComplete) == (String(validating: bytes, as: UTF8.self) != nil), "\(bytes)")
        }
    }

    @Test("closes with 1009 before a message above the limit is taken in")
    func tooBig() {
        var server = Self.machine(.server, limit: 1000)
        #expect(Self.violation(server.receive([0x82, 0xFE, 0x03, 0xE9, 0, 0, 0, 0], now: .zero)) == 1009)
        var fragments = Self.machine(.server, limit: 1000)
        #expect(fragments.receive(Self.frame(.binary, [UInt8](repeating: 1, count: 900), final: false), now: .zero).isEmpty)
        #expect(Self.violation(fragments.receive(Self.frame(.continuation, [UInt8](repeating: 1, count: 101)), now: .zero)) == 1009)
        var exact = Self.machine(.server, limit: 1000)
        #expect(exact.receive(Self.frame(.binary, [UInt8](repeating: 1, count: 1000)), now: .zero).count == 1)
    }

    @Test("answers a close frame and ends, each side in its way")
    func peerCloses() {
        var server = Self.machine(.server)
        #expect(
            server.receive(Self.frame(.close, WebSocketFrame.closePayload(1001, reason: "bye")), now: .zero) == [
                .write([0x88, 2, 0x03, 0xE9]), .end(.closed(code: 1001, reason: "bye", byPeer: true)), .closeSocket,
            ])
        #expect(server.send(.text("late")) == nil)
        #expect(server.socketClosed().isEmpty)
        var client = Self.machine(.client)
        let actions = client.receive([0x88, 0], now: .zero)
        #expect(actions.last == .end(.closed(code: nil, reason: "", byPeer: true)))
        #expect(client.nextDeadline == .seconds(5))
        #expect(client.tick(now: .seconds(5)) == [.closeSocket])
    }

    @Test("closes first and waits a bounded time for the answer")
    func closesFirst() {
        var server = Self.machine(.server)
        #expect(server.close(1000, reason: "done", now: .seconds(1)).count == 1)
        #expect(server.close(1000, reason: "again", now: .seconds(1)).isEmpty)
        #expect(server.receive(Self.frame(.text, [0x61]), now: .seconds(1)).isEmpty, "late messages are dropped")
        var silent = server
        #expect(silent.tick(now: .seconds(5)).isEmpty)
        #expect(silent.tick(now: .seconds(6)).contains(.closeSocket))
        #expect(
            server.receive(Self.frame(.close, [0x03, 0xE8]), now: .seconds(2)) == [
                .end(.closed(code: 1000, reason: "", byPeer: false)), .closeSocket,
            ])
        var odd = Self.machine(.server)
        #expect(odd.close(1006, reason: "", now: .zero) == [.write([0x88, 2, 0x03, 0xF3])], "a code that must not be sent becomes 1011")
        var long = Self.machine(.server)
        guard case .write(let bytes)? = long.close(1000, reason: String(repeating: "é", count: 100), now: .zero).first else {
            Issue.record("no close frame")
            return
        }
        #expect(bytes.count == 2 + 2 + 122, "the reason is cut at a character boundary")
    }

    @Test("pings after silence and gives up after the same silence again")
    func keepAlive() {
        var machine = Self.machine(.server)
        #expect(machine.nextDeadline == .seconds(20))
        #expect(machine.tick(now: .seconds(19)).isEmpty)
        #expect(machine.tick(now: .seconds(20)).count == 1)
        #expect(machine.receive(Self.frame(.pong, [0, 0, 0, 1]), now: .seconds(25)).isEmpty)
        #expect(machine.nextDeadline == .seconds(45))
        #expect(machine.tick(now: .seconds(45)).count == 1)
        #expect(machine.tick(now: .seconds(60), isReading: false).isEmpty, "own silence is not held against the peer")
        #expect(machine.tick(now: .seconds(80)).count == 1)
        #expect(machine.tick(now: .seconds(99)).isEmpty)
        #expect(machine.tick(now: .seconds(100)) == [.end(.lost(reason: "the peer did not answer a ping")), .closeSocket])
    }

    @Test("never crashes on random bytes and always ends in a defined way", arguments: [Machine.Role.client, .server])
    func fuzz(role: Machine.Role) {
        var random = WebSocketSeededGenerator(seed: role == .client ? 1 : 2)
        for _ in 0..<3000 {
            var machine = Self.machine(role, limit: 4096)
            var ends = 0
            var closes = 0
            for _ in 0..<Int(random.next() % 8) {
                var bytes: [UInt8] = []
                for _ in 0..<Int(random.next() % 4) {
                    let payload = (0..<Int(random.next() % 140)).map { _ in UInt8(truncatingIfNeeded: random.next()) & 0x7F }
                    let opcode = WebSocketFrame.Opcode(rawValue: UInt8(random.next() % 16)) ?? .text
                    bytes += WebSocketFrame.encode(
                        opcode, payload, isFinal: random.next() % 3 != 0, mask: role == .server ? UInt32(truncatingIfNeeded: random.next()) : nil)
                }
                if random.next() % 3 == 0, !bytes.isEmpty { bytes[Int(random.next() % UInt64(bytes.count))] ^= UInt8(truncatingIfNeeded: random.next()) }
                for action in machine.receive(bytes, now: .zero) {
                    if case .end = action { ends += 1 }
                    if case .closeSocket = action { closes += 1 }
                }
            }
            for step in 1...4 {
                for action in machine.tick(now: .seconds(step * 30)) {
                    if case .end = action { ends += 1 }
                    if case .closeSocket = action { closes += 1 }
                }
            }
            for action in machine.socketClosed() { if case .end = action { ends += 1 } }
            #expect(ends == 1)
            #expect(closes <= 1)
            #expect(machine.state == .finished)
        }
    }
}

/// A small reproducible generator (SplitMix64).
struct WebSocketSeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
