// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Which script a character belongs to, and what follows from it.
struct Script: RawRepresentable, Sendable, Hashable {
    /// The number in the generated table.
    var rawValue: UInt8

    static let common = Script(rawValue: 0)
    static let inherited = Script(rawValue: 1)
    static let latin = Script(rawValue: 2)
    static let cyrillic = Script(rawValue: 3)
    static let greek = Script(rawValue: 4)
    static let armenian = Script(rawValue: 5)
    static let hebrew = Script(rawValue: 6)
    static let arabic = Script(rawValue: 7)
    static let han = Script(rawValue: 8)
    static let hiragana = Script(rawValue: 9)
    static let katakana = Script(rawValue: 10)
    static let hangul = Script(rawValue: 11)
    static let bopomofo = Script(rawValue: 12)
    static let khmer = Script(rawValue: 0x43)
    static let lao = Script(rawValue: 0x46)
    static let mongolian = Script(rawValue: 0x5C)
    static let myanmar = Script(rawValue: 0x5F)
    static let phagsPa = Script(rawValue: 0x79)
    static let thai = Script(rawValue: 0x96)
    static let unknown = Script(rawValue: 0xFF)

    /// The script of a character; `unknown` when it is not assigned.
    static func of(_ scalar: UInt32) -> Script {
        if scalar < 0x80 {
            let isLetter = (scalar | 0x20) &- 0x61 < 26
            return isLetter ? .latin : .common
        }
        return table.script(of: scalar)
    }

    /// Written without blanks between words, or with marks of their own for it: a wide blank or full stop is at home there.
    var isEastAsian: Bool { self == .han || self == .hiragana || self == .katakana || self == .hangul || self == .bopomofo }

    /// Scripts whose words may be broken at a zero width space because they write none.
    var breaksWithoutBlanks: Bool { self == .khmer || self == .thai || self == .lao || self == .myanmar }

    /// A script of letters that is neither Latin nor only shared characters.
    var isForeignToLatin: Bool { self != .common && self != .inherited && self != .latin && self != .unknown }

    private static let table = ScriptTable(ScriptData.text)
}

/// The ranges of the generated table.
struct ScriptTable: Sendable {
    private var firsts: [UInt32] = []
    private var lasts: [UInt32] = []
    private var scripts: [UInt8] = []

    /// Decodes `STEP+LENGTH=SCRIPT` tokens, hexadecimal, separated by blanks.
    init(_ text: StaticString) {
        text.withUTF8Buffer { bytes in
            var end: UInt32 = 0
            var first: UInt32 = 0
            var number: UInt32 = 0
            var isOpen = false
            for byte in bytes + [0x20] {
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt32(byte &- 0x30)
                case UInt8(ascii: "a")...UInt8(ascii: "f"): number = number << 4 | UInt32(byte &- 0x57)
                case UInt8(ascii: "+"):
                    first = end &+ number
                    number = 0
                case UInt8(ascii: "="):
                    end = first &+ number
                    number = 0
                    isOpen = true
                default:
                    guard isOpen else { continue }
                    firsts.append(first)
                    lasts.append(end)
                    scripts.append(UInt8(truncatingIfNeeded: number))
                    number = 0
                    isOpen = false
                }
            }
        }
    }

    func script(of scalar: UInt32) -> Script {
        var low = 0
        var high = firsts.count
        while low < high {
            let middle = (low + high) >> 1
            if lasts[middle] < scalar { low = middle + 1 } else { high = middle }
        }
        guard low < firsts.count, firsts[low] <= scalar else { return .unknown }
        return Script(rawValue: scripts[low])
    }
}
