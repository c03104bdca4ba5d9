// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension JSONValue: Codable {
    /// Reads itself from a decoder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {  // why: a failed probe means "another kind", not an error
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {  // why: as above
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {  // why: as above
            self = .number(value)
        } else if let value = try? container.decode(String.self) {  // why: as above
            self = .string(value)
        } else if let value = try? container.decode([JSONValue].self) {  // why: as above
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    /// Writes itself into an encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}

extension JSONValue {
    /// The value of an encodable, as JSON sees it.
    public init(encoding value: some Encodable) throws {
        try self.init(parsing: [UInt8](JSONEncoder().encode(value)))
    }

    /// Decodes a type from this value.
    public func decode<T: Decodable>(_ type: T.Type = T.self) throws -> T {
        try JSONDecoder().decode(type, from: Data(encoded()))
    }
}
