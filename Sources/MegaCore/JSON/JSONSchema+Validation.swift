// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension JSONSchema {
    /// One way in which a value does not fit, with the place as a JSON pointer.
    public struct Violation: Sendable, Hashable, CustomStringConvertible {
        /// JSON pointer (RFC 6901) into the value; empty for the value itself.
        public let pointer: String
        /// What is wrong there, in words a model can act on.
        public let reason: String
        /// In words, for people and logs.
        public var description: String { pointer.isEmpty ? reason : "\(pointer): \(reason)" }
    }

    /// Checks a value against `type`, `enum`, `const`, `properties`, `required`, `additionalProperties`, `items`, `minimum`,
    /// `maximum`, `minLength`, `maxLength` and `maxItems`. Other keywords are ignored. Nesting is bounded at 32 levels.
    ///
    /// - Returns: Every violation found, at most 16; empty when the value fits.
    public func violations(in value: JSONValue) -> [Violation] {
        var found: [Violation] = []
        Self.check(value, against: document, at: "", depth: 0, into: &found)
        return found
    }

    private static func check(
        _ value: JSONValue, against schema: JSONValue, at pointer: String, depth: Int, into found: inout [Violation]
    ) {
        guard found.count < 16 else { return }
        guard depth < 32 else {
            found.append(Violation(pointer: pointer, reason: "nested deeper than 32 levels"))
            return
        }
        if schema == .bool(false) { found.append(Violation(pointer: pointer, reason: "not allowed here")) }
        guard case .object(let keywords) = schema else { return }
        if let types = keywords["type"], !matches(value, type: types) {
            found.append(Violation(pointer: pointer, reason: "must be \(describe(types)), is \(kind(of: value))"))
            return
        }
        if let allowed = keywords["enum"]?.arrayValue, !allowed.contains(value) {
            found.append(Violation(pointer: pointer, reason: "must be one of \(allowed.map(describe).joined(separator: ", "))"))
        }
        if let constant = keywords["const"], constant != value {
            found.append(Violation(pointer: pointer, reason: "must be \(describe(constant))"))
        }
        switch value {
        case .object(let members):
            checkMembers(members, keywords: keywords, at: pointer, depth: depth, into: &found)
        case .array(let elements):
            if let most = keywords["maxItems"]?.integerValue, elements.count > most {
                found.append(Violation(pointer: pointer, reason: "has \(elements.count) elements, at most \(most) are allowed"))
            }
            if let items = keywords["items"] {
                for (index, element) in elements.enumerated() {
                    check(element, against: items, at: "\(pointer)/\(index)", depth: depth + 1, into: &found)
                }
            }
        case .string(let text):
            let length = text.unicodeScalars.count
            if let least = keywords["minLength"]?.integerValue, length < least {
                found.append(Violation(pointer: pointer, reason: "is shorter than \(least) characters"))
            }
            if let most = keywords["maxLength"]?.integerValue, length > most {
                found.append(Violation(pointer: pointer, reason: "is longer than \(most) characters"))
            }
        case .integer, .number:
            guard let number = value.numberValue else { break }
            if let least = keywords["minimum"]?.numberValue, number < least {
                found.append(Violation(pointer: pointer, reason: "must be at least \(describe(keywords["minimum"] ?? .null))"))
            }
            if let most = keywords["maximum"]?.numberValue, number > most {
                found.append(Violation(pointer: pointer, reason: "must be at most \(describe(keywords["maximum"] ?? .null))"))
            }
        case .null, .bool: break
        }
    }

    private static func checkMembers(
        _ members: [String: JSONValue], keywords: [String: JSONValue], at pointer: String, depth: Int,
        into found: inout [Violation]
    ) {
        let properties = keywords["properties"]?.objectValue ?? [:]
        for case .string(let name) in keywords["required"]?.arrayValue ?? [] where members[name] == nil {
            found.append(Violation(pointer: pointer, reason: "\"\(name)\" is missing"))
        }
        for (name, member) in members.sorted(by: { $0.key < $1.key }) {
            let place = pointer + "/" + escape(name)
            if let property = properties[name] {
                check(member, against: property, at: place, depth: depth + 1, into: &found)
            } else if let additional = keywords["additionalProperties"] {
                if additional == .bool(false) {
                    let known = properties.keys.sorted().joined(separator: ", ")
                    found.append(Violation(pointer: place, reason: "is unknown; known are: \(known)"))
                } else {
                    check(member, against: additional, at: place, depth: depth + 1, into: &found)
                }
            }
        }
    }

    private static func matches(_ value: JSONValue, type: JSONValue) -> Bool {
        if let alternatives = type.arrayValue { return alternatives.contains { matches(value, type: $0) } }
        switch type.stringValue {
        case "null": return value == .null
        case "boolean": return value.boolValue != nil
        case "integer": return value.integerValue != nil
        case "number": return value.numberValue != nil
        case "string": return value.stringValue != nil
        case "array": return value.arrayValue != nil
        case "object": return value.objectValue != nil
        default: return true
        }
    }

    private static func kind(of value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    private static func describe(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): text
        case .array(let values): values.map(describe).joined(separator: " or ")
        case .integer(let number): String(number)
        case .number(let number): String(number)
        case .bool(let flag): String(flag)
        case .null: "null"
        case .object: "an object"
        }
    }

    private static func escape(_ name: String) -> String {
        var result = ""
        for character in name {
            switch character {
            case "~": result += "~0"
            case "/": result += "~1"
            default: result.append(character)
            }
        }
        return result
    }
}
