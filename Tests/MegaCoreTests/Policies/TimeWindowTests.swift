// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Testing

@testable import MegaCore

@Suite("Policies: time") struct TimeWindowTests {
    private func date(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

    @Test("Hours and days are read as people write them") func reading() {
        #expect(TimeWindow.hours("09:00-18:30").map { [$0.start, $0.end] } == [540, 1110])
        #expect(TimeWindow.hours("9 - 18").map { [$0.start, $0.end] } == [540, 1080])
        #expect(TimeWindow.hours("22:00-06:00").map { [$0.start, $0.end] } == [1320, 360])
        for text in ["", "9", "9-", "9-25", "9:60-10", "10-10", "24-6", "a-b", "9-10-11"] { #expect(TimeWindow.hours(text) == nil, "\(text)") }
        #expect(TimeWindow.weekdays("Mon") == [.monday])
        #expect(TimeWindow.weekdays("friday-monday") == [.friday, .saturday, .sunday, .monday])
        for text in ["", "day", "mon-", "mon-tue-wed"] { #expect(TimeWindow.weekdays(text) == nil, "\(text)") }
    }

    @Test("A rule of POSIX says when summer time begins and ends") func posix() throws {
        let berlin = try #require(RecurringOffset("CET-1CEST,M3.5.0,M10.5.0/3"))
        for (text, hours) in [
            ("2040-01-15T12:00:00Z", 1), ("2040-03-25T00:59:59Z", 1), ("2040-03-25T01:00:00Z", 2), ("2040-07-01T00:00:00Z", 2), ("2040-10-28T00:59:59Z", 2), ("2040-10-28T01:00:00Z", 1),
        ] { #expect(berlin.offset(at: Int64(try date(text).timeIntervalSince1970)) == hours * 3600, "\(text)") }
        let sydney = try #require(RecurringOffset("AEST-10AEDT,M10.1.0,M4.1.0/3"))
        for (text, hours) in [("2040-01-15T12:00:00Z", 11), ("2040-07-15T12:00:00Z", 10), ("2040-12-31T23:59:59Z", 11)] {
            #expect(sydney.offset(at: Int64(try date(text).timeIntervalSince1970)) == hours * 3600, "\(text)")
        }
        #expect(RecurringOffset("<+0330>-3:30")?.offset(at: 0) == 12_600)
        for text in ["", "A", "CET", "CET-1CEST,M13.1.0,M4.1.0", "CET-1CEST,M3.5.0"] { #expect(RecurringOffset(text) == nil, "\(text)") }
    }

    @Test("The system's data base is read", .enabled(if: TimeZoneRules(identifier: "Europe/Berlin") != nil)) func system() throws {
        let berlin = try #require(TimeZoneRules(identifier: "Europe/Berlin"))
        #expect(berlin.secondsFromUTC(at: try date("2026-07-01T00:00:00Z")) == 7200)
        #expect(berlin.secondsFromUTC(at: try date("2026-12-01T00:00:00Z")) == 3600)
        #expect(berlin.secondsFromUTC(at: try date("2050-07-01T00:00:00Z")) == 7200)
        // 23:30 UTC on a Sunday is Monday there.
        #expect(berlin.wallClock(at: try date("2026-11-29T23:30:00Z")) == (weekday: 0, minute: 30))
        let window = TimeWindow(weekdays: [.monday], start: 0, end: 60, timeZone: berlin)
        #expect(window.contains(try date("2026-11-29T23:30:00Z")))
        #expect(!window.contains(try date("2026-11-30T23:30:00Z")))
        #expect(try JSONDecoder().decode(TimeWindow.self, from: JSONEncoder().encode(window)) == window)
    }

    @Test("Names that are none, and files that are none, give nothing") func refused() {
        for name in ["", "..", "../etc/passwd", "Europe//Berlin", "/etc/passwd", "Mars/Base", "Europe"] { #expect(TimeZoneRules(identifier: name) == nil, "\(name)") }
        #expect(TimeZoneRules(identifier: "x", file: []) == nil)
        var generator = SystemRandomNumberGenerator()
        for count in 0..<200 { _ = TimeZoneRules(identifier: "x", file: Array("TZif2".utf8) + (0..<count).map { _ in UInt8.random(in: 0...3, using: &generator) }) }
        #expect(TimeZoneRules.utc.wallClock(at: Date(timeIntervalSince1970: -1)) == (weekday: 2, minute: 1439))
    }
}
