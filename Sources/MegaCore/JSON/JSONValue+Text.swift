// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension JSONValue {
    /// Parses one JSON text in UTF-8 (RFC 8259).
    ///
    /// - Parameters:
    ///   - bytes: The whole text.
    ///   - depthLimit: The deepest nesting accepted.
    ///   - refusesDuplicates: Whether a name that comes twice in an object is an error; else the last one counts.
    /// - Throws: ``JSONSyntaxError``.
    public init(
        parsing bytes: [UInt8], depthLimit: Int = 128, refusesDuplicates: Bool = false
    ) throws(JSONSyntaxError) {
        self = try JSONParser.parse(bytes, depthLimit: depthLimit, refusesDuplicates: refusesDuplicates)
    }

    /// Parses one JSON text in UTF-8.
    public init(parsing bytes: some Sequence<UInt8>) throws(JSONSyntaxError) {
        try self.init(parsing: Array(bytes))
    }

    /// Parses one JSON text.
    public init(parsing text: String) throws(JSONSyntaxError) {
        try self.init(parsing: Array(text.utf8))
    }

    /// The JSON text in UTF-8: members sorted by name, no superfluous blanks, slashes unescaped. Numbers that JSON cannot hold
    /// (infinite, not a number) become null; parsing never yields them.
    public func encoded() -> [UInt8] { JSONWriter.write(self) }

    /// The JSON text, as ``encoded()``.
    public func encodedString() -> String { String(decoding: encoded(), as: UTF8.self) }
}

/// What is wrong with a JSON text, and where.
public struct JSONSyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong at that place.
    public let reason: String
    /// The offset in bytes from the beginning.
    public let offset: Int
    /// In words, for people and logs.
    public var description: String { "no JSON: \(reason) at byte \(offset)" }

    /// Makes an error.
    public init(reason: String, offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}
