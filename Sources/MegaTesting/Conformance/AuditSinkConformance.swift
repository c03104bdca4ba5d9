// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What every `AuditSink` must do. Each check wants a fresh, empty subject.
public enum AuditSinkConformance {
    /// A sink, and the means to read what it keeps.
    public struct Subject: Sendable {
        /// The sink under test.
        public var sink: any AuditSink
        /// Everything it keeps durably, oldest first. Records that the sink adds by itself may be among them.
        public var records: @Sendable () async throws -> [AuditRecord]

        /// A subject.
        public init(_ sink: any AuditSink, records: @escaping @Sendable () async throws -> [AuditRecord]) {
            self.sink = sink
            self.records = records
        }

        fileprivate func own() async throws -> [AuditRecord] { try await records().filter { $0.event == event } }
    }

    private static let event = AuditRecord.Event(rawValue: "conformance.checked")

    private static func record(_ number: Int, _ text: String = "") -> AuditRecord {
        AuditRecord(
            event, at: Date(timeIntervalSinceReferenceDate: 800_000_000 + Double(number)), turn: TurnID(rawValue: 4), person: "ana",
            details: ["n": "\(number)", "text": text])
    }

    private static func numbers(_ records: [AuditRecord]) -> [Int] { records.compactMap { $0.details["n"].flatMap(Int.init) } }

    /// All checks.
    public static let checks: [ConformanceCheck<Subject>] = [
        .init("A record is there, whole, when recording it returns") { subject in
            let written = record(1, "line\nline ü 👋🏽 \"quoted\"")
            try await subject.sink.record(written)
            try ConformanceFailure.unlessEqual(try await subject.own(), [written], "the records")
        },
        .init("Records keep their order") { subject in
            for number in 1...50 { try await subject.sink.record(record(number)) }
            try ConformanceFailure.unlessEqual(numbers(try await subject.own()), Array(1...50), "the order")
        },
        .init("A note stands before every record that comes later, and is durable with it") { subject in
            try await subject.sink.note(record(1))
            try await subject.sink.note(record(2))
            try await subject.sink.record(record(3))
            try ConformanceFailure.unlessEqual(numbers(try await subject.own()), [1, 2, 3], "the order")
        },
        .init("Many tasks can record at the same time, and nothing is lost or doubled") { subject in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...100 {
                    group.addTask {
                        if number.isMultiple(of: 3) {
                            try await subject.sink.note(record(number))
                        } else {
                            try await subject.sink.record(record(number))
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await subject.sink.record(record(101))
            try ConformanceFailure.unlessEqual(numbers(try await subject.own()).sorted(), Array(1...101), "the numbers")
        },
    ]
}
