// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// What one turn has read and done: the state machine behind ``FlowGuard``.
struct FlowState: FlowSession {
    let limits: FlowGuard.Limits
    let files: FileLabels

    /// What the person said, when they may instruct.
    var person: PersonsWords?
    private(set) var sources: [FlowSource] = []
    private var sourceBytes = 0
    /// Whether anything was read that anybody could have written.
    private(set) var isTainted = false
    /// Whether anything was read that is not for everybody.
    private(set) var holdsPrivateData = false
    /// Values a person has seen and approved, by tool and argument.
    private(set) var endorsed: Set<Endorsement> = []
    /// Ids of things this turn made, and whether what is in them is the person's or was approved.
    private(set) var created: [String: Bool] = [:]
    /// Calls one yes covers.
    private var covered: [FlowCall] = []
    /// What was done already.
    private var done: Set<String> = []
    private var clearedCount = 0
    /// Calls whose text was judged, by their exact form: for the label of what they make.
    private var vouchedCalls: Set<String> = []
    /// Public facts for filling places in the person's text; made when first asked for.
    private var facts: Set<String> = []

    struct Endorsement: Hashable, Sendable {
        var tool: String
        var argument: String
        var value: String
    }

    init(limits: FlowGuard.Limits, files: FileLabels) {
        self.limits = limits
        self.files = files
    }

    var publicFacts: Set<String> { facts }

    mutating func begin(_ message: FlowText) {
        if message.label.integrity.mayInstruct {
            person = PersonsWords(message.text)
        } else {
            note(message)
        }
    }

    mutating func note(_ text: FlowText) {
        taint(text.label)
        keep(
            FlowSource(
                origin: .context, name: Self.name(ofEarlier: text.label.integrity), label: text.label, text: ReadText(text.text), arguments: [:],
                link: nil, isHonest: false, isDeclared: false, records: ResultRecords("")))
    }

    private static func name(ofEarlier integrity: TrustLabel) -> String {
        integrity == .unknown ? "what was said here earlier, to or by somebody on no list of people then," : "something said or remembered earlier"
    }

    mutating func decide(_ call: FlowCall, following: [FlowCall]) -> FlowDecision {
        guard !call.tool.effects.isDisjoint(with: .consequential) else { return .allow(basis: nil) }
        guard isTainted else { return .allow(basis: nil) }
        if call.tool.effects.contains(.changesPolicy) {
            return .deny(reason: "What is allowed is not changed after text from outside was read.")
        }
        if let index = covered.firstIndex(of: call) {
            covered.remove(at: index)
            vouchedCalls.insert(call.key)
            return .allow(basis: "a person saw this call with one like it and said yes to both")
        }
        var findings = findings(call)
        if findings.isEmpty {
            guard clearedCount < limits.cleared else {
                findings = [.init(argument: nil, value: call.tool.name, source: "\(clearedCount) calls passed already", problem: "many calls in one turn")]
                return .ask(FlowExplanation(findings: findings))
            }
            clearedCount += 1
            if !isDerived(call) { vouchedCalls.insert(call.key) }
            return .allow(basis: "the person's own message determines it")
        }
        return .ask(FlowExplanation(findings: findings, covered: like(call, following)))
    }

    mutating func endorse(_ call: FlowCall, covering: [FlowCall]) {
        for call in [call] + covering.prefix(limits.covered) {
            for (name, value) in call.values {
                endorsed.insert(Endorsement(tool: call.tool.name, argument: name, value: value))
            }
        }
        covered += covering.prefix(limits.covered)
        vouchedCalls.insert(call.key)
    }

    func label(for call: FlowCall, _ label: FlowLabel) -> FlowLabel {
        // What a command reads nobody can tell; it may be anything below its folder.
        guard !call.tool.effects.isDisjoint(with: [.readsFiles, .executes]), let known = files.label(of: call.paths) else { return label }
        return label.joined(FlowLabel(known))
    }

    func followsWrites(of call: FlowCall) -> Bool {
        guard call.tool.effects.isSuperset(of: [.executes, .writesFiles]) else { return false }
        return isTainted || call.tool.resultIntegrity.isUntrusted || files.label(of: call.paths) != nil
    }

    mutating func noteWrites(_ writes: FileWrites, of call: FlowCall) {
        if call.tool.effects.contains(.executes) {
            files.forget(writes.removed)
            // A person who let a command run has not seen what it writes.
            files.note(writes.written, folders: writes.folders, .web)
        } else if isUnvouched(call) {
            files.note(writes.written, .web)
        } else {
            files.forget(writes.removed)
        }
    }

    /// Whether what a call writes, which is in its arguments or fetched by it, is text nobody vouches for.
    private func isUnvouched(_ call: FlowCall) -> Bool {
        let isFetched = call.tool.effects.contains(.network) && call.tool.resultIntegrity.isUntrusted
        return isFetched || isTainted && !vouchedCalls.contains(call.key)
    }

    mutating func observe(_ result: FlowText, of call: FlowCall) {
        let isEffect = !call.tool.effects.isDisjoint(with: .consequential.subtracting(.network))
        // A page fetched is read, and its address has left.
        let isSink = !call.tool.effects.isDisjoint(with: .consequential)
        let isHonest = isHonest(call)
        let source = FlowSource(
            origin: isEffect ? .effect : .read, tool: call.tool.name, name: "the result of \(call.summary)", label: result.label, text: ReadText(result.text),
            arguments: call.arguments.objectValue ?? [:], link: call.link, isHonest: isHonest, isDeclared: call.tool.flow != nil,
            records: ResultRecords(result.text))
        if isSink {
            done.insert(call.key)
            if call.tool.effects.contains(.spendsMoney) { done.insert(call.paymentKey) }
        }
        if isEffect {
            if call.tool.effects.contains(.writesFiles), !call.tool.effects.contains(.executes), isUnvouched(call) { files.note(call.paths, .web) }
            noteCreations(of: call, source)
        }
        taint(result.label)
        keep(source)
        if source.isPublicFact { facts.formUnion(source.values.prefix(20_000)) }
    }

    /// Whether the same was done already.
    func isDone(_ call: FlowCall) -> Bool {
        done.contains(call.key) || call.tool.effects.contains(.spendsMoney) && done.contains(call.paymentKey)
    }

    // MARK: Bookkeeping

    private mutating func taint(_ label: FlowLabel) {
        if label.integrity.isUntrusted { isTainted = true }
        if label.confidentiality.isPrivate { holdsPrivateData = true }
    }

    private mutating func keep(_ source: FlowSource) {
        sources.append(source)
        sourceBytes += source.text.bytes.count
        while sources.count > limits.sources || sourceBytes > limits.bytes, sources.count > 1 {
            sourceBytes -= sources.removeFirst().text.bytes.count
        }
    }

    /// New ids in what an effect answered: the one thing in an echo that the model did not write.
    private mutating func noteCreations(of call: FlowCall, _ source: FlowSource) {
        guard !source.label.integrity.isUntrusted, source.isDeclared, source.records.records.count == 1 else { return }
        let given = Set(call.values.map(\.value))
        let isVouched = !isTainted || vouchedCalls.contains(call.key)
        for id in source.records.records[0].identifiers where !given.contains(id) { created[id] = isVouched }
    }

    /// A read nothing untrusted could have bent: wanted before anything untrusted was read, or all it asks for stands in the person's
    /// message.
    private func isHonest(_ call: FlowCall) -> Bool {
        if !isTainted { return true }
        guard let person else { return false }
        return call.values.allSatisfy { person.text.contains($0.value) || Moment($0.value).map(person.moments.names) ?? false }
    }

    /// Calls that follow from the same plan: the same tool, and every value that decides who or what is affected was known before the
    /// question, so that the person sees it on the same card.
    private func like(_ call: FlowCall, _ following: [FlowCall]) -> [FlowCall] {
        var found: [FlowCall] = []
        for next in following.prefix(64) {
            guard next.tool == call.tool, found.count < limits.covered else { break }
            guard next != call, !found.contains(next), !isDone(next), !call.tool.effects.contains(.executes) else { break }
            let isKnown = next.sensitiveValues.allSatisfy { _, value in
                person?.text.contains(value) ?? false || sources.contains { $0.text.contains(value) }
            }
            // What is covered is shown in full, or not covered.
            guard isKnown, next.arguments.encoded().count <= 1024 else { break }
            found.append(next)
        }
        return found
    }
}

extension FlowCall {
    /// Every single value with the argument it belongs to, in a fixed order; empty ones left out.
    var values: [(name: String, value: String)] {
        (arguments.objectValue ?? [:]).sorted { $0.key < $1.key }.flatMap { name, value in Self.leaves(value, 0).map { (name, $0) } }
    }

    /// The values that decide who or what is affected.
    var sensitiveValues: [(name: String, value: String)] {
        let sensitive = tool.sensitiveArguments
        return values.filter { sensitive[$0.name] != nil }
    }

    /// The one address on the network it asks for something, when that is what it does.
    var link: String? {
        guard tool.effects.contains(.network) else { return nil }
        let links = values.filter { tool.sensitiveArguments[$0.name] == .destination }
        return links.count == 1 ? AddressScan.normalised(links[0].value) : nil
    }

    /// The same for the same call, whatever order its arguments stand in.
    var key: String { "\(tool.name) \(arguments.encodedString())" }

    /// The same for payments to the same payee of the same amount, whatever else they say.
    var paymentKey: String {
        let parts = values.filter { tool.sensitiveArguments[$0.name] != nil || Double($0.value) != nil }
        return "pays \(tool.name) " + parts.map { "\($0.name)=\(Double($0.value).map { "\($0)" } ?? $0.value.lowercased())" }.joined(separator: " ")
    }

    /// The tool with a short form of what it was asked.
    var summary: String {
        let told = values.prefix(3).map { "\($0.value.prefix(60))" }.joined(separator: ", ")
        return told.isEmpty ? tool.name : "\(tool.name) (\(told))"
    }

    static func leaves(_ value: JSONValue, _ depth: Int) -> [String] {
        guard depth < 16 else { return ["…"] }
        switch value {
        case .null: return []
        case .bool(let truth): return [truth ? "true" : "false"]
        case .integer(let number): return ["\(number)"]
        case .number(let number): return ["\(number)"]
        case .string(let text): return text.isEmpty ? [] : [text]
        case .array(let elements): return elements.flatMap { leaves($0, depth + 1) }
        case .object(let members): return members.sorted { $0.key < $1.key }.flatMap { leaves(.string($0.key), depth + 1) + leaves($0.value, depth + 1) }
        }
    }
}
