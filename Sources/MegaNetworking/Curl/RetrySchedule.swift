// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// When a failed exchange is tried again, and after how long.
enum RetrySchedule {
    /// The longest pause a server may ask for; beyond it the refusal is the answer.
    static let longestPause = Duration.seconds(300)

    /// RFC 9110 section 9.2.2.
    static func isIdempotent(_ method: HTTPRequest.Method) -> Bool {
        [.get, .head, .put, .delete, .options, .trace].contains(method)
    }

    static func isRetried(_ status: HTTPResponse.Status, _ method: HTTPRequest.Method) -> Bool {
        switch status.code {
        case 429, 503: true
        case 502, 504: isIdempotent(method)
        default: false
        }
    }

    static func isRetried(_ code: TransportError.Code, _ method: HTTPRequest.Method) -> Bool {
        let passing: [TransportError.Code] = [
            .connectionRefused, .connectionLost, .connectTimeout, .firstByteTimeout, .nameNotResolved,
        ]
        return isIdempotent(method) && passing.contains(code)
    }

    /// Doubles from 250 ms up to 15 s, half of it at random.
    static func pause(attempt: Int, random: Double = .random(in: 0...1)) -> Duration {
        let full = min(0.25 * Double(1 << min(attempt, 10)), 15)
        return .milliseconds(Int((full / 2 + full / 2 * random) * 1000))
    }

    /// `Retry-After` in seconds or as a date; nil when it is neither.
    static func retryAfter(_ value: String?, now: Date = Date()) -> Duration? {
        guard let value else { return nil }
        if !value.isEmpty, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return .seconds(min(Int(value) ?? .max, 1 << 30))
        }
        guard let time = seconds(ofDate: value) else { return nil }
        return .seconds(min(max(0, time - Int(now.timeIntervalSince1970)), 1 << 30))
    }

    /// Seconds since 1970 of an IMF-fixdate such as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7).
    static func seconds(ofDate text: String) -> Int? {
        let parts = text.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 6, parts[0].count == 4, parts[5] == "GMT", let day = Int(parts[1]), (1...31).contains(day),
            let month = months.firstIndex(of: String(parts[2])), let year = Int(parts[3]), (1970...9999).contains(year)
        else { return nil }
        let clock = parts[4].split(separator: ":").compactMap { Int($0) }
        guard clock.count == 3, (0...23).contains(clock[0]), (0...59).contains(clock[1]), (0...60).contains(clock[2]) else {
            return nil
        }
        // Days from the civil date, years starting in March.
        let shifted = month < 2 ? year - 1 : year
        let dayOfYear = (153 * ((month + 10) % 12) + 2) / 5 + day - 1
        let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
        return days * 86400 + clock[0] * 3600 + clock[1] * 60 + clock[2]
    }
}
