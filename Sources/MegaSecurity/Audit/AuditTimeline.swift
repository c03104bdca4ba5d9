// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// Renders records as a timeline people can read: a line each, in UTC, with a heading per day.
public struct AuditTimeline: Sendable {
    /// Characters of one value; the rest is left out here, never in the audit.
    private static let longestValue = 240

    private var day = ""

    /// Begins a timeline.
    public init() {}

    /// The lines of the next record.
    public mutating func lines(of entry: AuditEntry) -> [String] {
        let time = AuditEntry.text(of: entry.record.at)
        let date = String(time.prefix(10))
        var lines: [String] = []
        if date != day {
            day = date
            lines.append(date)
        }
        var line = "  \(time.dropFirst(11).prefix(12))  #\(entry.number)"
        if let turn = entry.record.turn { line += "  turn \(turn)" }
        if let person = entry.record.person { line += "  \(Self.shown(person.rawValue))" }
        lines.append("\(line)  \(Self.sentence(entry.record))")
        return lines
    }

    /// What happened, in one line.
    static func sentence(_ record: AuditRecord) -> String {
        var rest = record.details
        let missing = record.details[AuditRecordCodec.forgottenDetail] == nil ? "?" : "(forgotten)"
        func take(_ name: String) -> String { rest.removeValue(forKey: name).map(shown) ?? missing }
        func also(_ name: String, _ words: (String) -> String) -> String { rest.removeValue(forKey: name).map { words(shown($0)) } ?? "" }
        let text: String
        switch record.event {
        case .messageReceived:
            text = "message from \(take("sender")) (\(take("trust"))) in \(take("conversation")), \(take("bytes")) bytes"
        case .messageSent: text = "\(take("kind")) sent to \(take("conversation")), \(take("bytes")) bytes"
        case .messageGivenUp: text = "message to \(take("conversation")) given up: \(take("reason"))"
        case .senderRefused: text = "stranger refused on \(take("channel"))"
        case .modelAnswered:
            text = "\(take("model")) answered in \(take("milliseconds")) ms, \(take("input_tokens"))+\(take("output_tokens")) tokens"
                + also("calls") { ", wants \($0)" }
        case .modelFailed: text = "\(take("model")) failed: \(take("error"))"
        case .toolDecided: text = "\(take("tool")) \(take("verdict")): \(take("summary")) [\(take("reason"))]"
        case .toolFinished: text = "\(take("tool")) ended: \(take("status"))"
        case .approvalRequested: text = "asked about \(take("tool")): \(take("summary")) [\(take("reason"))]"
        case .approvalDecided: text = "answer: \(take("decision"))"
        case .policyChanged: text = "rule: \(take("verdict")) \(take("pattern"))"
        case .modeChanged: text = "mode \(take("mode")) in \(take("conversation"))"
        case .memoryChanged: text = "memory \(take("change"))"
        default: text = ""
        }
        let others = rest.sorted { $0.key < $1.key }.filter { $0.key != "sha256" }.map { "\(shown($0.key))=\(shown($0.value))" }
        return ([record.event.rawValue, text] + others).filter { !$0.isEmpty }.joined(separator: "  ")
    }

    private static func shown(_ text: String) -> String {
        let text = OutputSanitizer.visible(text)
        return text.count > longestValue ? text.prefix(longestValue) + "…" : text
    }
}
