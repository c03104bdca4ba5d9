// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// Things the person described instead of naming them. The description is checked against what was read: it has to fit exactly one, by
/// what the service itself says (lists, authors, counts), which no text inside a message can change.
extension FlowState {
    /// Whether the person's description picks out this very thing.
    func isSelected(_ value: String, _ wanted: Set<String>, _ person: PersonsWords) -> Bool {
        isUniqueListed(value, wanted, person) || isWhereSomebodyWrote(value, wanted, person) || isBusiestAuthor(value, wanted, person)
    }

    private static let speaking: Set<String> = [
        "asked", "wrote", "posted", "said", "mentioned", "talked", "shared", "announced", "complained", "spoke", "discussed", "suggested",
    ]

    /// "the channel where Ana asked about the projector": the only place, of all that were read, in which the service says that the
    /// named author wrote these words. Others cannot write as that author, so they cannot add a place.
    private func isWhereSomebodyWrote(_ value: String, _ wanted: Set<String>, _ person: PersonsWords) -> Bool {
        let words = person.text.words
        return words.indices.contains { index in
            guard words[index].lower == "where", person.isAsked(at: words[index].start..<words[index].end, wanted),
                let speech = words[index...].prefix(6).firstIndex(where: { Self.speaking.contains($0.lower) }), speech > index + 1,
                words[speech].sentence == words[index].sentence
            else { return false }
            let author = person.text.text(words[index + 1].start..<words[speech - 1].end)
            let topic = topic(after: speech, person)
            guard !topic.isEmpty else { return false }
            let places = sources.filter { source in
                source.origin == .read && source.isDeclared && source.place != nil && source.records.records.contains { record in
                    record.author == author && record.values.contains { $0.scalar.map { ReadText($0).contains(topic) } ?? false }
                }
            }
            return Set(places.compactMap(\.place)) == [value]
        }
    }

    /// What somebody spoke of, up to the end of the clause.
    private func topic(after speech: Int, _ person: PersonsWords) -> String {
        let words = person.text.words
        var first = speech + 1
        while first < words.count, ActionWords.connecting.contains(words[first].lower) || ["about", "that", "whether", "if"].contains(words[first].lower) { first += 1 }
        guard first < words.count, words[first].sentence == words[speech].sentence else { return "" }
        var last = first
        while last + 1 < words.count, words[last + 1].sentence == words[first].sentence, words[last + 1].lower != "and",
            person.text.bytes[words[last].end..<words[last + 1].start].allSatisfy(\.isBlank)
        {
            last += 1
        }
        let topic = person.text.text(words[first].start..<words[last].end)
        return topic.utf8.count >= 4 ? topic : ""
    }

    /// "the user who wrote the most messages": the one author with the highest count over every element of a complete list, each read by
    /// the same tool. Text inside a message has one author, so it moves nobody's count but its own author's.
    private func isBusiestAuthor(_ value: String, _ wanted: Set<String>, _ person: PersonsWords) -> Bool {
        let words = person.text.words
        let isAsked = words.indices.contains { index in
            guard words[index].lower == "most", index > 1, person.isAsked(at: words[index].start..<words[index].end, wanted) else { return false }
            let before = words[max(0, index - 4)..<index].map(\.lower)
            let after = words[(index + 1)...].prefix(3).map(\.lower)
            return before.contains("who") && before.contains { ["wrote", "sent", "posted", "writes", "posts", "sends"].contains($0) }
                && after.contains { ["messages", "posts", "comments"].contains($0) }
        }
        guard isAsked else { return false }
        let read = sources.filter { $0.origin == .read && $0.isDeclared }
        // A list read without any argument is complete; several have to agree.
        let lists = Set(read.filter { $0.arguments.isEmpty && !$0.records.items.isEmpty }.map { Set($0.records.items) })
        guard lists.count == 1, let list = lists.first else { return false }
        return Set(read.map(\.tool)).contains { tool in
            var byPlace: [String: [String]] = [:]
            for source in read where source.tool == tool {
                guard let place = source.place, list.contains(place) else { continue }
                byPlace[place] = source.records.records.compactMap(\.author)
            }
            guard Set(byPlace.keys) == list else { return false }
            let counts = Dictionary(grouping: byPlace.values.joined(), by: { $0 }).mapValues(\.count)
            guard let most = counts.values.max() else { return false }
            return counts.filter { $0.value == most }.keys.elementsEqual([value])
        }
    }
}

extension FlowSource {
    /// What it was read from, when the read was told one thing only: a room, a folder, a list. A page is no place: who wrote what in it is
    /// the page's own word, not a service's.
    fileprivate var place: String? {
        guard link == nil, arguments.count == 1, let value = arguments.first?.value, case .string(let place) = value else { return nil }
        return place
    }
}
