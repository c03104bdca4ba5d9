// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// A date, a time of day, or both, as an argument gives them.
struct Moment: Sendable, Hashable {
    var year: Int?
    var month: Int?
    var day: Int?
    /// Minutes since midnight.
    var minutes: Int?

    /// `YYYY-MM-DD`, `HH:MM`, or both, with a blank or `T` between; seconds are let pass when they are nought.
    init?(_ text: String) {
        let parts = text.split { $0 == " " || $0 == "T" }
        guard (1...2).contains(parts.count) else { return nil }
        var rest = parts[...]
        if let date = Self.date(parts[0]) {
            (year, month, day) = (date.year, date.month, date.day)
            rest = rest.dropFirst()
        }
        if let time = rest.first {
            guard let value = Self.time(time) else { return nil }
            minutes = value
            rest = rest.dropFirst()
        }
        guard rest.isEmpty, day != nil || minutes != nil else { return nil }
    }

    private static func date(_ text: Substring) -> (year: Int, month: Int, day: Int)? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2,
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        return (year, month, day)
    }

    private static func time(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), parts.allSatisfy({ $0.count == 2 }), let hour = Int(parts[0]), let minute = Int(parts[1]),
            (0..<24).contains(hour), (0..<60).contains(minute), parts.count == 2 || parts[2] == "00"
        else { return nil }
        return hour * 60 + minute
    }
}

/// The dates, times and lengths of time a person's message names, in general English and ISO 8601.
struct NamedMoments: Sendable {
    struct Day: Sendable, Hashable {
        var year: Int?
        var month: Int
        var day: Int
        /// The offset of the word it begins at.
        var start: Int
    }

    private(set) var days: [Day] = []
    /// Minutes since midnight.
    private(set) var times: Set<Int> = []
    /// Minutes.
    private(set) var lengths: Set<Int> = []

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
    ]
    private static let numbers = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]

    init(_ text: ReadText) {
        let words = text.words
        func gap(_ index: Int) -> [UInt8] { index + 1 < words.count ? Array(text.bytes[words[index].end..<words[index + 1].start]) : [] }
        for (index, word) in words.enumerated() {
            readDate(words, index, gap)
            readTime(words, index, gap)
            let count = Int(word.lower) ?? Self.numbers.firstIndex(of: word.lower).map { $0 + 1 } ?? (word.lower == "an" ? 1 : nil)
            if let count, count <= 1000, index + 1 < words.count, gap(index) == [0x20] || gap(index) == [0x2D] {
                switch words[index + 1].lower {
                case "hour", "hours", "h", "hrs": lengths.insert(count * 60)
                case "minute", "minutes", "min", "mins": lengths.insert(count)
                default: break
                }
            }
        }
    }

    private mutating func readDate(_ words: [ReadText.Word], _ index: Int, _ gap: (Int) -> [UInt8]) {
        let word = words[index]
        if word.lower.utf8.count == 4, let year = Int(word.lower), index + 2 < words.count, gap(index) == [0x2D], gap(index + 1) == [0x2D],
            let month = Int(words[index + 1].lower), let day = Self.day(words[index + 2].lower), (1...12).contains(month)
        {
            days.append(Day(year: year, month: month, day: day, start: word.start))
        }
        guard word.lower.utf8.count >= 3, let month = Self.months.firstIndex(where: { $0 == word.lower || $0.prefix(3) == word.lower }) else { return }
        // "May 15th, 2024"
        if index + 1 < words.count, let day = Self.day(words[index + 1].lower) {
            let year = index + 2 < words.count && words[index + 2].lower.utf8.count == 4 ? Int(words[index + 2].lower) : nil
            days.append(Day(year: year, month: month + 1, day: day, start: word.start))
            // "May 15th to 17th"
            var next = index + 2
            if next < words.count, Self.ranges.contains(words[next].lower) || gap(index + 1) == [0x2D] {
                while next < words.count, Self.ranges.contains(words[next].lower) || words[next].lower == "the" { next += 1 }
                if next < words.count, let last = Self.day(words[next].lower) {
                    days.append(Day(year: nil, month: month + 1, day: last, start: words[next].start))
                }
            }
        }
        // "15th of May 2024"
        var before = index - 1
        if before >= 0, words[before].lower == "of" { before -= 1 }
        if before >= 0, let day = Self.day(words[before].lower) {
            let year = index + 1 < words.count && words[index + 1].lower.utf8.count == 4 ? Int(words[index + 1].lower) : nil
            days.append(Day(year: year, month: month + 1, day: day, start: words[before].start))
            // "13th to the 15th of May"
            var first = before - 1
            if first >= 0, words[first].lower == "the" { first -= 1 }
            let isRange = first >= 0 && Self.ranges.contains(words[first].lower)
            if isRange { first -= 1 }
            if first >= 0, isRange || first == before - 1 && gap(first) == [0x2D], let day = Self.day(words[first].lower) {
                days.append(Day(year: year, month: month + 1, day: day, start: words[first].start))
            }
        }
    }

    private static let ranges: Set<String> = ["to", "until", "till", "through", "and"]

    private mutating func readTime(_ words: [ReadText.Word], _ index: Int, _ gap: (Int) -> [UInt8]) {
        let word = words[index].lower
        if word == "noon" { times.insert(12 * 60) }
        if word == "midnight" { times.insert(0) }
        if let hour = Int(word), (0..<24).contains(hour) {
            if index + 1 < words.count, gap(index) == [0x3A], words[index + 1].lower.utf8.count >= 2 {
                let rest = words[index + 1].lower
                guard let minute = Int(rest.prefix(2)), (0..<60).contains(minute) else { return }
                let half = rest.dropFirst(2).isEmpty ? (index + 2 < words.count && gap(index + 1).count <= 1 ? words[index + 2].lower : "") : String(rest.dropFirst(2))
                times.insert(Self.clock(hour, half) * 60 + minute)
            } else if index + 1 < words.count, gap(index) == [0x20], ["am", "pm"].contains(words[index + 1].lower) {
                times.insert(Self.clock(hour, words[index + 1].lower) * 60)
            }
        } else if word.hasSuffix("am") || word.hasSuffix("pm"), let hour = Int(word.dropLast(2)), (1...12).contains(hour) {
            times.insert(Self.clock(hour, String(word.suffix(2))) * 60)
        }
    }

    private static func clock(_ hour: Int, _ half: String) -> Int {
        half == "pm" && hour < 12 ? hour + 12 : half == "am" && hour == 12 ? 0 : hour
    }

    private static func day(_ word: String) -> Int? {
        var digits = Substring(word)
        for ending in ["st", "nd", "rd", "th"] where digits.hasSuffix(ending) { digits = digits.dropLast(2) }
        guard digits.utf8.count <= 2, let day = Int(digits), (1...31).contains(day) else { return nil }
        return day
    }

    /// Whether the person named this day. A year nobody named may be any.
    func names(_ moment: Moment) -> Bool {
        guard let month = moment.month, let day = moment.day else { return false }
        return days.contains { $0.month == month && $0.day == day && ($0.year == nil || $0.year == moment.year) }
    }

    /// Whether the person named this time of day, or it lies a named length after a named time.
    func namesTime(_ minutes: Int) -> Bool {
        times.contains(minutes) || times.contains { start in lengths.contains { (start + $0) % 1440 == minutes } }
    }
}
