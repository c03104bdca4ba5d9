// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

extension FlowState {
    typealias Finding = FlowExplanation.Finding

    /// Everything in a call that the person's message does not determine. Empty when it may pass.
    func findings(_ call: FlowCall) -> [Finding] {
        guard let person else { return [finding(call, "it was decided under text that nobody vouches for")] }
        if isDone(call), !isPlainFetch(call) { return [finding(call, "the same was done already in this turn")] }
        let wanted = wantedWords(call.tool)
        var found: [Finding] = []
        if !isPlainFetch(call), person.sentences(asking: wanted).isEmpty {
            found.append(finding(call, "the person's message asks for nothing of this kind"))
        }
        let isLocal = isLocalCreation(call)
        var anchors = 0
        for (name, value) in (call.arguments.objectValue ?? [:]).sorted(by: { $0.key < $1.key }) {
            let leaves = FlowCall.leaves(value, 0)
            guard !leaves.isEmpty else { continue }
            if let kind = call.tool.sensitiveArguments[name] {
                // A list may be taken from a source as a whole.
                if isDelegated(call, name, kind, leaves, wanted, person) {
                    anchors += 1
                    continue
                }
                for leaf in leaves {
                    if let problem = problem(call, name, kind, leaf, wanted, person) {
                        found.append(finding(call, name, leaf, problem))
                    } else {
                        anchors += 1
                    }
                }
            } else if call.tool.contentArguments.contains(name) {
                if let problem = contentProblem(call, name, value, leaves, isLocal, wanted, person) {
                    found.append(finding(call, name, leaves.joined(separator: " "), problem))
                } else if isLocal, isNamed(leaves, wanted, person) {
                    anchors += 1
                }
            } else if let problem = plainProblem(call, name, value, isLocal, wanted, person) {
                found.append(finding(call, name, leaves.joined(separator: " "), problem))
            }
        }
        if found.isEmpty, anchors == 0 {
            found.append(finding(call, "nothing in it is named by the person as what it is done to"))
        }
        return found
    }

    /// The words by which a person asks for what a tool does.
    func wantedWords(_ tool: ToolDefinition) -> Set<String> {
        let properties = tool.parameters.document["properties"]?.objectValue ?? [:]
        let descriptions = properties.sorted { $0.key < $1.key }.compactMap { $0.value["description"]?.stringValue }
        return ActionWords.wanted(
            description: tool.description, parameterDescriptions: descriptions, spends: tool.effects.contains(.spendsMoney))
    }

    /// Only asks a place on the network for something; nothing but the address leaves.
    func isPlainFetch(_ call: FlowCall) -> Bool {
        call.tool.effects.isDisjoint(with: .consequential.subtracting(.network)) && call.tool.contentArguments.isEmpty
    }

    /// Makes something new that only the person sees: no argument that says who or what is affected is used, and the tool says that
    /// what it gives is private.
    func isLocalCreation(_ call: FlowCall) -> Bool {
        guard call.tool.flow != nil, call.tool.isResultPrivate, call.sensitiveValues.isEmpty,
            call.tool.effects.isDisjoint(with: [.executes, .network, .spendsMoney, .changesPolicy])
        else { return false }
        // A tool that sends must be able to name whom; one that cannot sends to everybody.
        return !call.tool.effects.contains(.sendsMessages) || call.tool.sensitiveArguments.values.contains(.recipient)
    }

    // MARK: Values that decide who or what is affected

    private func problem(
        _ call: FlowCall, _ name: String, _ kind: ArgumentKind, _ value: String, _ wanted: Set<String>, _ person: PersonsWords
    ) -> String? {
        let isEndorsed = endorsed.contains(Endorsement(tool: call.tool.name, argument: name, value: value))
        if isEndorsed, !call.tool.effects.contains(.spendsMoney), kind != .identifier, kind != .code { return nil }
        switch kind {
        case .destination:
            guard person.links.contains(AddressScan.normalised(value)) else { return "the person did not name this address" }
            return isPlainFetch(call) || isAskedAnyForm(value, wanted, person) ? nil : "the person named it for something else"
        case .identifier:
            return identifierProblem(call, value, wanted, person)
        case .amount:
            guard let number = Double(value), person.numbers(asking: wanted).contains(number) else { return "the person did not name this amount" }
            return nil
        case .recipient, .path:
            let places = person.text.occurrences(of: value, ignoringCase: kind == .recipient)
            guard !places.isEmpty, value.utf8.count >= 3 else { return "the person did not name it" }
            return places.contains { person.isAsked(at: $0, wanted) } ? nil : "the person named it for something else"
        case .credential:
            let places = person.text.occurrences(of: value, ignoringCase: false).filter { person.isAsked(at: $0, wanted) }
            let isGiven = places.contains { range in
                if person.text.isWholeQuotation(range) { return true }
                guard value.utf8.count >= 6, let index = person.text.wordIndex(at: range.lowerBound), index > 0 else { return false }
                return ["to", "as", "be", "is"].contains(person.text.words[index - 1].lower)
            }
            if isGiven { return nil }
            return person.text.contains(value) ? "the person wrote it, but not clearly as what is to be used" : "the person did not give it"
        case .code:
            let places = person.text.occurrences(of: value, ignoringCase: false)
            if places.contains(where: { person.text.isWholeQuotation($0) && person.isAsked(at: $0, wanted) }) { return nil }
            guard !places.isEmpty else { return "the person did not write it" }
            return places.contains(where: { person.text.isWholeQuotation($0) })
                ? "the person wrote it for something else" : "the person wrote it, but not in quotation marks as exactly what is to be run"
        default:
            let places = person.names(value, beside: words(of: name, in: call.tool))
            guard !places.isEmpty else { return isSelected(value, wanted, person) ? nil : "the person did not name it" }
            return places.contains { person.isAsked(at: $0, wanted) } ? nil : "the person named it for something else"
        }
    }

    private func isAskedAnyForm(_ link: String, _ wanted: Set<String>, _ person: PersonsWords) -> Bool {
        [link, AddressScan.normalised(link)].contains { person.isAsked($0, wanted) }
    }

    /// A thing is acted on by its id: one this turn made, or the only one of the name the person gave.
    private func identifierProblem(_ call: FlowCall, _ value: String, _ wanted: Set<String>, _ person: PersonsWords) -> String? {
        if let isVouched = created[value] { return isVouched ? nil : "what is in it came from elsewhere and nobody has looked at it" }
        if namesIdentifier(value, wanted, person) { return nil }
        let records = records(asking: wanted, person).filter { $0.identifiers.contains(value) }
        guard let title = records.first?.title else { return "the person named nothing that has this id" }
        return isOnly(title) { $0.identifiers } ? nil : "more than one thing has this name"
    }

    /// A long id written out, or a short one called an id. A number alone is a date, a count or an hour.
    private func namesIdentifier(_ value: String, _ wanted: Set<String>, _ person: PersonsWords) -> Bool {
        person.text.occurrences(of: value, ignoringCase: false).contains { range in
            guard person.isAsked(at: range, wanted), let index = person.text.wordIndex(at: range.lowerBound) else { return false }
            let hasMix = value.utf8.contains(where: \.isDigitByte) && value.utf8.contains(where: \.isLetterByte)
            if value.utf8.count >= 8, hasMix { return true }
            let before = person.text.words[max(0, index - 2)..<index].map(\.lower)
            return before.contains("id") || before.contains("ids")
        }
    }

    // MARK: Everything else

    /// A number, a time, a switch or a word that is neither an address nor text.
    private func plainProblem(
        _ call: FlowCall, _ name: String, _ value: JSONValue, _ isLocal: Bool, _ wanted: Set<String>, _ person: PersonsWords
    ) -> String? {
        switch value {
        case .null: return nil
        case .bool(let isOn):
            guard isOn else { return nil }
            let words = ReadText(name).words.flatMap { ActionWords.stems(of: $0.lower) }
            return person.text.words.contains { word in !Set(ActionWords.stems(of: word.lower)).isDisjoint(with: words) }
                ? nil : "the person did not ask for it"
        case .integer, .number:
            guard let number = value.numberValue, person.numbers(asking: wanted).contains(number) else { return "the person did not name this number" }
            return nil
        case .string(let text):
            if let moment = Moment(text) { return momentProblem(moment, isLocal, person) }
            if let meaning = choice(text, name, call.tool) { return person.text.contains(meaning) ? nil : "the person did not choose it" }
            return person.text.words.contains { $0.lower == text.lowercased() } || person.text.isQuotedExactly(text)
                ? nil : "the person did not name it"
        case .array, .object:
            return FlowCall.leaves(value, 0).allSatisfy(person.text.isQuotedExactly) ? nil : "the person did not name it"
        }
    }

    /// A short code of the schema, such as `r`, stands for a word its description says.
    private func choice(_ text: String, _ name: String, _ tool: ToolDefinition) -> String? {
        guard text.utf8.count <= 2, let first = text.lowercased().first, first.isASCII, first.isLetter else { return nil }
        if text.count == 1 { return ["r": "read", "w": "write"][String(first)] }
        return text.lowercased() == "rw" ? "write" : nil
    }

    private func momentProblem(_ moment: Moment, _ isLocal: Bool, _ person: PersonsWords) -> String? {
        if moment.day != nil, !namesDay(moment, person) { return "the person did not name this day" }
        guard let minutes = moment.minutes else { return nil }
        if isLocal, person.moments.times.isEmpty { return nil }
        return person.moments.namesTime(minutes) ? nil : "the person did not name this time"
    }

    private func namesDay(_ moment: Moment, _ person: PersonsWords) -> Bool { person.moments.names(moment) }

    /// Words that say what an argument is: of its name and of the first sentence about it.
    private func words(of name: String, in tool: ToolDefinition) -> Set<String> {
        let description = tool.parameters.document["properties"]?[name]?["description"]?.stringValue ?? ""
        let said = ReadText(name + " " + description.prefix(60)).words.map(\.lower)
        return Set(said).subtracting(ActionWords.connecting)
    }
}

extension ReadText {
    /// Whether a text stands between quotation marks, exactly.
    func isQuotedExactly(_ value: String) -> Bool {
        occurrences(of: value, ignoringCase: false).contains { isWholeQuotation($0) }
    }
}
