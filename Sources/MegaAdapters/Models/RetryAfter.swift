// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes

/// The waiting time a server asks for (RFC 9110 §10.2.3): seconds, or a date, which counts from the response's own `Date`.
enum RetryAfter {
    static func delay(in headers: HTTPFields) -> Duration? {
        if let name = HTTPField.Name("retry-after-ms"), let text = headers[name], let milliseconds = Double(text),
            milliseconds >= 0, milliseconds < 86_400_000
        {
            return .milliseconds(Int64(milliseconds))
        }
        guard let text = headers[.retryAfter]?.trimmed else { return nil }
        if let seconds = Double(text) { return seconds >= 0 && seconds <= 86_400 ? .seconds(seconds) : nil }
        guard let due = seconds(date: text), let now = headers[.date].flatMap({ seconds(date: $0) }) else { return nil }
        return .seconds(max(0, min(due - now, 86_400)))
    }

    /// Seconds since 1970 of an IMF-fixdate such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func seconds(date text: String) -> Int? {
        let parts = text.split { $0 == " " || $0 == ":" }
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 8, let day = Int(parts[1]), let month = months.firstIndex(of: String(parts[2])),
            let year = Int(parts[3]), let hour = Int(parts[4]), let minute = Int(parts[5]), let second = Int(parts[6]),
            (1...31).contains(day), (1970...9999).contains(year), (0...23).contains(hour), (0...59).contains(minute),
            (0...60).contains(second)
        else { return nil }
        // Days since 1970 with the year starting in March, so that the leap day is the last one.
        let shifted = month >= 2 ? year : year - 1
        let monthFromMarch = (month + 10) % 12
        let days = 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + (153 * monthFromMarch + 2) / 5 + day - 1 - 719_468
        return ((days * 24 + hour) * 60 + minute) * 60 + second
    }
}

extension String {
    var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text = text.dropFirst() }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text)
    }
}
