// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// The part of JSON Schema 2020-12 that tool parameters need, kept as the raw schema document.
///
/// Build one with the static functions, or pass a raw document through (``init(_:)``) as MCP servers deliver it.
///
/// ```swift
/// let schema = JSONSchema.object([
///     .required("path", .string("File to read, relative to the workspace")),
///     .optional("limit", .integer("Most lines to return", minimum: 1)),
/// ])
/// ```
public struct JSONSchema: Sendable, Hashable, Codable {
    /// The schema document itself.
    public var document: JSONValue

    /// Wraps a raw schema document.
    public init(_ document: JSONValue) {
        self.document = document
    }

    /// Reads itself from a decoder.
    public init(from decoder: any Decoder) throws { document = try JSONValue(from: decoder) }
    /// Writes itself into an encoder.
    public func encode(to encoder: any Encoder) throws { try document.encode(to: encoder) }

    /// One named member of an object schema.
    public struct Property: Sendable {
        let name: String
        let schema: JSONSchema
        let isRequired: Bool

        /// A member that must be there.
        public static func required(_ name: String, _ schema: JSONSchema) -> Property {
            Property(name: name, schema: schema, isRequired: true)
        }

        /// A member that may be left out.
        public static func optional(_ name: String, _ schema: JSONSchema) -> Property {
            Property(name: name, schema: schema, isRequired: false)
        }
    }

    /// An object with exactly these members; others are refused.
    public static func object(_ properties: [Property] = []) -> JSONSchema {
        JSONSchema([
            "type": "object",
            "properties": .object(
                Dictionary(properties.map { ($0.name, $0.schema.document) }, uniquingKeysWith: { _, last in last })),
            "required": .array(properties.filter(\.isRequired).map { .string($0.name) }),
            "additionalProperties": false,
        ])
    }

    /// A string, optionally one of `values`.
    public static func string(_ description: String, oneOf values: [String]? = nil) -> JSONSchema {
        var members: [String: JSONValue] = ["type": "string", "description": .string(description)]
        if let values { members["enum"] = .array(values.map { .string($0) }) }
        return JSONSchema(.object(members))
    }

    /// An integer within optional bounds, both inclusive.
    public static func integer(_ description: String, minimum: Int? = nil, maximum: Int? = nil) -> JSONSchema {
        var members: [String: JSONValue] = ["type": "integer", "description": .string(description)]
        if let minimum { members["minimum"] = .integer(Int64(minimum)) }
        if let maximum { members["maximum"] = .integer(Int64(maximum)) }
        return JSONSchema(.object(members))
    }

    /// A number.
    public static func number(_ description: String) -> JSONSchema {
        JSONSchema(["type": "number", "description": .string(description)])
    }

    /// A boolean.
    public static func boolean(_ description: String) -> JSONSchema {
        JSONSchema(["type": "boolean", "description": .string(description)])
    }

    /// An array of one element schema.
    public static func array(_ description: String, of element: JSONSchema) -> JSONSchema {
        JSONSchema(["type": "array", "description": .string(description), "items": element.document])
    }
}
