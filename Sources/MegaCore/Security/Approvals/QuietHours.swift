// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// The part of every day in which nobody is woken.
public struct QuietHours: Sendable {
    /// Minutes after local midnight at which they begin, 0 ..< 1440.
    public let start: Int
    /// Minutes after local midnight at which they end, 0 ..< 1440. Before `start` means the next day; the same as `start` means never quiet.
    public let end: Int
    /// Seconds the local time is ahead of UTC at a moment.
    private let offset: @Sendable (Date) -> Int

    /// Makes quiet hours.
    ///
    /// - Parameter offset: Seconds the local time is ahead of UTC at a moment; UTC unless given.
    public init(start: Int, end: Int, offset: @escaping @Sendable (Date) -> Int = { _ in 0 }) {
        self.start = ((start % 1440) + 1440) % 1440
        self.end = ((end % 1440) + 1440) % 1440
        self.offset = offset
    }

    /// Reads `22:00-07:00`; nil when it is not of that form.
    public init?(_ text: String, offset: @escaping @Sendable (Date) -> Int = { _ in 0 }) {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Self.minutes($0) }
        guard ends.count == 2, let start = ends[0], let end = ends[1] else { return nil }
        self.init(start: start, end: end, offset: offset)
    }

    /// The same moment outside the quiet hours, their end inside.
    public func postponed(_ moment: Date) -> Date {
        let seconds = Int(moment.timeIntervalSince1970.rounded(.down)) + offset(moment)
        let minute = ((seconds % 86_400) + 86_400) % 86_400 / 60
        let isQuiet = start <= end ? (start..<end).contains(minute) : minute >= start || minute < end
        guard isQuiet else { return moment }
        let wait = ((end - minute + 1440) % 1440) * 60 - ((seconds % 60) + 60) % 60
        return moment.addingTimeInterval(Double(wait) - (moment.timeIntervalSince1970 - moment.timeIntervalSince1970.rounded(.down)))
    }

    private static func minutes(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ (1...2).contains($0.utf8.count) && $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24, minute < 60
        else { return nil }
        return hour * 60 + minute
    }
}
