// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Writes classic BPF programs for seccomp, instruction by instruction (linux/filter.h, seccomp(2)).
///
/// The input of such a program is the system call's number at offset 0, the architecture at 4 and six 64-bit arguments from 16 on. Every
/// jump is forward by at most 255 instructions; a block that ends in a return is jumped over whole.
struct FilterAssembler {
    /// What happens to a call.
    enum Verdict: Hashable {
        case allow
        /// The call fails with the error number.
        case fail(UInt16)
        /// The whole process dies.
        case kill

        var value: UInt32 {
            switch self {
            case .allow: 0x7FFF_0000
            case .fail(let number): 0x0005_0000 | UInt32(number)
            case .kill: 0x8000_0000
            }
        }
    }

    /// What is looked at.
    enum Field: Hashable {
        case number
        case architecture
        /// The lower half of an argument. The calls filtered here take integers of 32 bits, of which the kernel reads no more.
        case argument(Int)

        var offset: UInt32 {
            switch self {
            case .number: 0
            case .architecture: 4
            // Both supported architectures store the lower half first.
            case .argument(let index): UInt32(16 + 8 * index)
            }
        }
    }

    /// Code 16 bits, jump if true 8, jump if false 8, operand 32; packed as the kernel lays it out in memory on little-endian machines.
    private(set) var words: [UInt64] = []

    private mutating func add(_ code: UInt16, _ operand: UInt32, true yes: UInt8 = 0, false no: UInt8 = 0) {
        words.append(UInt64(code) | UInt64(yes) << 16 | UInt64(no) << 24 | UInt64(operand) << 32)
    }

    mutating func load(_ field: Field) { add(0x20, field.offset) }
    mutating func mask(_ bits: UInt32) { add(0x54, bits) }
    mutating func end(_ verdict: Verdict) { add(0x06, verdict.value) }

    /// Runs the block, which must end in a verdict, when what was loaded equals the value.
    mutating func when(equals value: UInt32, _ block: (inout FilterAssembler) -> Void) { jump(0x15, value, runsWhenTrue: true, block) }
    mutating func unless(equals value: UInt32, _ block: (inout FilterAssembler) -> Void) { jump(0x15, value, runsWhenTrue: false, block) }
    mutating func when(atLeast value: UInt32, _ block: (inout FilterAssembler) -> Void) { jump(0x35, value, runsWhenTrue: true, block) }
    /// Runs the block when any of the bits is set.
    mutating func when(anyOf bits: UInt32, _ block: (inout FilterAssembler) -> Void) { jump(0x45, bits, runsWhenTrue: true, block) }

    private mutating func jump(_ code: UInt16, _ value: UInt32, runsWhenTrue: Bool, _ block: (inout FilterAssembler) -> Void) {
        var inner = FilterAssembler()
        block(&inner)
        precondition(inner.words.count <= 255, "a block is too long for a jump")
        let over = UInt8(inner.words.count)
        add(code, value, true: runsWhenTrue ? 0 : over, false: runsWhenTrue ? over : 0)
        words += inner.words
    }

    /// The program as bytes, for `bwrap --seccomp`.
    var bytes: [UInt8] { words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) } } }
}
