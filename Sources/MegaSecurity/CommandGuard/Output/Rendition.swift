// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// The colours and the concealment that are in force, as SGR sequences set them (ECMA-48 8.3.117, ISO 8613-6 for colours).
struct Rendition: Sendable, Hashable {
    private enum Colour: Hashable {
        case indexed(Int)
        case direct(Int, Int, Int)
    }

    private var foreground: Colour?
    private var background: Colour?
    private var isConcealed = false

    /// Whether text in it cannot be seen.
    var isHidden: Bool { isConcealed || (foreground != nil && foreground == background) }

    mutating func apply(_ parameters: [UInt8]) {
        var numbers: [Int] = []
        var number = 0
        for byte in parameters + [UInt8(ascii: ";")] {
            if byte &- 0x30 < 10 {
                number = min(number * 10 + Int(byte - 0x30), 65_535)
            } else {
                numbers.append(number)
                number = 0
            }
        }
        var index = 0
        while index < numbers.count {
            let code = numbers[index]
            index += 1
            switch code {
            case 0: self = Rendition()
            case 8: isConcealed = true
            case 28: isConcealed = false
            case 30...37: foreground = .indexed(code - 30)
            case 40...47: background = .indexed(code - 40)
            case 90...97: foreground = .indexed(code - 82)
            case 100...107: background = .indexed(code - 92)
            case 39: foreground = nil
            case 49: background = nil
            case 38, 48:
                guard let colour = Self.colour(numbers, &index) else { return }
                if code == 38 { foreground = colour } else { background = colour }
            default: break
            }
        }
    }

    private static func colour(_ numbers: [Int], _ index: inout Int) -> Colour? {
        guard index < numbers.count else { return nil }
        if numbers[index] == 5, index + 1 < numbers.count {
            index += 2
            return .indexed(numbers[index - 1])
        }
        guard numbers[index] == 2, index + 3 < numbers.count else { return nil }
        index += 4
        return .direct(numbers[index - 3], numbers[index - 2], numbers[index - 1])
    }
}
