// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Configuration

extension ConfigurationKey.Kind {
    /// What a value must be, for messages.
    var expectation: String {
        switch self {
        case .text, .secret: "a text"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .flag: "true or false"
        case .choice(let choices): "one of \(choices.joined(separator: ", "))"
        case .list: "a list of texts"
        }
    }
}

/// Takes values out of a reader and keeps every problem on the way.
///
/// Only the throwing getters are used: the others answer with the default also when a value is there but makes no sense.
struct ConfigurationDecoder {
    /// Where the value of a key came from, for messages.
    struct Origin {
        var source: String
        var line: Int?
    }

    let reader: ConfigReader
    let origin: (_ path: String) -> Origin
    /// Where the configuration's own files lie, as far as that is known.
    let places: ConfigurationPlaces
    private let written: (_ path: String) -> Bool
    /// What patterns and presets of policies mean, when somebody knows.
    let vocabulary: PolicyVocabulary?
    private(set) var problems: [ConfigurationProblem] = []

    init(
        reader: ConfigReader, places: ConfigurationPlaces = ConfigurationPlaces(), vocabulary: PolicyVocabulary? = nil,
        written: @escaping (_ path: String) -> Bool = { _ in false }, origin: @escaping (_ path: String) -> Origin
    ) {
        self.vocabulary = vocabulary
        self.written = written
        self.reader = reader
        self.places = places
        self.origin = origin
    }

    /// - Parameter entry: The entry of the list at `path` that is meant; it gets the entry's own line where that is known.
    mutating func report(_ path: String, entry: Int? = nil, _ message: String, _ suggestion: String? = nil) {
        let place = origin(entry.map { "\(path).\($0)" } ?? path)
        problems.append(.init(keyPath: path, source: place.source, line: place.line, message: message, suggestion: suggestion))
    }

    /// Whether the file has something at a path, be it empty.
    func isWritten(_ path: String) -> Bool { written(path) }

    mutating func text(_ path: String) -> String? {
        guard let value = get(path, { try $0.requiredString(forKey: $1) }) else { return nil }
        if value.allSatisfy(\.isWhitespace) {
            report(path, "this must not be empty.", "Remove the key to get its default.")
            return nil
        }
        return value
    }

    mutating func secret(_ path: String) -> Secret? {
        guard let value = get(path, { try $0.requiredString(forKey: $1, isSecret: true) }) else { return nil }
        if value.isEmpty {
            report(path, "this must not be empty.", "Remove the key, or check the variable it comes from.")
            return nil
        }
        return Secret(value)
    }

    mutating func flag(_ path: String) -> Bool? {
        get(path) { try $0.requiredBool(forKey: $1) }
    }

    mutating func integer(_ path: String) -> Int? {
        guard let value = get(path, { try $0.requiredInt(forKey: $1) }) else { return nil }
        guard let key = ConfigurationKey.byPath[path], case .integer(let range) = key.kind, !range.contains(value) else { return value }
        report(path, "\(value) is out of range; this must be \(key.kind.expectation).")
        return nil
    }

    mutating func number(_ path: String) -> Double? {
        guard let value = get(path, { try $0.requiredDouble(forKey: $1) }) else { return nil }
        guard let key = ConfigurationKey.byPath[path], case .number(let range) = key.kind, !range.contains(value) else { return value }
        report(path, "\(value) is out of range; this must be \(key.kind.expectation).")
        return nil
    }

    mutating func choice<Choice: RawRepresentable & CaseIterable>(_ path: String, _ type: Choice.Type) -> Choice?
    where Choice.RawValue == String {
        guard let value = get(path, { try $0.requiredString(forKey: $1) }) else { return nil }
        if let choice = Choice(rawValue: value.lowercased()) { return choice }
        let choices = Choice.allCases.map(\.rawValue)
        let close = Spelling.closest(to: value, among: choices)
        report(path, "\"\(value)\" is not possible; this must be one of \(choices.joined(separator: ", ")).", close.map { "Did you mean \($0)?" })
        return nil
    }

    mutating func list(_ path: String) -> [String]? {
        guard let values = get(path, { try $0.requiredStringArray(forKey: $1) }) else { return nil }
        var trimmed: [String] = []
        for value in values {
            var text = value[...]
            while text.first?.isWhitespace == true { text = text.dropFirst() }
            while text.last?.isWhitespace == true { text = text.dropLast() }
            if text.isEmpty {
                report(path, "an entry of the list is empty.", "Remove it.")
            } else {
                trimmed.append(String(text))
            }
        }
        return trimmed
    }

    private mutating func get<Value>(_ path: String, _ read: (ConfigReader, ConfigKey) throws -> Value) -> Value? {
        do {
            return try read(reader, ConfigKey(path.split(separator: ".").map(String.init)))
        } catch {
            // The library tells the two cases apart only in words. If the words change, an absent key reads as a malformed one:
            // startup fails, nothing is let through. A test pins them.
            if String(describing: error).hasPrefix("Missing required config value") { return nil }
            let expectation = ConfigurationKey.key(at: path)?.kind.expectation ?? "another value"
            report(path, "this must be \(expectation).")
            return nil
        }
    }
}
