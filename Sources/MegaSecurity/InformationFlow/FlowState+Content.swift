// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

extension FlowState {
    /// What is wrong with a text that leaves or is kept; nil when it is the person's.
    func contentProblem(
        _ call: FlowCall, _ name: String, _ value: JSONValue, _ leaves: [String], _ isLocal: Bool, _ wanted: Set<String>,
        _ person: PersonsWords
    ) -> String? {
        if let number = value.numberValue {
            return person.numbers(asking: wanted).contains(number) ? nil : "the person did not name this amount"
        }
        for leaf in leaves where !person.wrote(leaf, values: publicFacts, for: isLocal ? nil : wanted) {
            if isLocal, name != titleArgument(call.tool), isCopied(leaf, wanted, person) { continue }
            return AddressScan.holdsAddress(leaf) ? "it holds an address or number the person did not write" : "the person did not write this text"
        }
        return nil
    }

    /// Whether the text of a call is copied from what was read, so that what it makes is worth no more than that.
    func isDerived(_ call: FlowCall) -> Bool {
        guard let person else { return true }
        let wanted = isLocalCreation(call) ? nil : wantedWords(call.tool)
        return call.values.contains { name, value in
            call.tool.contentArguments.contains(name) && Double(value) == nil
                && !person.wrote(value, values: publicFacts, for: wanted)
        }
    }

    /// Whether a private new thing carries a name the person gave, in or beside the sentence that asks for it.
    func isNamed(_ leaves: [String], _ wanted: Set<String>, _ person: PersonsWords) -> Bool {
        let asked = person.sentences(asking: wanted)
        return leaves.contains { leaf in
            let first = ReadText(leaf).words.first?.lower
            return person.text.words.contains { word in
                word.lower == first && (asked.contains(word.sentence) || asked.contains(word.sentence - 1) || asked.contains(word.sentence + 1))
            }
        }
    }

    /// The argument a new thing is known by: it must always be the person's.
    func titleArgument(_ tool: ToolDefinition) -> String? {
        let titles: Set<String> = ["title", "name", "filename", "subject", "label"]
        let named = tool.contentArguments.first { argument in
            ReadText(argument).words.contains { titles.contains($0.lower) }
        }
        return named ?? tool.contentArguments.first
    }

    /// Lines copied word for word from what was read, when the person asked for something made of it. Nothing in them may lead
    /// anywhere. Only for what the person alone will see: it is then worth as much as an answer to them.
    private func isCopied(_ content: String, _ wanted: Set<String>, _ person: PersonsWords) -> Bool {
        let asked = person.sentences(asking: wanted)
        let isWanted = person.text.words.contains { ActionWords.derivations.contains($0.lower) && asked.contains($0.sentence) }
        guard isWanted, !AddressScan.holdsAddress(content) else { return false }
        let lines = content.split(separator: "\n").map { line in
            String(line.drop { " -*•\t".contains($0) }).trimmingBlanks()
        }.filter { !$0.isEmpty }
        guard (1...100).contains(lines.count) else { return false }
        return lines.allSatisfy { line in
            line.utf8.count >= 2 && sources.contains { $0.origin == .read && $0.isHonest && $0.holds(line) }
        }
    }
}

extension String {
    func trimmingBlanks() -> String {
        var bytes = Array(utf8)[...]
        while bytes.last?.isBlank == true { bytes = bytes.dropLast() }
        while bytes.first?.isBlank == true { bytes = bytes.dropFirst() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
