// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Days and hours of the week by the clock of one place.
///
/// A window that ends before it begins goes over midnight and belongs to the day it began on.
public struct TimeWindow: Sendable, Hashable {
    /// Days in the order of the week.
    public enum Weekday: String, Sendable, Hashable, Codable, CaseIterable {
        case monday = "mon", tuesday = "tue", wednesday = "wed", thursday = "thu", friday = "fri", saturday = "sat", sunday = "sun"
    }

    /// The days it begins on; never empty.
    public var weekdays: Set<Weekday>
    /// Minutes after midnight, 0 … 1439, from which it is open.
    public var start: Int
    /// Minutes after midnight, 1 … 1440, at which it closes.
    public var end: Int
    /// Whose clock counts.
    public var timeZone: TimeZoneRules

    /// Makes a window; the whole week in UTC unless said otherwise.
    public init(weekdays: Set<Weekday> = Set(Weekday.allCases), start: Int = 0, end: Int = 1440, timeZone: TimeZoneRules = .utc) {
        self.weekdays = weekdays
        self.start = start
        self.end = end
        self.timeZone = timeZone
    }

    /// Whether a moment lies in it.
    public func contains(_ date: Date) -> Bool {
        let (day, minute) = timeZone.wallClock(at: date)
        let today = Weekday.allCases[day]
        if start < end { return weekdays.contains(today) && minute >= start && minute < end }
        let yesterday = Weekday.allCases[(day + 6) % 7]
        return (weekdays.contains(today) && minute >= start) || (weekdays.contains(yesterday) && minute < end)
    }

    /// Reads `09:00-18:30`, `9-18` or `22:00-06:00`; nil when it is none.
    public static func hours(_ text: String) -> (start: Int, end: Int)? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { $0.filter { $0 != " " } }
        guard parts.count == 2, let start = minutes(parts[0]), let end = minutes(parts[1]), start < 1440, end > 0, start != end else { return nil }
        return (start, end)
    }

    /// Reads `mon`, `Monday`, `mon-fri`, `sat-mon`; nil when it is none.
    public static func weekdays(_ text: String) -> Set<Weekday>? {
        let parts = text.lowercased().split(separator: "-", omittingEmptySubsequences: false).map { $0.filter { $0 != " " } }
        let all = Weekday.allCases
        let days = parts.compactMap { part in all.firstIndex { "\($0)" == part || $0.rawValue == part } }
        guard days.count == parts.count, (1...2).contains(days.count) else { return nil }
        guard days.count == 2 else { return [all[days[0]]] }
        return Set((0...(days[1] - days[0] + 7) % 7).map { all[(days[0] + $0) % 7] })
    }

    private static func minutes(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ (1...2).contains($0.count) && $0.allSatisfy(\.isNumber) }), let hours = Int(parts[0]) else { return nil }
        let minutes = parts.count == 2 ? Int(parts[1]) ?? 60 : 0
        guard minutes < 60, hours < 24 || (hours == 24 && minutes == 0) else { return nil }
        return hours * 60 + minutes
    }
}

extension TimeWindow: Codable {
    private enum CodingKeys: String, CodingKey { case weekdays, start, end, timeZone }

    /// Reads what ``encode(to:)`` wrote; the zone's rules come from this system.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let zone = try values.decode(String.self, forKey: .timeZone)
        guard let rules = TimeZoneRules(identifier: zone) else {
            throw DecodingError.dataCorruptedError(forKey: .timeZone, in: values, debugDescription: "the time zone \(zone) is not known here")
        }
        self.init(
            weekdays: try values.decode(Set<Weekday>.self, forKey: .weekdays), start: try values.decode(Int.self, forKey: .start),
            end: try values.decode(Int.self, forKey: .end), timeZone: rules)
    }

    /// Writes the zone by its name.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(Weekday.allCases.filter(weekdays.contains), forKey: .weekdays)
        try values.encode(start, forKey: .start)
        try values.encode(end, forKey: .end)
        try values.encode(timeZone.identifier, forKey: .timeZone)
    }
}

extension TimeWindow: CustomStringConvertible {
    /// `mon tue 09:00-18:00 Europe/Berlin`
    public var description: String {
        func clock(_ minutes: Int) -> String {
            let (hour, minute) = (minutes / 60, minutes % 60)
            return "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
        }
        let days = weekdays.count == 7 ? "" : Weekday.allCases.filter(weekdays.contains).map(\.rawValue).joined(separator: " ") + " "
        return "\(days)\(clock(start))-\(clock(end)) \(timeZone.identifier)"
    }
}
