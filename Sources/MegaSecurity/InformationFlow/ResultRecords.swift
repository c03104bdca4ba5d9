// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// A tool's result read as records: named fields with scalar or list values.
///
/// Reads JSON, and the block style of YAML as a serialiser writes it. Strict: a text that is not wholly of one of these forms has no
/// records. The structure may be believed only as far as the tool's serialiser quotes what others wrote.
struct ResultRecords: Sendable {
    /// The value of a field.
    enum Field: Sendable, Hashable {
        case scalar(String)
        case list([String])
        case other
    }

    /// Named fields.
    typealias Record = [String: Field]

    private(set) var records: [Record] = []
    /// The elements, when the whole result is one list of plain values.
    private(set) var items: [String] = []

    /// The most lines read.
    private static let lineLimit = 20_000

    init(_ text: String) {
        let trimmed = text.utf8.drop { $0.isBlank }
        if trimmed.first == UInt8(ascii: "{") || trimmed.first == UInt8(ascii: "[") {
            if let value = Self.json(text) { read(value) }
            return
        }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        while lines.last?.isEmpty == true { lines.removeLast() }
        guard !lines.isEmpty, lines.count <= Self.lineLimit else { return }
        if lines[0].hasPrefix("- ") {
            readList(lines)
        } else if let record = Self.mapping(lines, indent: 0) {
            records = [record]
        }
    }

    private static func json(_ text: String) -> JSONValue? {
        do { return try JSONValue(parsing: Array(text.utf8), depthLimit: 32, refusesDuplicates: true) } catch { return nil }
    }

    private mutating func read(_ value: JSONValue) {
        switch value {
        case .array(let elements):
            let strings = elements.compactMap(Self.scalar)
            if strings.count == elements.count { items = strings } else { records = elements.compactMap(Self.record) }
        case .object(let members):
            let lists = members.values.filter { $0.arrayValue?.contains { $0.objectValue != nil } ?? false }
            if lists.count == 1, let elements = lists[0].arrayValue { records = elements.compactMap(Self.record) } else {
                records = [Self.record(value)].compactMap(\.self)
            }
        default: break
        }
    }

    private static func record(_ value: JSONValue) -> Record? {
        value.objectValue?.mapValues { member in
            if let scalar = scalar(member) { return .scalar(scalar) }
            guard let elements = member.arrayValue else { return .other }
            let scalars = elements.compactMap(scalar)
            return scalars.count == elements.count ? .list(scalars) : .other
        }
    }

    private static func scalar(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .bool(let truth): "\(truth)"
        case .null, .array, .object: nil
        }
    }

    // MARK: YAML as serialisers write it

    private mutating func readList(_ lines: [Substring]) {
        var groups: [[Substring]] = []
        for line in lines {
            if line.hasPrefix("- ") {
                groups.append(["  " + line.dropFirst(2)])
            } else if line.isEmpty || line.hasPrefix("  ") {
                groups[groups.count - 1].append(line)
            } else {
                return
            }
        }
        if groups.allSatisfy({ $0.count == 1 && Self.key(of: $0[0].dropFirst(2)) == nil }) {
            let values = groups.compactMap { Self.unquoted($0[0].dropFirst(2)) }
            if values.count == groups.count { items = values }
            return
        }
        let read = groups.compactMap { Self.mapping($0, indent: 2) }
        if read.count == groups.count { records = read }
    }

    private static func mapping(_ lines: [Substring], indent: Int) -> Record? {
        var record: Record = [:]
        var index = 0
        let margin = String(repeating: " ", count: indent)
        while index < lines.count {
            guard lines[index].hasPrefix(margin) else { return nil }
            let line = lines[index].dropFirst(indent)
            guard line.first != " ", let (name, rest) = key(of: line), record[name] == nil else { return nil }
            index += 1
            if rest.isEmpty {
                var elements: [String] = []
                var isPlainList = true
                while index < lines.count {
                    let next = lines[index].dropFirst(indent)
                    guard lines[index].hasPrefix(margin), next.hasPrefix("- ") || next.hasPrefix("  ") else { break }
                    if next.hasPrefix("- "), let element = unquoted(next.dropFirst(2)), key(of: next.dropFirst(2)) == nil {
                        elements.append(element)
                    } else {
                        isPlainList = false
                    }
                    index += 1
                }
                record[name] = isPlainList ? .list(elements) : .other
                continue
            }
            if rest == "[]" {
                record[name] = .list([])
            } else if rest.first == "'" || rest.first == "\"" {
                guard let value = quoted(rest, lines, &index) else { return nil }
                record[name] = .scalar(value)
            } else if rest.first == "|" || rest.first == ">" || rest.first == "{" || rest.first == "[" || rest.first == "&" || rest.first == "*" {
                skipDeeper(lines, indent, &index)
                record[name] = .other
            } else {
                var value = String(rest)
                while index < lines.count, lines[index].isEmpty || lines[index].hasPrefix(margin + "  ") {
                    value += " " + lines[index].drop { $0 == " " }
                    index += 1
                }
                record[name] = .scalar(value)
            }
        }
        return record.isEmpty ? nil : record
    }

    private static func skipDeeper(_ lines: [Substring], _ indent: Int, _ index: inout Int) {
        let deeper = String(repeating: " ", count: indent + 1)
        while index < lines.count, lines[index].isEmpty || lines[index].hasPrefix(deeper) { index += 1 }
    }

    /// A quoted scalar, which may go on for many lines. What is inside the quotes is never structure.
    private static func quoted(_ rest: Substring, _ lines: [Substring], _ index: inout Int) -> String? {
        let isSingle = rest.first == "'"
        var value: [UInt8] = []
        var line = Array(rest.dropFirst().utf8)
        while true {
            var position = 0
            var isJoined = false
            while position < line.count {
                let byte = line[position]
                if isSingle, byte == UInt8(ascii: "'") {
                    guard position + 1 < line.count, line[position + 1] == byte else {
                        return line[(position + 1)...].allSatisfy(\.isBlank) ? String(decoding: value, as: UTF8.self) : nil
                    }
                    position += 1
                } else if !isSingle, byte == UInt8(ascii: "\"") {
                    return line[(position + 1)...].allSatisfy(\.isBlank) ? String(decoding: value, as: UTF8.self) : nil
                } else if !isSingle, byte == UInt8(ascii: "\\"), position + 1 == line.count {
                    isJoined = true
                    break
                } else if !isSingle, byte == UInt8(ascii: "\\") {
                    position += 1
                    value.append(line[position] == UInt8(ascii: "n") ? UInt8(ascii: "\n") : line[position])
                    position += 1
                    continue
                }
                value.append(line[position])
                position += 1
            }
            guard index < lines.count else { return nil }
            if !isJoined { value.append(UInt8(ascii: " ")) }
            line = Array(lines[index].drop { $0 == " " }.utf8)
            index += 1
        }
    }

    private static func unquoted(_ text: Substring) -> String? {
        guard let first = text.first, first == "'" || first == "\"" else { return String(text) }
        var none = 0
        return quoted(text, [], &none)
    }

    /// `name: value` or `name:`; the name is one plain word.
    private static func key(of line: Substring) -> (name: String, rest: Substring)? {
        let name = line.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
        guard !name.isEmpty, line.dropFirst(name.count).first == ":" else { return nil }
        let rest = line.dropFirst(name.count + 1)
        guard rest.isEmpty || rest.first == " " else { return nil }
        return (String(name), rest.drop { $0 == " " })
    }
}

extension ResultRecords.Field {
    var scalar: String? {
        guard case .scalar(let value) = self else { return nil }
        return value
    }
}

extension ResultRecords.Record {
    /// The field that names the thing: a title, a file name.
    var title: String? {
        for name in ["title", "filename", "file_name", "name", "subject"] { if let value = self[name]?.scalar { return value } }
        return nil
    }

    /// The thing's own id.
    var identifiers: [String] {
        ["id", "id_", "_id", "uid", "uuid"].compactMap { self[$0]?.scalar }
    }

    /// Who wrote it, as the service says.
    var author: String? {
        for name in ["sender", "from", "author"] { if let value = self[name]?.scalar { return value } }
        return nil
    }
}
