// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Judges tool calls by where their values come from. The tool executor asks it between the mode and the authorizer; the stricter of
/// both answers holds.
///
/// Implement this for another theory of flow; check yours with `InformationFlowConformance` of MegaTesting. MegaSecurity's `FlowGuard`
/// is the one the daemon uses.
public protocol InformationFlowPolicy: Sendable {
    /// The state of one turn, before anything was read.
    func makeSession() -> any FlowSession

    /// Makes durable what sessions have learnt that later turns need, such as which files hold text nobody vouches for. Awaited before a
    /// call writes files it names, and before the outcome of one that does not name them is noted. The default keeps nothing.
    ///
    /// - Throws: When it could not be kept; the call does not run then.
    func save() async throws
}

extension InformationFlowPolicy {
    /// Nothing to keep.
    public func save() async throws {}
}

/// What one turn has read and done so far, as far as its flow of information goes. A value: the same events give the same answers.
public protocol FlowSession: Sendable {
    /// The person's own message: what the turn is for.
    mutating func begin(_ message: FlowText)

    /// Other text in the model's context: history, memories.
    mutating func note(_ text: FlowText)

    /// Judges a call the model wants, before it runs.
    ///
    /// - Parameter following: The calls the model wants after it in the same answer. A question may cover those like it.
    mutating func decide(_ call: FlowCall, following: [FlowCall]) -> FlowDecision

    /// A person has seen the question about this call, with the calls it covers, and said yes. The values shown count as the
    /// person's from now on.
    mutating func endorse(_ call: FlowCall, covering: [FlowCall])

    /// The label of what a call gave, as far as the policy knows better: a file written under untrusted influence stays so.
    func label(for call: FlowCall, _ label: FlowLabel) -> FlowLabel

    /// A call ran and gave this. Text and label are what the model gets.
    mutating func observe(_ result: FlowText, of call: FlowCall)

    /// Whether it has to be found out which files a call changes that does not name them.
    func followsWrites(of call: FlowCall) -> Bool

    /// A call that names the files it writes is about to write them, or one that does not has changed these.
    mutating func noteWrites(_ files: FileWrites, of call: FlowCall)
}

extension FlowSession {
    /// The label as it is.
    public func label(for call: FlowCall, _ label: FlowLabel) -> FlowLabel { label }
    /// False.
    public func followsWrites(of call: FlowCall) -> Bool { false }
    /// Nothing.
    public mutating func noteWrites(_ files: FileWrites, of call: FlowCall) {}
}

/// Text with its label.
public struct FlowText: Sendable, Hashable {
    /// What is said.
    public var text: String
    /// Where it comes from, who may read it.
    public var label: FlowLabel

    /// Labels a text.
    public init(_ text: String, _ label: FlowLabel) {
        self.text = text
        self.label = label
    }
}

/// A call as a flow policy sees it.
public struct FlowCall: Sendable, Hashable {
    /// The tool that would run.
    public var tool: ToolDefinition
    /// What it would be given.
    public var arguments: JSONValue
    /// The absolute paths it would read or write, as far as its preview knows.
    public var paths: [String]

    /// Makes a call.
    public init(tool: ToolDefinition, arguments: JSONValue, paths: [String] = []) {
        self.tool = tool
        self.arguments = arguments
        self.paths = paths
    }
}

/// What a flow policy says.
public enum FlowDecision: Sendable, Hashable {
    /// Go on. With a basis, the policy has looked at where every value comes from and answers for the call; without one it has
    /// nothing to say about it.
    case allow(basis: String?)
    /// A person has to see the flow first.
    case ask(FlowExplanation)
    /// Do not run it. The reason is told to model and person.
    case deny(reason: String)
}

extension FlowDecision {
    /// Whether the policy has found every value to be the person's own, so that the turn's influence says nothing about the call.
    var answersForCall: Bool {
        if case .allow(.some) = self { true } else { false }
    }
}

/// Why a person is asked: which values, and where they came from.
public struct FlowExplanation: Sendable, Hashable, CustomStringConvertible {
    /// One thing the person should see.
    public struct Finding: Sendable, Hashable {
        /// The argument's name, or nil when it is the call as a whole.
        public var argument: String?
        /// The value, shortened for showing.
        public var value: String
        /// Where it came from: a tool's result, named, or the model alone.
        public var source: String
        /// What is wrong with that, in a few words.
        public var problem: String

        /// Makes a finding.
        public init(argument: String?, value: String, source: String, problem: String) {
            self.argument = argument
            self.value = value
            self.source = source
            self.problem = problem
        }
    }

    /// What was found, most serious first.
    public var findings: [Finding]
    /// Later calls of the same answer that one yes covers, in order. They are shown with the question.
    public var covered: [FlowCall]

    /// Makes an explanation.
    public init(findings: [Finding], covered: [FlowCall] = []) {
        self.findings = findings
        self.covered = covered
    }

    /// For the person: every finding, then every covered call.
    public var description: String {
        var lines = findings.map { finding in
            let what = finding.argument.map { "\($0) “\(finding.value)”" } ?? finding.value
            return "\(what): \(finding.problem); \(finding.source)"
        }
        if !covered.isEmpty {
            let calls = covered.map { "\($0.tool.name) \($0.arguments.encodedString())" }
            lines.append("the same yes covers \(covered.count) more: " + calls.joined(separator: ", "))
        }
        return lines.joined(separator: " · ")
    }
}

/// Has nothing to say about any call. For hosts that use no flow policy; the authorizer then sees the turn's influence as it is.
public struct NoFlowPolicy: InformationFlowPolicy {
    /// Makes the policy.
    public init() {}

    /// See ``InformationFlowPolicy/makeSession()``.
    public func makeSession() -> any FlowSession { Session() }

    private struct Session: FlowSession {
        mutating func begin(_ message: FlowText) {}
        mutating func note(_ text: FlowText) {}
        mutating func decide(_ call: FlowCall, following: [FlowCall]) -> FlowDecision { .allow(basis: nil) }
        mutating func endorse(_ call: FlowCall, covering: [FlowCall]) {}
        mutating func observe(_ result: FlowText, of call: FlowCall) {}
    }
}
