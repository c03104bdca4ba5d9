// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// One thing wrong with a configuration, and where. Holds no values of secret keys.
public struct ConfigurationProblem: Sendable, Hashable, CustomStringConvertible {
    /// The key, such as `adapters.websocket.port`; empty when the file as a whole is meant.
    public var keyPath: String
    /// The file, or the environment variable.
    public var source: String
    /// Counted from 1; nil for variables.
    public var line: Int?
    /// Counted from 1; only for text that is no YAML.
    public var column: Int?
    /// What is wrong, in words; holds no secret values.
    public var message: String
    /// What to write instead.
    public var suggestion: String?

    /// Makes a problem.
    public init(
        keyPath: String, source: String, line: Int? = nil, column: Int? = nil, message: String, suggestion: String? = nil
    ) {
        self.keyPath = keyPath
        self.source = source
        self.line = line
        self.column = column
        self.message = message
        self.suggestion = suggestion
    }

    /// `file:line: key: message. suggestion`
    public var description: String {
        var text = source
        if let line { text += ":\(line)" }
        if let column { text += ":\(column)" }
        if !keyPath.isEmpty { text += ": \(keyPath)" }
        text += ": \(message)"
        if let suggestion { text += " \(suggestion)" }
        return text
    }
}

/// Why a configuration was not accepted: every problem, in the order of the lines.
public struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    /// Everything that is wrong, in the order of the file.
    public let problems: [ConfigurationProblem]

    /// Makes an error of these problems.
    public init(problems: [ConfigurationProblem]) { self.problems = problems }

    /// One problem a line.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// The result of looking at a configuration.
public struct ConfigurationReport: Sendable {
    /// Nil when there are problems.
    public let configuration: MegaConfiguration?
    /// Everything that was found.
    public let problems: [ConfigurationProblem]
    /// Worth knowing, but acceptable.
    public let warnings: [ConfigurationProblem]
}
