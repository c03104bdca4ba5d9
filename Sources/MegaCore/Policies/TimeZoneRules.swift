// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// The offsets of one time zone from UTC, read from the system's data base (TZif, RFC 8536).
///
/// Made once when rules are read; the data base is not looked at again.
public struct TimeZoneRules: Sendable, Hashable {
    /// The name, such as `Europe/Berlin`.
    public let identifier: String

    /// Seconds since 1970 from which each offset holds, rising.
    private let transitions: [Int64]
    private let offsets: [Int]
    /// The offset before the first transition.
    private let firstOffset: Int
    /// What holds after the last transition.
    private let footer: RecurringOffset?

    /// UTC, without any data base.
    public static let utc = TimeZoneRules(identifier: "UTC", transitions: [], offsets: [], firstOffset: 0, footer: nil)

    /// Where systems keep the data base.
    public static let systemFolder = "/usr/share/zoneinfo"

    /// Reads the rules of a zone; nil when the name is none or the data base does not have it.
    ///
    /// - Parameter folder: The data base.
    public init?(identifier: String, folder: String = TimeZoneRules.systemFolder) {
        if identifier == "UTC" || identifier == "GMT" || identifier == "Etc/UTC" {
            self = .utc
            return
        }
        let parts = identifier.split(separator: "/", omittingEmptySubsequences: false)
        let isName = parts.allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F || byte == 0x2D || byte == 0x2B
            }
        }
        guard isName, identifier.utf8.count <= 64, let data = FileManager.default.contents(atPath: "\(folder)/\(identifier)"), data.count <= 1 << 20 else { return nil }
        self.init(identifier: identifier, file: [UInt8](data))
    }

    /// Reads a TZif file.
    init?(identifier: String, file bytes: [UInt8]) {
        guard let first = TimeZoneFile.Header(bytes, at: 0) else { return nil }
        // Version 1 has 32-bit times only; later ones repeat everything with 64 bits and add a rule for what follows.
        let usesLongTimes = first.version >= 2
        let start = usesLongTimes ? TimeZoneFile.Header.size + first.bodySize(timeSize: 4) : 0
        guard let header = TimeZoneFile.Header(bytes, at: start) else { return nil }
        let timeSize = usesLongTimes ? 8 : 4
        let body = start + TimeZoneFile.Header.size
        guard body + header.bodySize(timeSize: timeSize) <= bytes.count, header.types > 0 else { return nil }
        var transitions: [Int64] = []
        var offsets: [Int] = []
        let indices = body + header.times * timeSize
        let types = indices + header.times
        func offset(ofType type: Int) -> Int? {
            guard type < header.types else { return nil }
            return Int(Int32(truncatingIfNeeded: TimeZoneFile.number(bytes, at: types + type * 6, size: 4)))
        }
        for index in 0..<header.times {
            guard let offset = offset(ofType: Int(bytes[indices + index])) else { return nil }
            transitions.append(TimeZoneFile.number(bytes, at: body + index * timeSize, size: timeSize))
            offsets.append(offset)
        }
        guard zip(transitions, transitions.dropFirst()).allSatisfy({ $0 < $1 }), let firstOffset = offset(ofType: 0) else { return nil }
        var footer: RecurringOffset?
        if usesLongTimes {
            let text = bytes[(body + header.bodySize(timeSize: timeSize))...].drop(while: { $0 == 0x0A }).prefix(while: { $0 != 0x0A })
            footer = RecurringOffset(String(decoding: text, as: UTF8.self))
        }
        self.init(identifier: identifier, transitions: transitions, offsets: offsets, firstOffset: firstOffset, footer: footer)
    }

    private init(identifier: String, transitions: [Int64], offsets: [Int], firstOffset: Int, footer: RecurringOffset?) {
        self.identifier = identifier
        self.transitions = transitions
        self.offsets = offsets
        self.firstOffset = firstOffset
        self.footer = footer
    }

    /// Seconds east of UTC at a time.
    public func secondsFromUTC(at date: Date) -> Int {
        let time = Int64(date.timeIntervalSince1970.rounded(.down))
        guard let last = transitions.last else { return footer?.offset(at: time) ?? firstOffset }
        if time >= last { return footer?.offset(at: time) ?? offsets[offsets.count - 1] }
        var (low, high) = (0, transitions.count)
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= time { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? firstOffset : offsets[low - 1]
    }

    /// The day and time a clock on the wall shows.
    ///
    /// - Returns: Days since Monday (0 … 6) and minutes since midnight.
    public func wallClock(at date: Date) -> (weekday: Int, minute: Int) {
        let local = Int64(date.timeIntervalSince1970.rounded(.down)) + Int64(secondsFromUTC(at: date))
        let day = local.flooredQuotient(86_400)
        // 1970-01-01 was a Thursday.
        return (Int((day + 3).flooredRemainder(7)), Int(local.flooredRemainder(86_400) / 60))
    }
}

/// The layout of a TZif file.
private enum TimeZoneFile {
    struct Header {
        static let size = 44
        var version: Int
        var utIndicators: Int, standardIndicators: Int, leaps: Int, times: Int, types: Int, characters: Int

        init?(_ bytes: [UInt8], at start: Int) {
            guard start >= 0, start + Self.size <= bytes.count, Array(bytes[start..<(start + 4)]) == Array("TZif".utf8) else { return nil }
            version = bytes[start + 4] == 0 ? 1 : Int(bytes[start + 4]) - 0x30
            let counts = (0..<6).map { TimeZoneFile.number(bytes, at: start + 20 + $0 * 4, size: 4) }
            guard counts.allSatisfy({ (0...100_000).contains($0) }) else { return nil }
            utIndicators = Int(counts[0])
            standardIndicators = Int(counts[1])
            leaps = Int(counts[2])
            times = Int(counts[3])
            types = Int(counts[4])
            characters = Int(counts[5])
        }

        func bodySize(timeSize: Int) -> Int {
            times * (timeSize + 1) + types * 6 + characters + leaps * (timeSize + 4) + standardIndicators + utIndicators
        }
    }

    static func number(_ bytes: [UInt8], at start: Int, size: Int) -> Int64 {
        guard start + size <= bytes.count else { return 0 }
        var value: Int64 = bytes[start] >= 0x80 && size == 8 ? -1 : 0
        for byte in bytes[start..<(start + size)] { value = value << 8 | Int64(byte) }
        return value
    }
}

extension Int64 {
    func flooredQuotient(_ divisor: Int64) -> Int64 { self >= 0 ? self / divisor : -((-self + divisor - 1) / divisor) }
    func flooredRemainder(_ divisor: Int64) -> Int64 { self - flooredQuotient(divisor) * divisor }
}
