// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Testing

@testable import MegaSecurity

/// Runs classic BPF as the kernel does for seccomp, and refuses what the kernel's checker refuses.
private struct FilterMachine {
    struct Input {
        var number: UInt32
        var architecture: UInt32
        var arguments: [UInt64] = []

        func word(at offset: UInt32) -> UInt32? {
            switch offset {
            case 0: return number
            case 4: return architecture
            case 16..<64 where offset % 4 == 0:
                let index = Int(offset - 16) / 8
                let value = index < arguments.count ? arguments[index] : 0
                return UInt32(truncatingIfNeeded: offset % 8 == 0 ? value : value >> 32)
            default: return nil
            }
        }
    }

    enum Flaw: Error { case unknownInstruction(UInt16), outside, noEnd }

    let words: [UInt64]

    func run(_ input: Input) throws -> UInt32 {
        var accumulator: UInt32 = 0
        var index = 0
        while index < words.count {
            let word = words[index]
            let (code, yes, no) = (UInt16(truncatingIfNeeded: word), Int(word >> 16 & 0xFF), Int(word >> 24 & 0xFF))
            let operand = UInt32(truncatingIfNeeded: word >> 32)
            index += 1
            switch code {
            case 0x20:
                guard let loaded = input.word(at: operand) else { throw Flaw.outside }
                accumulator = loaded
            case 0x54: accumulator &= operand
            case 0x15: index += accumulator == operand ? yes : no
            case 0x35: index += accumulator >= operand ? yes : no
            case 0x45: index += accumulator & operand != 0 ? yes : no
            case 0x06: return operand
            default: throw Flaw.unknownInstruction(code)
            }
        }
        throw Flaw.noEnd
    }
}

@Suite("Filter of system calls") struct SystemCallFilterTests {
    private static let filters = [SystemCallFilter.Sockets.none, .internet].flatMap { sockets in
        [false, true].flatMap { unix in
            [false, true].map { SystemCallFilter(sockets: sockets, allowsUnixSockets: unix, hasNamespaces: $0) }
        }
    }

    private func verdict(
        _ filter: SystemCallFilter, _ architecture: Architecture, _ number: UInt32?, _ arguments: [UInt64] = [], as other: UInt32? = nil
    ) throws -> UInt32 {
        let number = try #require(number)
        return try FilterMachine(words: filter.program(for: architecture).words)
            .run(.init(number: number, architecture: other ?? architecture.identifier, arguments: arguments))
    }

    private let allow = FilterAssembler.Verdict.allow.value
    private let kill = FilterAssembler.Verdict.kill.value
    private let refuse = FilterAssembler.Verdict.fail(1).value

    @Test("Every program ends for every call, is short enough for the kernel and fits its bytes", arguments: Architecture.allCases)
    func total(_ architecture: Architecture) throws {
        var generator = SeededGenerator(seed: 7)
        for filter in Self.filters {
            let program = filter.program(for: architecture)
            #expect(program.words.count <= 4096)
            #expect(program.bytes.count == program.words.count * 8)
            let machine = FilterMachine(words: program.words)
            for number in UInt32(0)..<600 {
                for _ in 0..<4 {
                    let arguments = (0..<6).map { _ in UInt64.random(in: 0...(.max), using: &generator) & (Bool.random(using: &generator) ? 0xFF : .max) }
                    _ = try machine.run(.init(number: number, architecture: architecture.identifier, arguments: arguments))
                }
            }
        }
    }

    @Test("Another architecture is killed, and the x32 interface", arguments: filters) func foreign(_ filter: SystemCallFilter) throws {
        // i386, ARM, the other one, and nonsense.
        for identifier: UInt32 in [0x4000_0003, 0x4000_0028, 0, 0xFFFF_FFFF] {
            for architecture in Architecture.allCases { #expect(try verdict(filter, architecture, 1, as: identifier) == kill) }
        }
        #expect(try verdict(filter, .x86_64, 1, as: Architecture.arm64.identifier) == kill)
        for number: UInt32 in [0x4000_0000, 0x4000_0029, 0x7FFF_FFFF] { #expect(try verdict(filter, .x86_64, number) == kill) }
    }

    @Test("What is listed is refused on both processors, whatever its arguments", arguments: filters) func listed(_ filter: SystemCallFilter) throws {
        for architecture in Architecture.allCases {
            for call in SystemCall.privileged where call.number(on: architecture) != nil {
                #expect(try verdict(filter, architecture, call.number(on: architecture)) == refuse, "\(call.name)")
                #expect(try verdict(filter, architecture, call.number(on: architecture), [.max, .max, .max]) == refuse, "\(call.name)")
            }
            for call in SystemCall.absent {
                #expect(try verdict(filter, architecture, call.number(on: architecture)) == FilterAssembler.Verdict.fail(38).value, "\(call.name)")
            }
            for call in SystemCall.contained + SystemCall.metadata where call.number(on: architecture) != nil {
                let isRefused = try verdict(filter, architecture, call.number(on: architecture), [0, 0, 0]) == refuse
                #expect(isRefused == !filter.hasNamespaces, "\(call.name)")
            }
        }
    }

    /// The numbers a header of the kernel gives.
    private static func numbers(_ path: String, _ prefixes: [String]) -> [String: UInt32] {
        var found: [String: UInt32] = [:]
        for line in (SmallText.read(path, limit: 1 << 20) ?? "").split(separator: "\n") {
            let words = line.split(separator: " ").flatMap { $0.split(separator: "\t") }
            guard words.count == 3, words[0] == "#define", let number = UInt32(words[2]),
                let prefix = prefixes.first(where: { words[1].hasPrefix($0) })
            else { continue }
            let name = String(words[1].dropFirst(prefix.count))
            if found[name] == nil { found[name] = number }
        }
        return found
    }

    private static let headers: [(Architecture, path: String, prefixes: [String])] = [
        // 64-bit ARM uses the generic table (arch/arm64/include/uapi/asm/unistd.h).
        (.arm64, "/usr/include/asm-generic/unistd.h", ["__NR3264_", "__NR_"]),
        (.x86_64, "/usr/include/x86_64-linux-gnu/asm/unistd_64.h", ["__NR_"]),
    ]

    @Test("The numbers are those of the kernel's headers, on both processors", arguments: Architecture.allCases) func headerNumbers(_ architecture: Architecture) throws {
        let header = try #require(Self.headers.first { $0.0 == architecture })
        let known = Self.numbers(header.path, header.prefixes)
        guard known.count > 250 else { try Test.cancel("the kernel's headers are not installed") }
        let calls = SystemCall.privileged + SystemCall.absent + SystemCall.contained + SystemCall.metadata + [.socket, .clone, .clone3, .ioctl]
            + SystemCall.onProcess.map(\.0) + SystemCall.modes.map(\.0)
        let newest = known.values.filter { $0 < 1000 }.max() ?? 0
        for call in calls {
            let number = call.number(on: architecture)
            // Headers that are older than a call do not know it.
            if known[call.name] == nil, let number, number > newest { continue }
            #expect(known[call.name] == number, "\(call.name)")
        }
    }

    @Test("No number stands for two calls") func numbers() {
        let calls = SystemCall.privileged + SystemCall.absent + SystemCall.contained + SystemCall.metadata + [.socket, .clone, .ioctl]
            + SystemCall.onProcess.map(\.0)
        for architecture in Architecture.allCases {
            let numbers = calls.compactMap { $0.number(on: architecture) }
            #expect(Set(numbers).count == numbers.count)
        }
    }

    @Test("Sockets go by family and kind", arguments: filters) func sockets(_ filter: SystemCallFilter) throws {
        for architecture in Architecture.allCases {
            for family in UInt64(0)..<64 {
                for kind: UInt64 in [1, 2, 3, 4, 5, 10, 1 | 0o4000, 2 | 0o2000000, 3 | 0o4000] {
                    let isInternet = family == 2 || family == 10
                    let isAllowed =
                        family == 1 ? filter.allowsUnixSockets : isInternet && filter.sockets == .internet && [1, 2].contains(kind & 15)
                    let result = try verdict(filter, architecture, SystemCall.socket.number(on: architecture), [family, kind, 0])
                    #expect((result == allow) == isAllowed, "family \(family) kind \(kind)")
                }
            }
            // The kernel reads 32 bits: what stands above them must not hide a family.
            let result = try verdict(filter, architecture, SystemCall.socket.number(on: architecture), [1 << 32 | 16, 3, 0])
            #expect(result != allow)
        }
    }

    @Test("New processes are allowed, new namespaces are not", arguments: Architecture.allCases) func clone(_ architecture: Architecture) throws {
        let filter = SystemCallFilter(sockets: .none, allowsUnixSockets: false, hasNamespaces: true)
        let number = SystemCall.clone.number(on: architecture)
        // fork, a thread, vfork.
        for flags: UInt64 in [17, 0x3D_0F00, 0x4111] { #expect(try verdict(filter, architecture, number, [flags]) == allow) }
        for bit: UInt64 in [0x20000, 0x200_0000, 0x400_0000, 0x800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000] {
            #expect(try verdict(filter, architecture, number, [bit | 17]) == refuse)
        }
    }

    @Test("Modes with a set-uid or set-gid bit are refused, others are not", arguments: Architecture.allCases) func modes(_ architecture: Architecture) throws {
        let filter = SystemCallFilter(sockets: .none, allowsUnixSockets: false, hasNamespaces: true)
        for (call, mode, flags) in SystemCall.modes {
            guard let number = call.number(on: architecture) else { continue }
            for (bits, isRefused) in [(0o755, false), (0o1777, false), (0o4755, true), (0o2755, true), (0o6000, true)] as [(UInt64, Bool)] {
                var arguments: [UInt64] = [0, 0, 0, 0]
                arguments[mode] = bits
                if let flags { arguments[flags] = 0o100 }
                #expect((try verdict(filter, architecture, number, arguments) == refuse) == isRefused, "\(call.name) \(bits)")
                if let flags {
                    arguments[flags] = 0
                    #expect(try verdict(filter, architecture, number, arguments) == allow, "\(call.name) without creating")
                }
            }
        }
    }

    @Test("The terminal's input cannot be written", arguments: Architecture.allCases) func terminal(_ architecture: Architecture) throws {
        let filter = SystemCallFilter(sockets: .internet, allowsUnixSockets: false, hasNamespaces: true)
        let number = SystemCall.ioctl.number(on: architecture)
        for request: UInt64 in [0x5412, 0x541C, 1 << 32 | 0x5412] { #expect(try verdict(filter, architecture, number, [0, request]) == refuse) }
        for request: UInt64 in [0x5401, 0x5413, 0x541B] { #expect(try verdict(filter, architecture, number, [0, request]) == allow) }
    }

    @Test("Without namespaces other processes cannot be named", arguments: Architecture.allCases) func others(_ architecture: Architecture) throws {
        let filter = SystemCallFilter(sockets: .none, allowsUnixSockets: false, hasNamespaces: false)
        for (call, argument) in SystemCall.onProcess {
            guard let number = call.number(on: architecture) else { continue }
            var arguments: [UInt64] = [0, 0]
            #expect(try verdict(filter, architecture, number, arguments) == allow, "\(call.name)")
            arguments[argument] = 1
            #expect(try verdict(filter, architecture, number, arguments) == refuse, "\(call.name)")
        }
    }
}
