// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The machine's time zone, without the tables of a calendar library.
enum LocalTime {
    /// Seconds the local time is ahead of UTC at a moment.
    static let offset: @Sendable (Date) -> Int = { date in
        var seconds = time_t(date.timeIntervalSince1970)
        var parts = tm()
        return localtime_r(&seconds, &parts) == nil ? 0 : Int(parts.tm_gmtoff)
    }
}
