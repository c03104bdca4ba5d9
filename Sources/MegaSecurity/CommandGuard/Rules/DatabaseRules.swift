// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// SQL and other database commands in a command's words or input.
enum DatabaseRules {
    static func client(_ call: Invocation, _ input: String?, _ report: inout GuardReport) {
        guard !call.isHelp else { return }
        switch call.program {
        case "dropdb", "dropuser": return report.add(RuleCatalog.databaseDrop, .ask, call.span)
        case "mysqladmin": if call.contains("drop", "shutdown", "flush-privileges") { report.add(RuleCatalog.databaseDrop, .ask, call.span) }
        case "redis-cli", "valkey-cli": return redis(call, input, &report)
        case "mongo", "mongosh": return mongo(call, input, &report)
        case "mongorestore", "pg_restore": if call.has(call.program == "pg_restore" ? "c" : "", "drop", "clean") { report.add(RuleCatalog.databaseDrop, .ask, call.span) }
        default:
            for word in call.arguments where word.text.utf8.contains(0x20) || word.text.utf8.contains(0x3B) { statements(word.text, word.span, &report) }
            if let input { statements(input, call.span, &report) }
        }
    }

    private static func redis(_ call: Invocation, _ input: String?, _ report: inout GuardReport) {
        let verbs = call.operands(short: "hpanu", long: ["user", "pass"]).map { $0.text.uppercased() }
        let lines = input?.uppercased() ?? ""
        if verbs.first == "FLUSHALL" || verbs.first == "FLUSHDB" || verbs.first == "SHUTDOWN" || verbs.first == "SCRIPT" && verbs.contains("FLUSH") || lines.contains("FLUSHALL") || lines.contains("FLUSHDB") {
            report.add(RuleCatalog.databaseDrop, .ask, call.span)
        } else if verbs.first == "DEL" || verbs.first == "UNLINK" {
            report.add(RuleCatalog.databaseDrop, call.hasUnseenOperands ? .ask : .warn, call.span)
        } else if verbs.first == "CONFIG", verbs.dropFirst().first == "SET" {
            report.add(RuleCatalog.remoteChange, .warn, call.span)
        }
    }

    private static func mongo(_ call: Invocation, _ input: String?, _ report: inout GuardReport) {
        let texts = call.arguments.map(\.text) + (input.map { [$0] } ?? [])
        for text in texts {
            if ["dropDatabase(", ".drop(", "dropUser(", "dropAllUsersFromDatabase(", "dropIndexes(", "dropCollection("].contains(where: { text.contains($0) }) {
                report.add(RuleCatalog.databaseDrop, .ask, call.span)
            }
            for verb in ["deleteMany(", "remove("] where text.contains(verb) {
                let rest = text.components(after: verb).filter { $0 != " " }
                report.add(RuleCatalog.databaseNoCondition, rest.hasPrefix("{}") || rest.hasPrefix(")") ? .ask : .warn, call.span)
            }
        }
    }

    /// Statements that lose data: DROP, TRUNCATE, DELETE and UPDATE without WHERE.
    static func statements(_ text: String, _ span: Range<Int>, _ report: inout GuardReport) {
        guard text.utf8.count <= 1 << 20 else { return }
        var words: [String] = []
        func finish(_ report: inout GuardReport) {
            statement(words, span, &report)
            words.removeAll(keepingCapacity: true)
        }
        var bytes = Array(text.utf8)[...]
        while let byte = bytes.first {
            switch byte {
            case 0x27, 0x22, 0x60:
                bytes = bytes.dropFirst()
                let end = bytes.firstIndex(of: byte) ?? bytes.endIndex
                words.append("'")
                bytes = end < bytes.endIndex ? bytes[(end + 1)...] : bytes[end...]
            case 0x2D where bytes.dropFirst().first == 0x2D:
                bytes = bytes.drop { $0 != 0x0A }
            case 0x2F where bytes.dropFirst().first == 0x2A:
                bytes = bytes.dropFirst(2)
                while bytes.count >= 2, !(bytes[bytes.startIndex] == 0x2A && bytes[bytes.startIndex + 1] == 0x2F) { bytes = bytes.dropFirst() }
                bytes = bytes.dropFirst(2)
            case 0x3B:
                bytes = bytes.dropFirst()
                finish(&report)
            case _ where ShellBytes.isNameStart(byte):
                let end = bytes.firstIndex { !ShellBytes.isName($0) } ?? bytes.endIndex
                if words.count < 512 { words.append(String(decoding: bytes[bytes.startIndex..<end], as: UTF8.self).uppercased()) }
                bytes = bytes[end...]
            default: bytes = bytes.dropFirst()
            }
        }
        finish(&report)
    }

    private static let droppable: Set<String> = ["TABLE", "DATABASE", "SCHEMA", "INDEX", "VIEW", "USER", "ROLE", "COLUMN", "KEYSPACE", "COLLECTION", "TABLESPACE", "MATERIALIZED", "SEQUENCE", "TYPE", "FUNCTION", "OWNED", "EXTENSION", "PARTITION", "CONSTRAINT", "TRIGGER", "PROCEDURE", "TEMPORARY"]

    private static func statement(_ words: [String], _ span: Range<Int>, _ report: inout GuardReport) {
        guard let first = words.first(where: { $0 != "'" && $0 != "EXPLAIN" }) else { return }
        switch first {
        case "DROP": if let what = words.dropFirst().first, droppable.contains(what) { report.add(RuleCatalog.databaseDrop, .ask, span) }
        case "TRUNCATE": report.add(RuleCatalog.databaseDrop, .ask, span)
        case "DELETE": if words.contains("FROM"), !words.contains("WHERE") { report.add(RuleCatalog.databaseNoCondition, .ask, span) }
        case "UPDATE": if words.contains("SET"), !words.contains("WHERE") { report.add(RuleCatalog.databaseNoCondition, .ask, span) }
        case "ALTER": if words.contains("DROP") { report.add(RuleCatalog.databaseDrop, .ask, span) }
        case "WITH":
            if words.contains("DELETE"), !words.contains("WHERE") { report.add(RuleCatalog.databaseNoCondition, .ask, span) }
        default: return
        }
    }
}

extension String {
    /// What stands behind the first occurrence of a text; empty when there is none.
    func components(after text: String) -> String {
        let bytes = Array(utf8)
        let wanted = Array(text.utf8)
        guard !wanted.isEmpty, bytes.count >= wanted.count else { return "" }
        for start in 0...(bytes.count - wanted.count) where bytes[start] == wanted[0] && bytes[start..<(start + wanted.count)].elementsEqual(wanted) {
            return String(decoding: bytes[(start + wanted.count)...], as: UTF8.self)
        }
        return ""
    }
}
