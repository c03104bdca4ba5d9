// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Configuration
import Yams

/// A configuration file, taken apart: typed values by key, the line of each, and everything that is wrong with it.
struct ConfigurationDocument {
    private(set) var values: [AbsoluteConfigKey: ConfigValue] = [:]
    private(set) var lines: [String: Int] = [:]
    private(set) var problems: [ConfigurationProblem] = []

    private let source: String
    private let variables: ConfigurationVariables
    /// Aliases let a short text describe a huge tree.
    private var visited = 0

    static let byteLimit = 256 << 10
    static let nodeLimit = 10_000
    static let depthLimit = 32

    init(yaml: String, source: String, variables: ConfigurationVariables) {
        self.source = source
        self.variables = variables
        guard let root = compose(yaml) else { return }
        switch root {
        case .mapping(let mapping): walk(mapping, section: "", depth: 0)
        case .scalar(let scalar) where scalar.string.isEmpty || root.isNull: break
        default:
            report("", root, "the file holds no keys.", "Write sections such as \"system:\" with their keys indented below.")
        }
    }

    // MARK: Parsing

    private mutating func compose(_ yaml: String) -> Node? {
        guard yaml.utf8.count <= Self.byteLimit else {
            problems.append(.init(keyPath: "", source: source, message: "the file is larger than \(Self.byteLimit >> 10) KiB."))
            return nil
        }
        if let line = Self.firstLineNestedTooDeep(yaml) {
            problems.append(.init(keyPath: "", source: source, line: line, message: "brackets or lists are nested too deep."))
            return nil
        }
        do {
            return try Yams.compose(yaml: yaml)
        } catch let error as YamlError {
            problems.append(Self.problem(for: error, in: yaml, source: source))
        } catch {
            problems.append(.init(keyPath: "", source: source, message: "this is not YAML."))
        }
        return nil
    }

    /// The parser below recurses once a level, so depth is bounded before it starts.
    private static func firstLineNestedTooDeep(_ yaml: String) -> Int? {
        var open = 0
        var line = 1
        var leading = 0
        var isLeading = true
        for byte in yaml.utf8 {
            switch byte {
            case UInt8(ascii: "\n"):
                line += 1
                leading = 0
                isLeading = true
            case UInt8(ascii: "["), UInt8(ascii: "{"): open += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): open = max(0, open - 1)
            case UInt8(ascii: "-"), UInt8(ascii: "?"): if isLeading { leading += 1 }
            case UInt8(ascii: " "): break
            default: isLeading = false
            }
            if open > 256 || (isLeading && leading > 4 * depthLimit) { return line }
        }
        return nil
    }

    private static func problem(for error: YamlError, in yaml: String, source: String) -> ConfigurationProblem {
        func at(_ mark: Mark, _ problem: String, _ context: YamlError.Context?) -> ConfigurationProblem {
            // Of an unclosed bracket or quote the parser knows the end of the file; where it began is more use.
            let began = context.flatMap { mark.line > $0.mark.line + 1 ? " What began in line \($0.mark.line) is not finished." : nil }
            return ConfigurationProblem(
                keyPath: "", source: source, line: mark.line, column: mark.column, message: "this is not YAML: \(problem).",
                suggestion: advice(for: problem) + (began ?? ""))
        }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            return at(mark, problem, context)
        case .duplicatedKeysInMapping(let duplicates, let context):
            return ConfigurationProblem(
                keyPath: "", source: source, line: context.mark.line,
                message: "the key \"\(duplicates.first ?? "")\" stands more than once in the same section.",
                suggestion: "Keep one of them.")
        case .reader(_, let offset, _, _):
            let line = offset.map { yaml.prefix($0).count { $0.isNewline } + 1 }
            return ConfigurationProblem(
                keyPath: "", source: source, line: line, message: "there is a character that may not stand in YAML.",
                suggestion: "Remove control characters and save the file as UTF-8.")
        default:
            return ConfigurationProblem(keyPath: "", source: source, message: "this is not YAML.")
        }
    }

    private static func advice(for problem: String) -> String {
        if problem.contains("tab") || problem.contains("cannot start any token") {
            return "Indent with spaces, not tabs, and put text that begins with a special character in quotes."
        }
        if problem.contains("mapping values are not allowed") {
            return "Put the value in quotes if it holds \": \", and check the indentation of this line and the one above."
        }
        if problem.contains("expected") && problem.contains("block end") || problem.contains("did not find expected key") {
            return "Check that the keys of one section are indented alike."
        }
        return "Check the quotes, brackets and indentation here and just above."
    }

    // MARK: Walking

    private mutating func walk(_ mapping: Node.Mapping, section: String, depth: Int) {
        for (keyNode, node) in mapping {
            guard countVisit(node) else { return }
            guard let name = keyNode.scalar?.string else {
                report(section, keyNode, "a key must be a word.", nil)
                continue
            }
            var path = section.isEmpty ? name : "\(section).\(name)"
            if path == "admins" {
                path = "people.owners"
                if mapping["people"]?.mapping?["owners"] != nil {
                    report("admins", keyNode, "admins is another name of people.owners, which is also given.", "Keep one of them.")
                    continue
                }
            }
            if path == "model.fallback" {
                walkFallback(node)
            } else if path == "policies.rules" {
                walkRules(node)
            } else if path == "secrets.bindings" {
                walkBindings(node)
            } else if let key = ConfigurationKey.key(at: path) {
                read(node, for: key, line: keyNode.mark?.line)
            } else if ConfigurationKey.sections.contains(path) {
                switch node {
                case .mapping(let inner): walk(inner, section: path, depth: depth + 1)
                case _ where node.isNull: break
                default:
                    let names = ConfigurationKey.names(in: path).joined(separator: ", ")
                    report(path, node, "this is a section, not a value.", "Indent its keys below it: \(names).")
                }
            } else {
                unknown(path, name: name, section: section, node: keyNode)
            }
        }
    }

    private mutating func walkFallback(_ node: Node) {
        if node.isNull { return }
        guard case .sequence(let items) = node else {
            return report("model.fallback", node, "this must be a list of models.", "Write \"- provider: ollama\" and so on below it.")
        }
        if items.count > ConfigurationKey.fallbackLimit {
            report("model.fallback", node, "there can be \(ConfigurationKey.fallbackLimit) fallback models at most.", nil)
        }
        for (index, item) in items.enumerated().prefix(ConfigurationKey.fallbackLimit) {
            guard case .mapping(let mapping) = item else {
                report("model.fallback.\(index)", item, "each fallback is a model with its own keys.", "Write \"- provider: ollama\".")
                continue
            }
            lines["model.fallback.\(index)"] = item.mark?.line
            walk(mapping, section: "model.fallback.\(index)", depth: 2)
        }
    }

    private mutating func walkRules(_ node: Node) {
        if node.isNull { return }
        guard case .sequence(let items) = node else {
            return report("policies.rules", node, "this must be a list of rules.", "Write \"- allow: git push\" with conditions below it.")
        }
        if items.count > ConfigurationKey.ruleLimit {
            report("policies.rules", node, "there can be \(ConfigurationKey.ruleLimit) rules with conditions at most.", nil)
        }
        for (index, item) in items.enumerated().prefix(ConfigurationKey.ruleLimit) {
            // What is no rule has its line all the same, and is reported for want of a verdict.
            lines["policies.rules.\(index)"] = item.mark?.line
            guard case .mapping(let mapping) = item else { continue }
            walk(mapping, section: "policies.rules.\(index)", depth: 2)
        }
    }

    private mutating func walkBindings(_ node: Node) {
        let path = "secrets.bindings"
        if node.isNull { return }
        guard case .sequence(let items) = node else {
            return report(path, node, "this must be a list of bindings.", "Write \"- name: GITHUB\" with programs or hosts below it.")
        }
        if items.count > ConfigurationKey.bindingLimit {
            report(path, node, "there can be \(ConfigurationKey.bindingLimit) bindings at most.", nil)
        }
        for (index, item) in items.enumerated().prefix(ConfigurationKey.bindingLimit) {
            lines["\(path).\(index)"] = item.mark?.line
            guard case .mapping(let mapping) = item else { continue }
            walk(mapping, section: "\(path).\(index)", depth: 2)
        }
    }

    private mutating func unknown(_ path: String, name: String, section: String, node: Node) {
        let candidates = ConfigurationKey.names(in: section)
        let suggestion: String
        if let moved = ConfigurationKey.moved[path] {
            suggestion = moved
        } else if let close = Spelling.closest(to: name, among: candidates) {
            suggestion = "Did you mean \"\(close)\"?"
        } else if let elsewhere = ConfigurationKey.all.first(where: { $0.components.last == name }) {
            suggestion = "Did you mean \"\(elsewhere.path)\"? Check the indentation."
        } else {
            suggestion = "Possible here: \(candidates.joined(separator: ", "))."
        }
        report(path, node, "unknown key.", suggestion)
    }

    private mutating func read(_ node: Node, for key: ConfigurationKey, line: Int?) {
        if node.isNull { return }
        lines[key.path] = node.mark?.line ?? line
        switch (key.kind, node) {
        case (.list, .sequence(let items)):
            var texts: [String] = []
            for item in items {
                guard countVisit(item) else { return }
                guard case .scalar(let scalar) = item, !item.isNull else {
                    report(key.path, item, "every entry of this list must be a text.", nil)
                    continue
                }
                guard isText(scalar, for: key, at: item, "every entry of this list must be a text"), let text = substitute(scalar.string, for: key, at: item)
                else { continue }
                guard !text.allSatisfy(\.isWhitespace) else {
                    report(key.path, item, "an entry of the list is empty.", "Remove it.")
                    continue
                }
                lines["\(key.path).\(texts.count)"] = item.mark?.line
                texts.append(text)
            }
            set(key, .stringArray(texts))
        case (.list, .scalar(let scalar)):
            if isText(scalar, for: key, at: node, "this must be a list of texts"), let text = substitute(scalar.string, for: key, at: node) {
                set(key, .stringArray([text]))
            }
        case (_, .scalar(let scalar)):
            guard let text = substitute(scalar.string, for: key, at: node) else { return }
            readScalar(text, scalar, for: key, at: node)
        default:
            report(key.path, node, "this must be \(key.kind.expectation).", nil)
        }
    }

    private mutating func readScalar(_ text: String, _ scalar: Node.Scalar, for key: ConfigurationKey, at node: Node) {
        switch key.kind {
        case .choice, .list: set(key, .string(text))
        case .text, .secret: if isText(scalar, for: key, at: node, "this must be \(key.kind.expectation)") { set(key, .string(text)) }
        case .integer:
            if !scalar.isQuotedValue, let number = Int(text.filter({ $0 != "_" })) { return set(key, .int(number)) }
            wrongType(key, scalar, at: node, isRight: Int(text) != nil)
        case .number:
            if !scalar.isQuotedValue, let number = Double(text), number.isFinite { return set(key, .double(number)) }
            wrongType(key, scalar, at: node, isRight: Double(text)?.isFinite == true)
        case .flag:
            if !scalar.isQuotedValue, let flag = YAMLScalar.flag(text) { return set(key, .bool(flag)) }
            if let meant = YAMLScalar.formerFlag(text) {
                return report(key.path, node, "this must be \(key.kind.expectation).", "Did you mean \(meant)?")
            }
            wrongType(key, scalar, at: node, isRight: YAMLScalar.flag(text) != nil, meant: Spelling.closest(to: text, among: ["true", "false"]))
        }
    }

    private mutating func wrongType(_ key: ConfigurationKey, _ scalar: Node.Scalar, at node: Node, isRight: Bool, meant: String? = nil) {
        let isOnlyQuoted = scalar.isQuotedValue && isRight
        report(
            key.path, node, "this must be \(key.kind.expectation)\(isOnlyQuoted ? ", and in quotes it is a text" : "").",
            isOnlyQuoted ? "Remove the quotes." : meant.map { "Did you mean \($0)?" })
    }

    /// Whether a scalar is a text by YAML's rules; what else it is gets reported. A value that comes from a variable is taken as it is.
    private mutating func isText(_ scalar: Node.Scalar, for key: ConfigurationKey, at node: Node, _ expectation: String) -> Bool {
        guard scalar.style == .plain || scalar.style == .any, let type = YAMLScalar.type(scalar.string) else { return true }
        // Nothing of a secret's value is shown, not even a wrong one.
        var shown: String? = scalar.string
        if case .secret = key.kind { shown = nil }
        report(
            key.path, node, "\(expectation), and \(shown ?? "the value") is \(type).",
            shown.map { "Put it in quotes if it is meant: \"\($0)\"." } ?? "Put it in quotes if it is meant.")
        return false
    }

    // MARK: Parts

    private mutating func substitute(_ text: String, for key: ConfigurationKey, at node: Node) -> String? {
        do throws(ConfigurationVariables.Missing) {
            return try variables.substitute(text)
        } catch {
            report(key.path, node, error.reason, error.suggestion)
            return nil
        }
    }

    private mutating func set(_ key: ConfigurationKey, _ content: ConfigContent) {
        var isSecret = false
        if case .secret = key.kind { isSecret = true }
        values[AbsoluteConfigKey(key.components)] = ConfigValue(content, isSecret: isSecret)
    }

    private mutating func countVisit(_ node: Node) -> Bool {
        visited += 1
        if visited == Self.nodeLimit { report("", node, "the file describes more than \(Self.nodeLimit) values.", nil) }
        return visited < Self.nodeLimit
    }

    private mutating func report(_ path: String, _ node: Node, _ message: String, _ suggestion: String?) {
        problems.append(.init(keyPath: path, source: source, line: node.mark?.line, message: message, suggestion: suggestion))
    }
}

extension Node.Scalar {
    /// In quotes or a block, so a text whatever it looks like; a variable's value has no type of its own.
    fileprivate var isQuotedValue: Bool { style != .plain && style != .any && !string.contains("${") }
}

extension Node {
    /// A value left out, or written as `null` or `~`.
    fileprivate var isNull: Bool {
        guard case .scalar(let scalar) = self, scalar.style == .plain || scalar.style == .any else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }
}
