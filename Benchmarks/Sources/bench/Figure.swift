// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// One measured figure, as a line of JSON on the standard output.
struct Figure {
    var name: String
    var side: String
    var value: Double
    var unit: String

    func write() {
        let line = "{\"figure\": \"\(name)\", \"side\": \"\(side)\", \"value\": \(value), \"unit\": \"\(unit)\"}\n"
        StandardOutput.write(line)
    }
}

enum StandardOutput {
    static func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(1, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

/// Durations of many operations.
struct Latencies: Sendable {
    private(set) var values: [Duration] = []

    mutating func add(_ value: Duration) { values.append(value) }
    mutating func add(_ other: Latencies) { values += other.values }

    /// In milliseconds; nearest rank.
    func percentile(_ share: Double) -> Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted()
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))].milliseconds
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
    var milliseconds: Double { seconds * 1000 }
}

/// What went wrong with a measurement.
struct MeasurementError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
