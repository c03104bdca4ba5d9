// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// One text the turn has read, with where it came from.
struct FlowSource: Sendable {
    /// How the text came in.
    enum Origin: Sendable, Hashable {
        /// History or memory.
        case context
        /// What a tool that changes nothing gave back.
        case read
        /// What a tool that changes something said afterwards: an echo of what the model wrote.
        case effect
    }

    var origin: Origin
    /// The tool that gave it; empty for what no tool gave.
    var tool = ""
    /// For the person: "the result of …".
    var name: String
    var label: FlowLabel
    var text: ReadText
    /// The arguments of the call that read it.
    var arguments: [String: JSONValue]
    /// The address it was fetched from, when it was fetched from one.
    var link: String?
    /// Whether nothing untrusted could have chosen this read: it was wanted before anything untrusted was read, or the person named
    /// everything it asks for.
    var isHonest: Bool
    /// Whether its tool was declared by code that knows it, so that the structure of its results may be believed.
    var isDeclared: Bool
    var records: ResultRecords

    /// Whether it may fill a place in the person's text: public, and written by nobody outside.
    var isPublicFact: Bool { origin == .read && !label.integrity.isUntrusted && !label.confidentiality.isPrivate }

    /// Whether a line stands in it, or in one of its fields once quotes are taken off.
    func holds(_ line: String) -> Bool {
        if text.contains(line, ignoringCase: false) { return true }
        return records.records.contains { record in
            record.values.contains { field in field.scalar.map { ReadText($0).contains(line, ignoringCase: false) } ?? false }
        }
    }

    /// Whole values of lines and fields, for filling a person's text.
    var values: Set<String> {
        var found: Set<String> = []
        var piece: [UInt8] = []
        func end() {
            while let last = piece.last, last.isBlank || ",-".utf8.contains(last) { piece.removeLast() }
            let value = piece.drop { $0.isBlank || ",-".utf8.contains($0) }
            if (1...200).contains(value.count) { found.insert(String(decoding: value, as: UTF8.self)) }
            piece = []
        }
        let bytes = text.bytes
        for (index, byte) in bytes.enumerated() {
            let isInner = index > 0 && index + 1 < bytes.count && bytes[index - 1].isWordByte && bytes[index + 1].isWordByte
            switch byte {
            case UInt8(ascii: "\n"), UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"): end()
            case UInt8(ascii: "'") where !isInner: end()
            case UInt8(ascii: ":") where index + 1 < bytes.count && bytes[index + 1].isBlank: end()
            default: piece.append(byte)
            }
        }
        end()
        return found
    }
}
