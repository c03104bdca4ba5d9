// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Yams

/// A file of commands and what the rules are expected to say of them.
///
///     allow: [git status]            # further rules, besides the configured ones
///     cases:
///       - {command: git status, expect: allow}
///       - {command: rm -rf x, expect: deny, as: "websocket:owner", mode: build, at: "2030-01-31T09:00:00Z"}
public struct PolicyCases: Sendable, Hashable {
    /// One command and its expected verdict; what is nil is the installation's usual.
    public struct Case: Sendable, Hashable {
        /// The command.
        public var command: String
        /// What the rules have to say.
        public var expected: PolicyVerdict
        /// Where it stands in the file, from 1.
        public var line: Int
        /// Whose turn it would be.
        public var person: String?
        /// The mode.
        public var mode: String?
        /// The channel or conversation.
        public var channel: String?
        /// The working folder.
        public var folder: String?
        /// The time.
        public var at: String?
        /// The least trusted text that may have led to it.
        public var influence: String?
    }

    /// A further rule.
    public struct Rule: Sendable, Hashable {
        /// What to say.
        public var verdict: PolicyVerdict
        /// What it is about.
        public var pattern: String
    }

    /// Further rules.
    public private(set) var rules: [Rule] = []
    /// The cases in the order of the file.
    public private(set) var cases: [Case] = []

    /// The most cases of a file.
    public static let mostCases = 100_000

    /// Reads a file's text.
    ///
    /// - Parameter name: What to call the file in messages.
    /// - Throws: ``ConfigurationError`` with every problem and its line.
    public init(yaml: String, name: String) throws(ConfigurationError) {
        var problems: [ConfigurationProblem] = []
        func report(_ node: Node?, _ message: String, _ suggestion: String? = nil) {
            problems.append(.init(keyPath: "", source: name, line: node?.mark?.line, message: message, suggestion: suggestion))
        }
        let root: Node?
        do { root = yaml.utf8.count > 16 << 20 ? nil : try Yams.compose(yaml: yaml) } catch {
            throw ConfigurationError(problems: [.init(keyPath: "", source: name, message: "this is not YAML: \(error)")])
        }
        guard let root, case .mapping(let mapping) = root else {
            throw ConfigurationError(problems: [.init(keyPath: "", source: name, message: "the file holds no cases.", suggestion: "Write cases: with a list below it.")])
        }
        for (key, value) in mapping {
            switch key.scalar?.string {
            case let verdict? where PolicyVerdict(rawValue: verdict) != nil:
                for item in value.sequence.map(Array.init) ?? [value] {
                    if let text = item.scalar?.string, let verdict = PolicyVerdict(rawValue: verdict) { rules.append(Rule(verdict: verdict, pattern: text)) } else { report(item, "a rule must be a text.") }
                }
            case "cases":
                guard let items = value.sequence else {
                    report(value, "cases must be a list.")
                    continue
                }
                for item in items.prefix(Self.mostCases) {
                    if let one = Self.read(item, report) { cases.append(one) }
                }
                if items.count > Self.mostCases { report(value, "there can be \(Self.mostCases) cases at most.") }
            default: report(key, "unknown key.", "Possible here: allow, ask, deny, cases.")
            }
        }
        if !problems.isEmpty { throw ConfigurationError(problems: problems) }
    }

    private static func read(_ node: Node, _ report: (Node?, String, String?) -> Void) -> Case? {
        guard let mapping = node.mapping else {
            report(node, "a case must have keys.", "Write {command: git status, expect: allow}.")
            return nil
        }
        var values: [String: String] = [:]
        for (key, value) in mapping {
            guard let name = key.scalar?.string, let text = value.scalar?.string else {
                report(key, "every key of a case takes a text.", nil)
                return nil
            }
            guard ["command", "expect", "as", "mode", "channel", "folder", "at", "influence", "why"].contains(name) else {
                report(key, "\"\(name)\" is no key of a case.", "Possible: command, expect, as, mode, channel, folder, at, influence, why.")
                return nil
            }
            values[name] = text
        }
        guard let command = values["command"], let expected = values["expect"].flatMap({ PolicyVerdict(rawValue: $0) }) else {
            report(node, "a case needs a command and what to expect.", "Write expect: allow, ask or deny.")
            return nil
        }
        return Case(
            command: command, expected: expected, line: node.mark?.line ?? 0, person: values["as"], mode: values["mode"], channel: values["channel"],
            folder: values["folder"], at: values["at"], influence: values["influence"])
    }
}
