// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif
public import MegaCore
import Synchronization

/// Decisions of the past, made again under other rules.
///
/// Commands are read anew from what the audit kept of them. Not known any more are the paths of other tools' calls, the conversation
/// (the platform comes from the person's account) and the working folder, which is taken to be the workspace.
public struct PolicySimulation: Sendable, Hashable {
    /// A call that would be decided otherwise.
    public struct Change: Sendable, Hashable {
        /// When it was decided.
        public var at: Date
        /// Whose turn it was.
        public var person: PersonID?
        /// The tool.
        public var tool: String
        /// The command, or what else was shown of the call.
        public var summary: String
        /// What the rules in force say.
        public var before: PolicyVerdict
        /// What the changed rules say.
        public var after: PolicyVerdict
        /// Why, in words.
        public var reason: String
    }

    /// Calls that were looked at.
    public private(set) var decisions = 0
    /// Calls of which too little was kept.
    public private(set) var skipped = 0
    /// What would have changed, in the order of time.
    public private(set) var changes: [Change] = []
    /// How often each verdict comes up before and after.
    public private(set) var before: [PolicyVerdict: Int] = [:]
    public private(set) var after: [PolicyVerdict: Int] = [:]

    /// Makes the decisions again.
    ///
    /// - Parameters:
    ///   - records: Records of an audit; other events than decisions about tools are passed over.
    ///   - current: Makes the authorizer in force, its clock at the given time.
    ///   - changed: Makes the one to be tried.
    public init(
        _ records: [AuditRecord], workspace: String, current: (@escaping @Sendable () -> Date) throws -> PolicyAuthorizer,
        changed: (@escaping @Sendable () -> Date) throws -> PolicyAuthorizer
    ) rethrows {
        let clock = ReplayClock()
        let (old, new) = (try current { clock.now }, try changed { clock.now })
        for record in records where record.event == .toolDecided {
            guard let action = Self.action(record, workspace) else {
                skipped += 1
                continue
            }
            clock.set(record.at)
            decisions += 1
            let (first, second) = (old.explain(action), new.explain(action))
            before[first.verdict, default: 0] += 1
            after[second.verdict, default: 0] += 1
            guard first.verdict != second.verdict else { continue }
            changes.append(
                Change(
                    at: record.at, person: record.person, tool: action.tool.name, summary: action.preview.summary, before: first.verdict,
                    after: second.verdict, reason: second.reason))
        }
    }

    /// The call as far as the audit tells; nil when it was cut.
    private static func action(_ record: AuditRecord, _ workspace: String) -> ProposedAction? {
        guard let tool = record.details["tool"], let summary = record.details["summary"], !summary.hasSuffix("]") || !summary.contains("… [") else { return nil }
        let isCommand = tool == "run_command"
        let person = record.person ?? "unknown:unknown"
        let platform = person.rawValue.prefix(while: { $0 != ":" })
        let inspection = isCommand ? ShellInspector().inspect(summary) : nil
        return ProposedAction(
            tool: ToolDefinition(name: tool, description: "", effects: effects[tool] ?? .consequential), arguments: .null,
            preview: ActionPreview(
                summary: summary,
                command: inspection.map {
                    CommandPreview(text: summary, simpleCommands: $0.simpleCommands, workingDirectory: workspace, isIncomplete: $0.isIncomplete)
                }),
            scope: ToolScope(
                conversation: ConversationID(platform: Platform(rawValue: String(platform)), chat: "replay"), person: person,
                turn: record.turn ?? TurnID(rawValue: 0), mode: record.details["mode"].flatMap(Mode.init(rawValue:)) ?? .build, trust: .owner),
            influence: record.details["influence"].flatMap(TrustLabel.init(rawValue:)) ?? .unknown)
    }

    /// What the tools that come with MegaBot do.
    private static let effects: [String: ToolEffects] = [
        "run_command": [.executes, .writesFiles], "read_file": .readsFiles, "list_files": .readsFiles, "search_files": .readsFiles,
        "write_file": .writesFiles, "remember": .writesMemory, "recall": .readsPrivateData, "forget": .writesMemory,
    ]
}

/// The time of the record that is looked at.
private final class ReplayClock: Sendable {
    private let time = Mutex(Date.distantPast)
    var now: Date { time.withLock { $0 } }
    func set(_ date: Date) { time.withLock { $0 = date } }
}

/// The decisions an audit kept.
public enum PolicyHistory {
    /// The records of a folder since a time, oldest first. Reads beside a daemon that is running.
    ///
    /// - Parameter limit: The most records; the newest count.
    /// - Throws: `AuditError` when a file cannot be read or a record is not as it was written.
    public static func records(folder: String, sealer: any DataSealer, since: Date, limit: Int = 200_000) async throws -> [AuditRecord] {
        var reader = try await AuditReader(folder: folder, sealer: sealer, since: since)
        let filter = AuditFilter(since: since, events: [AuditRecord.Event.toolDecided.rawValue])
        var records: [AuditRecord] = []
        var isAtEnd = false
        while !isAtEnd {
            let entries: [AuditEntry]
            (entries, isAtEnd) = try await reader.next(filter)
            records += entries.map(\.record)
            if records.count > limit + 4096 { records.removeFirst(records.count - limit) }
        }
        return records.suffix(limit)
    }
}
