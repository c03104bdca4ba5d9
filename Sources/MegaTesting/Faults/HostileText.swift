// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Makes texts that are hard to read, out of the pieces of their grammar; the same seed gives the same texts in every run.
///
///     var texts = HostileText(seed: 7)
///     for _ in 0..<10_000 { parse(texts.next(.shell)) }
///
/// Most texts are nested sentences of the grammar with faults put in: pieces taken out, doubled, swapped, cut short. One in sixteen is
/// random bytes, and one in sixteen repeats one construct many times. None is longer than ``longest``.
public struct HostileText: Sendable {
    /// What a text looks like.
    public enum Grammar: String, Sendable, CaseIterable {
        /// Commands for a shell.
        case shell
        /// What a program or a tool printed: escape sequences, orders to an agent, things that look like keys.
        case output
        /// Policy rules in YAML.
        case policies
    }

    /// The most bytes a text has.
    public static let longest = 16_384

    private var generator: SeededNumbers

    /// - Parameter seed: Decides every text.
    public init(seed: UInt64) { generator = SeededNumbers(seed: seed) }

    /// The next text.
    public mutating func next(_ grammar: Grammar) -> [UInt8] {
        let pieces = HostileGrammar.of(grammar)
        let bytes: [UInt8]
        switch below(16) {
        case 0: bytes = (0..<below(300)).map { _ in UInt8(below(256)) }
        case 1: bytes = repetition(pieces)
        default: bytes = faulty(sentence(pieces, depth: 0), pieces)
        }
        return Array(bytes.prefix(Self.longest))
    }

    /// A copy of bytes with one to eight faults: bits turned, bytes taken out, doubled, put in, the end cut off.
    public mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...below(8) where !bytes.isEmpty {
            let at = below(bytes.count)
            switch below(5) {
            case 0: bytes[at] ^= 1 << UInt8(below(8))
            case 1: bytes.remove(at: at)
            case 2: bytes.insert(UInt8(below(256)), at: at)
            case 3: bytes += bytes[at...].prefix(64)
            default: if below(4) == 0 { bytes.removeLast(bytes.count - at) }
            }
        }
        return Array(bytes.prefix(Self.longest))
    }

    /// A number from 0 to below the limit, which is at least 1.
    public mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &generator) }

    // MARK: - Sentences

    private mutating func sentence(_ grammar: HostileGrammar, depth: Int) -> [UInt8] {
        var result: [UInt8] = []
        for _ in 0...below(depth == 0 ? 8 : 3) {
            switch below(depth > 6 ? 2 : 4) {
            case 0, 1:
                result += pick(grammar.atoms)
                if below(3) > 0 { result += pick(grammar.separators) }
            default:
                let frame = grammar.frames[below(grammar.frames.count)]
                result += frame.opening + sentence(grammar, depth: depth + 1) + frame.closing
            }
        }
        return result
    }

    private mutating func faulty(_ bytes: [UInt8], _ grammar: HostileGrammar) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<below(6) where !bytes.isEmpty {
            let at = below(bytes.count)
            switch below(6) {
            case 0: bytes.remove(at: at)
            case 1: bytes.insert(contentsOf: pick(grammar.separators), at: at)
            case 2: bytes.insert(contentsOf: pick(grammar.atoms), at: at)
            case 3: bytes += bytes[at...].prefix(40)
            case 4: bytes.insert(contentsOf: grammar.frames[below(grammar.frames.count)].opening, at: at)
            default: if below(4) == 0 { bytes.removeLast(bytes.count - at) }
            }
        }
        return bytes
    }

    /// One construct inside itself or after itself, up to 400 times.
    private mutating func repetition(_ grammar: HostileGrammar) -> [UInt8] {
        let frame = grammar.frames[below(grammar.frames.count)]
        let count = 1 + below(400)
        let atom = pick(grammar.atoms)
        switch below(3) {
        case 0: return Array((0..<count).map { _ in frame.opening }.joined()) + atom + Array((0..<count).map { _ in frame.closing }.joined())
        case 1: return Array((0..<count).map { _ in frame.opening + atom + frame.closing }.joined())
        default: return Array((0..<count).map { _ in frame.opening }.joined())
        }
    }

    private mutating func pick(_ pieces: [[UInt8]]) -> [UInt8] { pieces[below(pieces.count)] }
}

/// Numbers that are the same in every run with the same seed (SplitMix64).
public struct SeededNumbers: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// - Parameter seed: Decides every number.
    public init(seed: UInt64) { state = seed }

    /// The next number.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
