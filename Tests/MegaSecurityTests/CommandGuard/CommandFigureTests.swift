// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import MegaCore
import MegaSecurity
import Testing

/// Tables of commands kept beside the repository.
private enum CommandTable {
    static let folder: String = {
        let root = #filePath.split(separator: "/").dropLast(5).joined(separator: "/")
        return "/\(root)/shared/cases/security/"
    }()

    static var isPresent: Bool { FileManager.default.fileExists(atPath: folder + "dcg_cases.jsonl") }

    static func rows(_ name: String) throws -> [JSONValue] {
        let data = try #require(FileManager.default.contents(atPath: folder + name))
        return try data.split(separator: 0x0A).map { try JSONValue(parsing: Array($0)) }
    }

    static func action(_ text: String?) throws -> GuardAction {
        CommandGuard().check(GuardInput(bytes: Array(try #require(text).utf8))).action
    }
}

@Suite("Command guard figures", .enabled(if: CommandTable.isPresent)) struct CommandFigureTests {
    @Test("Of the commands that destroy, 95 % are noticed; of the ones that do not, 2 % are asked about at most") func destructive() throws {
        let rows = try CommandTable.rows("dcg_cases.jsonl")
        let deny = rows.filter { $0["expected"] == "deny" }
        let allow = rows.filter { $0["expected"] == "allow" }
        #expect(deny.count > 100 && allow.count > 100)
        let noticed = try deny.filter { try CommandTable.action($0["command"]?.stringValue) >= .warn }.count
        let wrong = try allow.filter { try CommandTable.action($0["command"]?.stringValue) >= .ask }.count
        #expect(noticed * 100 >= deny.count * 95, "\(noticed) of \(deny.count)")
        #expect(wrong * 100 <= allow.count * 2, "\(wrong) of \(allow.count)")
    }

    @Test("Of commands that only read, under 0.3 % are asked about and under 1 % warned about") func reading() throws {
        let rows = try CommandTable.rows("nl2bash_cases.jsonl").filter { $0["readonly"] == true }
        #expect(rows.count > 1_000)
        let actions = try rows.map { try CommandTable.action($0["command"]?.stringValue) }
        #expect(actions.filter { $0 >= .ask }.count * 1_000 < rows.count * 3)
        #expect(actions.filter { $0 == .warn }.count * 100 < rows.count)
    }

    @Test("Deleting what another command picks is asked about") func shapes() throws {
        let rows = try CommandTable.rows("nl2bash_cases.jsonl")
        for tag in ["rm_recursive_force", "find_exec_rm", "xargs_rm", "dd_of"] {
            let shaped = rows.filter { row in
                guard row["tags"]?.arrayValue?.contains(.string(tag)) == true, let command = row["command"]?.stringValue else { return false }
                // Rows in which rm is printed, or a mere argument, run no rm.
                return !command.contains("echo rm") && !command.contains("\"-exec rm") && !command.contains("}' xargs")
            }
            #expect(!shaped.isEmpty)
            for row in shaped { #expect(try CommandTable.action(row["command"]?.stringValue) >= .ask, "\(tag): \(row["command"]?.stringValue ?? "")") }
        }
    }

    @Test("Evasions of deny rules are asked about or blocked by themselves") func evasions() throws {
        for row in try CommandTable.rows("evasions.jsonl") where row["kind"] == "deny_bypass" {
            #expect(try CommandTable.action(row["input"]?.stringValue) >= .ask, "\(row["input"]?.stringValue ?? "")")
        }
    }
}
