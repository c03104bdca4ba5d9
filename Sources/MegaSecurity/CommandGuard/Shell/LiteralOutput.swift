// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// What a pipeline of echo, printf, cat, base64 and their like prints, when its words say all of it.
enum LiteralOutput {
    private static let longest = 65_536

    /// The output of the commands of a substitution or of the stages in front of a shell; nil when it is not known.
    static func output(of range: Range<Int>, in script: ShellScript, asSubstitution: Bool = false) -> String? {
        guard !range.isEmpty, range.count <= 6 else { return nil }
        let first = script.commands[range.lowerBound]
        var bytes: [UInt8]?
        var stage = 0
        for index in range {
            let command = script.commands[index]
            guard command.pipeline == first.pipeline, command.stage == stage, command.assignments.isEmpty else { return nil }
            stage += 1
            bytes = output(of: command, input: bytes, asSubstitution: asSubstitution)
            guard bytes != nil else { return nil }
        }
        return bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    private static func output(of command: ShellCommand, input: [UInt8]?, asSubstitution: Bool) -> [UInt8]? {
        guard let program = command.words.first, !ProgramName.isDynamic(program) else { return nil }
        var input = input
        for redirection in command.redirections {
            switch redirection.operation {
            case "<<<": input = Array(redirection.target.text.utf8) + [0x0A]
            case "<<": input = Array(redirection.target.text.utf8)
            case ">&", "2>": continue
            default: if redirection.descriptor != 2 { return nil }
            }
            guard !redirection.target.dynamics.contains(.unknown) else { return nil }
        }
        let arguments = command.words.dropFirst()
        guard !arguments.contains(where: { !$0.dynamics.intersection([.unknown, .process]).isEmpty }) else { return nil }
        let words = arguments.map(\.text)
        let name = ProgramName.of(program.text)
        guard words.reduce(0, { $0 + $1.utf8.count }) <= longest, (input?.count ?? 0) <= longest else { return nil }
        switch name {
        case "echo": return echo(words)
        case "printf": return printf(words)
        case "cat", "tee":
            return words.allSatisfy({ $0 == "-" || name == "tee" }) ? input : nil
        case "base64", "gbase64":
            guard let input, words.contains(where: { $0 == "-d" || $0 == "-D" || $0 == "--decode" || $0 == "-di" || $0 == "-id" }) else { return nil }
            return Base64Text.decode(input)
        case "openssl":
            guard let input, words.contains("-d"), words.first == "base64" || words.contains("-base64") || words.contains("-a") else { return nil }
            return Base64Text.decode(input)
        case "xxd":
            guard let input, words.contains(where: { $0.hasPrefix("-") && $0.contains("r") }), words.contains(where: { $0.hasPrefix("-") && $0.contains("p") })
            else { return nil }
            return hex(input)
        case "rev":
            guard let input, words.isEmpty else { return nil }
            return input.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0.reversed()) }.joined(separator: [0x0A]).map { $0 }
        case "tr":
            guard let input, words.count == 2 else { return nil }
            return translate(input, words[0], words[1])
        case "which", "type", "command":
            guard asSubstitution, let last = words.last, !last.hasPrefix("-"), words.count <= 2,
                name == "which" || words.first == "-v" || words.first == "-P" || words.first == "-p"
            else { return nil }
            return Array(last.utf8)
        default: return nil
        }
    }

    private static func echo(_ words: [String]) -> [UInt8] {
        var words = words[...]
        var decodes = false
        var endsLine = true
        while let word = words.first, word.hasPrefix("-"), word.utf8.count > 1, word.dropFirst().allSatisfy({ "neE".contains($0) }) {
            if word.contains("e") { decodes = true }
            if word.contains("n") { endsLine = false }
            words = words.dropFirst()
        }
        let text = words.joined(separator: " ")
        return (decodes ? EscapeSequences.decode(text, style: .echo) : Array(text.utf8)) + (endsLine ? [0x0A] : [])
    }

    private static func printf(_ words: [String]) -> [UInt8]? {
        var words = words[...]
        if words.first == "--" { words = words.dropFirst() }
        guard let format = words.popFirst(), format != "-v" else { return nil }
        var result: [UInt8] = []
        var rounds = 0
        repeat {
            var literal: [UInt8] = []
            var bytes = Array(format.utf8)[...]
            var used = false
            func flush() {
                result += EscapeSequences.decode(String(decoding: literal, as: UTF8.self), style: .ansi)
                literal = []
            }
            while let byte = bytes.popFirst() {
                guard byte == 0x25 else {
                    literal.append(byte)
                    continue
                }
                guard let kind = bytes.popFirst() else { return nil }
                flush()
                switch kind {
                case 0x25: result.append(0x25)
                case 0x73:
                    result += Array((words.popFirst() ?? "").utf8)
                    used = true
                case 0x62:
                    result += EscapeSequences.decode(words.popFirst() ?? "", style: .echo)
                    used = true
                default: return nil
                }
            }
            flush()
            rounds += 1
            if !used { break }
        } while !words.isEmpty && rounds < 100 && result.count < longest
        return result
    }

    private static func hex(_ input: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var high: UInt32?
        for byte in input {
            guard let digit = ShellBytes.hexValue(byte) else { continue }
            if let first = high {
                result.append(UInt8(first * 16 + digit))
                high = nil
            } else {
                high = digit
            }
        }
        return result
    }

    /// tr with plain sets and ranges such as `a-z`.
    private static func translate(_ input: [UInt8], _ from: String, _ to: String) -> [UInt8]? {
        guard let from = set(from), let to = set(to), let last = to.last else { return nil }
        return input.map { byte in
            guard let index = from.firstIndex(of: byte) else { return byte }
            return index < to.count ? to[index] : last
        }
    }

    private static func set(_ text: String) -> [UInt8]? {
        let bytes = EscapeSequences.decode(text, style: .ansi)
        guard !bytes.contains(0x5B), bytes.count <= 256, bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if index + 2 < bytes.count, bytes[index + 1] == 0x2D, bytes[index] <= bytes[index + 2] {
                result += Array(bytes[index]...bytes[index + 2])
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }
}

/// Base64, as forgiving as the programs that read it.
enum Base64Text {
    /// Decodes what is there; stops at the padding. Nil when a byte belongs to neither alphabet.
    static func decode(_ input: some Sequence<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in input {
            let value: UInt32
            switch byte {
            case 0x41...0x5A: value = UInt32(byte - 0x41)
            case 0x61...0x7A: value = UInt32(byte - 0x61) + 26
            case 0x30...0x39: value = UInt32(byte - 0x30) + 52
            case 0x2B, 0x2D: value = 62
            case 0x2F, 0x5F: value = 63
            case 0x3D: return finish(result, bits, count)
            case 0x0A, 0x0D, 0x20, 0x09: continue
            default: return nil
            }
            bits = bits << 6 | value
            count += 1
            if count == 4 {
                result.append(contentsOf: [UInt8(bits >> 16 & 0xFF), UInt8(bits >> 8 & 0xFF), UInt8(bits & 0xFF)])
                bits = 0
                count = 0
            }
        }
        return finish(result, bits, count)
    }

    private static func finish(_ bytes: [UInt8], _ bits: UInt32, _ count: Int) -> [UInt8] {
        switch count {
        case 3: bytes + [UInt8(bits >> 10 & 0xFF), UInt8(bits >> 2 & 0xFF)]
        case 2: bytes + [UInt8(bits >> 4 & 0xFF)]
        default: bytes
        }
    }
}
