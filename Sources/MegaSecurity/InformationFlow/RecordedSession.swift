// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

/// A session on record, to be judged step by step: what would the guard have said?
///
/// Read from JSON: `{tools: [{name, description, effects, result_integrity, result_confidentiality, sensitive_args, content_args,
/// parameters}], prompt, steps: [{tool, args, result, on_ask: "approve" | "refuse"}]}`. A step that is refused or denied does not run.
public struct RecordedSession: Sendable {
    private struct Step: Sendable {
        var call: FlowCall?
        var tool: String
        var result: String
        var isApproved: Bool
    }

    /// What is said of a step.
    public struct Judgement: Sendable, Hashable {
        /// `allow`, `ask` or `deny`.
        public var verdict: String
        /// Why, for people; empty when the guard has nothing to say.
        public var reason: String
    }

    private let prompt: String
    private var steps: [Step] = []

    /// - Throws: ``RecordedSessionError`` when the record does not have that form.
    public init(_ record: JSONValue) throws(RecordedSessionError) {
        guard let prompt = record["prompt"]?.stringValue else { throw RecordedSessionError("\"prompt\" must be a string.") }
        guard let tools = record["tools"]?.arrayValue, let steps = record["steps"]?.arrayValue else {
            throw RecordedSessionError("\"tools\" and \"steps\" must be lists.")
        }
        self.prompt = prompt
        var known: [String: ToolDefinition] = [:]
        for tool in tools {
            let definition = try Self.definition(tool)
            known[definition.name] = definition
        }
        for step in steps {
            guard let name = step["tool"]?.stringValue, let arguments = step["args"], arguments.objectValue != nil else {
                throw RecordedSessionError("a step needs a tool's name and \"args\" as an object.")
            }
            let answer = step["on_ask"]?.stringValue ?? "refuse"
            guard ["approve", "refuse"].contains(answer) else {
                throw RecordedSessionError("\"on_ask\" is approve or refuse.")
            }
            self.steps.append(
                Step(
                    call: known[name].map { FlowCall(tool: $0, arguments: arguments) }, tool: name,
                    result: step["result"].map { $0.stringValue ?? $0.encodedString() } ?? "", isApproved: answer == "approve"))
        }
    }

    /// Judges every step, in order.
    public func judge(by policy: some InformationFlowPolicy = FlowGuard()) -> [Judgement] {
        var session = policy.makeSession()
        session.begin(FlowText(prompt, FlowLabel(.owner, .limited(to: ["owner"]))))
        return steps.indices.map { index in
            let step = steps[index]
            guard let call = step.call else { return Judgement(verdict: "deny", reason: "there is no tool \(step.tool)") }
            let judgement: Judgement
            switch session.decide(call, following: following(index)) {
            case .allow(let basis): judgement = Judgement(verdict: "allow", reason: basis ?? "")
            case .deny(let reason): return Judgement(verdict: "deny", reason: reason)
            case .ask(let explanation):
                judgement = Judgement(verdict: "ask", reason: explanation.description)
                guard step.isApproved else { return judgement }
                session.endorse(call, covering: explanation.covered)
            }
            let privacy: Confidentiality = call.tool.isResultPrivate ? .limited(to: ["owner"]) : .open
            session.observe(FlowText(step.result, FlowLabel(call.tool.resultIntegrity, privacy)), of: call)
            return judgement
        }
    }

    /// The calls a model could have wanted in the same answer: those of the same tool right after this one. A call that carries text
    /// cannot have been wanted before an untrusted result that it may be made from.
    private func following(_ index: Int) -> [FlowCall] {
        guard let first = steps[index].call else { return [] }
        var calls: [FlowCall] = []
        for step in steps[(index + 1)...].prefix(64) {
            guard let call = step.call, call.tool == first.tool else { break }
            if call.tool.resultIntegrity.isUntrusted, !call.tool.contentArguments.isEmpty { break }
            calls.append(call)
        }
        return calls
    }

    // MARK: Reading

    private static func definition(_ tool: JSONValue) throws(RecordedSessionError) -> ToolDefinition {
        guard let name = tool["name"]?.stringValue else { throw RecordedSessionError("a tool needs a name.") }
        var effects: ToolEffects = []
        for effect in tool["effects"]?.arrayValue ?? [] {
            let word = effect.stringValue ?? ""
            if word == "pure" { continue }
            guard let known = ToolEffects.names.first(where: { $0.0 == word }) else {
                throw RecordedSessionError("\(name): \"\(word)\" is no effect; there are \(ToolEffects.names.map(\.0).joined(separator: ", ")), pure.")
            }
            effects.insert(known.1)
        }
        var flow: FlowDeclaration?
        if let integrity = tool["result_integrity"]?.stringValue {
            let labels: [String: TrustLabel] = ["owner": .owner, "trusted": .tool, "untrusted": .web]
            guard let label = labels[integrity] else { throw RecordedSessionError("\(name): result_integrity is owner, trusted or untrusted.") }
            let kinds = (tool["sensitive_args"]?.objectValue ?? [:]).mapValues { kind(of: $0.stringValue ?? "") }
            flow = FlowDeclaration(
                resultIntegrity: label, isResultPrivate: tool["result_confidentiality"]?.stringValue != "public", sensitiveArguments: kinds,
                contentArguments: (tool["content_args"]?.arrayValue ?? []).compactMap(\.stringValue))
        }
        return ToolDefinition(
            name: name, description: tool["description"]?.stringValue ?? "", parameters: JSONSchema(tool["parameters"] ?? [:]),
            effects: effects, flow: flow)
    }

    /// A kind in words.
    private static func kind(of text: String) -> ArgumentKind {
        let words = Set(text.lowercased().split { !$0.isLetter }.map(String.init))
        func has(_ candidates: String...) -> Bool { !words.isDisjoint(with: candidates) }
        if has("id", "identifier") { return .identifier }
        if has("email", "mail", "recipient", "iban", "phone") { return .recipient }
        if has("url", "uri", "link", "destination", "host") { return .destination }
        if has("path", "file", "folder") { return .path }
        if has("amount") { return .amount }
        if has("credential", "password", "token", "key", "secret") { return .credential }
        if has("code", "command", "script", "query") { return .code }
        return .name
    }
}

/// A record is no session. The reason names the field and what belongs there.
public struct RecordedSessionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, and how it should be.
    public let reason: String
    /// In words, for people and logs.
    public var description: String { reason }

    init(_ reason: String) { self.reason = reason }
}
