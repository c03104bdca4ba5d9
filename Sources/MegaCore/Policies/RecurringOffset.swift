// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// A POSIX time zone such as `CET-1CEST,M3.5.0,M10.5.0/3`: an offset, and when it gives way to another every year.
///
/// Source: POSIX.1-2017, Base Definitions 8.3 (TZ), with the extension of RFC 8536, 3.3.1.
struct RecurringOffset: Sendable, Hashable {
    private enum Day: Hashable {
        /// Month 1 … 12, week 1 … 5 (5 is the last), weekday from Sunday.
        case month(Int, week: Int, weekday: Int)
        /// 1 … 365, the leap day never counted.
        case julian(Int)
        /// 0 … 365, the leap day counted.
        case ordinal(Int)
    }

    private struct Change: Hashable {
        var day: Day
        /// Seconds after midnight by the clock before the change.
        var time: Int
    }

    private let standard: Int
    private var summer: Int?
    private var begins: Change?
    private var ends: Change?

    init?(_ text: String) {
        var reader = Reader(text)
        guard reader.name(), let offset = reader.time() else { return nil }
        standard = -offset
        guard !reader.isAtEnd else { return }
        guard reader.name() else { return nil }
        summer = standard + 3600
        if reader.peek != UInt8(ascii: ","), let offset = reader.time() { summer = -offset }
        guard let first = reader.change(), let second = reader.change(), reader.isAtEnd else { return nil }
        (begins, ends) = (first, second)
    }

    /// Seconds east of UTC.
    func offset(at time: Int64) -> Int {
        guard let summer, let begins, let ends else { return standard }
        let year = Self.year(ofDay: (time + Int64(standard)).flooredQuotient(86_400))
        let start = Self.day(begins.day, in: year) * 86_400 + Int64(begins.time - standard)
        let end = Self.day(ends.day, in: year) * 86_400 + Int64(ends.time - summer)
        let isSummer = start < end ? time >= start && time < end : !(time >= end && time < start)
        return isSummer ? summer : standard
    }

    /// Days since 1970.
    private static func day(_ day: Day, in year: Int) -> Int64 {
        let newYear = days(beforeYear: year)
        switch day {
        case .ordinal(let number): return newYear + Int64(number)
        case .julian(let number): return newYear + Int64(number - 1) + (isLeap(year) && number >= 60 ? 1 : 0)
        case .month(let month, let week, let weekday):
            let first = newYear + Int64(daysBefore(month, in: year))
            // 1970-01-01 was a Thursday, 4 from Sunday.
            let firstWeekday = Int((first + 4).flooredRemainder(7))
            var result = (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
            if result >= length(of: month, in: year) { result -= 7 }
            return first + Int64(result)
        }
    }

    private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    private static func length(of month: Int, in year: Int) -> Int { [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] }

    private static func daysBefore(_ month: Int, in year: Int) -> Int { (1..<month).reduce(0) { $0 + length(of: $1, in: year) } }

    private static func days(beforeYear year: Int) -> Int64 {
        let before = Int64(year - 1)
        return 365 * Int64(year - 1970) + (before / 4 - 492) - (before / 100 - 19) + (before / 400 - 4)
    }

    private static func year(ofDay day: Int64) -> Int {
        var year = 1970 + Int(day.flooredQuotient(366))
        while days(beforeYear: year + 1) <= day { year += 1 }
        return year
    }

    private struct Reader {
        private let bytes: [UInt8]
        private var index = 0

        init(_ text: String) { bytes = Array(text.utf8.prefix(256)) }

        var peek: UInt8? { index < bytes.count ? bytes[index] : nil }
        var isAtEnd: Bool { index >= bytes.count }

        /// `CET` or `<+03>`.
        mutating func name() -> Bool {
            let start = index
            if peek == UInt8(ascii: "<") {
                while let byte = peek, byte != UInt8(ascii: ">") { index += 1; _ = byte }
                index += 1
                return index <= bytes.count
            }
            while let byte = peek, (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) { index += 1; _ = byte }
            return index - start >= 3
        }

        mutating func number() -> Int? {
            let start = index
            var value = 0
            while let byte = peek, (0x30...0x39).contains(byte), index - start < 4 {
                value = value * 10 + Int(byte - 0x30)
                index += 1
            }
            return index > start ? value : nil
        }

        /// `[+-]hh[:mm[:ss]]` in seconds.
        mutating func time() -> Int? {
            var sign = 1
            if peek == UInt8(ascii: "-") || peek == UInt8(ascii: "+") {
                sign = peek == UInt8(ascii: "-") ? -1 : 1
                index += 1
            }
            guard let hours = number(), hours <= 167 else { return nil }
            var seconds = hours * 3600
            for unit in [60, 1] where peek == UInt8(ascii: ":") {
                index += 1
                guard let value = number(), value < 60 else { return nil }
                seconds += value * unit
            }
            return sign * seconds
        }

        /// `,M3.5.0/2` and its like.
        mutating func change() -> Change? {
            guard take(",") else { return nil }
            let day: Day
            if take("M") {
                guard let month = number(), (1...12).contains(month), take("."), let week = number(), (1...5).contains(week), take("."),
                    let weekday = number(), weekday <= 6
                else { return nil }
                day = .month(month, week: week, weekday: weekday)
            } else if take("J") {
                guard let number = number(), (1...365).contains(number) else { return nil }
                day = .julian(number)
            } else {
                guard let number = number(), number <= 365 else { return nil }
                day = .ordinal(number)
            }
            var time = 7200
            if take("/") {
                guard let given = self.time() else { return nil }
                time = given
            }
            return Change(day: day, time: time)
        }

        private mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard peek == UInt8(ascii: character) else { return false }
            index += 1
            return true
        }
    }
}
