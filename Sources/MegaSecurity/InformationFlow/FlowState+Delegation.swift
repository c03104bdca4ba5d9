// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// Values the person did not write but said where to take from. The source must be one nothing untrusted could have chosen, and the
/// value the only one there: an attacker who adds another makes it ambiguous, and then a person is asked.
extension FlowState {
    func isDelegated(
        _ call: FlowCall, _ name: String, _ kind: ArgumentKind, _ leaves: [String], _ wanted: Set<String>, _ person: PersonsWords
    ) -> Bool {
        guard call.tool.effects.isDisjoint(with: [.spendsMoney, .executes]) else { return false }
        switch kind {
        case .recipient:
            return isNamedField(leaves, wanted, person) || leaves.count == 1 && isOnlyAddress(leaves[0], call, name, person)
        case .destination:
            return leaves.count == 1 && isPlainFetch(call) && isOnlyLink(leaves[0], person)
        default: return false
        }
    }

    /// Records whose title the person wrote where they ask for the action, from reads nothing untrusted could have bent.
    func records(asking wanted: Set<String>, _ person: PersonsWords) -> [ResultRecords.Record] {
        sources.filter { $0.origin == .read && $0.isHonest && $0.isDeclared }.flatMap(\.records.records).filter { record in
            guard let title = record.title, ReadText(title).words.count >= 1 else { return false }
            return person.text.occurrences(of: title).contains { range in
                isDistinct(title, range, person) && person.isAsked(at: range, wanted) && fitsDate(record, after: range, person)
            }
        }
    }

    /// Whether everything of this name is one thing, in all that was read, honestly or not.
    func isOnly<Identity: Hashable>(_ title: String, _ identity: (ResultRecords.Record) -> Identity) -> Bool {
        let wanted = title.lowercased()
        let named = sources.filter { $0.origin == .read }.flatMap(\.records.records).filter { $0.title?.lowercased().trimmingBlanks() == wanted }
        return Set(named.map(identity)).count == 1
    }

    /// A title of one common word is no name unless it is quoted or has a mark in it.
    private func isDistinct(_ title: String, _ range: Range<Int>, _ person: PersonsWords) -> Bool {
        person.text.isQuoted(range) || ReadText(title).words.count >= 2
    }

    /// "the 'Kick-off' event on 2024-05-15": a day named right after the name must be the record's.
    private func fitsDate(_ record: ResultRecords.Record, after range: Range<Int>, _ person: PersonsWords) -> Bool {
        let words = person.text.words.filter { $0.start >= range.upperBound }.prefix(5)
        guard let day = person.moments.days.first(where: { day in words.contains { $0.start == day.start } }),
            let position = words.firstIndex(where: { $0.start == day.start }), position > words.startIndex,
            ["on", "of", "from", "for", "the"].contains(words[words.index(before: position)].lower)
        else { return true }
        return record.values.contains { field in
            guard let text = field.scalar, let moment = Moment(String(text.prefix(10))) else { return false }
            return moment.month == day.month && moment.day == day.day && (day.year == nil || day.year == moment.year)
        }
    }

    /// "with the same participants as …": the whole list of a field the person named, of the one record they named.
    private func isNamedField(_ leaves: [String], _ wanted: Set<String>, _ person: PersonsWords) -> Bool {
        let asked = Set(leaves.map { $0.lowercased() })
        return records(asking: wanted, person).contains { record in
            guard let title = record.title, isOnly(title, { $0 }) else { return false }
            return record.contains { name, field in
                guard case .list(let elements) = field, Set(elements.map { $0.lowercased() }) == asked else { return false }
                return person.text.contains(name)
            }
        }
    }

    /// "her address is on www.example.org": the only mail address of a page the person named, when they said that the address is
    /// there or whose page it is, and everybody else in the call is named by them.
    private func isOnlyAddress(_ value: String, _ call: FlowCall, _ name: String, _ person: PersonsWords) -> Bool {
        let wanted = wantedWords(call.tool)
        let others = call.sensitiveValues.filter { $0.name != name }
        guard !others.isEmpty, others.allSatisfy({ other in
            person.names(other.value, beside: []).contains { person.isAsked(at: $0, wanted) }
        }) else { return false }
        return sources.contains { source in
            guard source.origin == .read, let link = source.link, person.links.contains(link),
                AddressScan.mails(in: source.text.text(0..<source.text.bytes.count)) == [value.lowercased()]
            else { return false }
            return saysAddressIsThere(link, person) || others.contains { saysWhoseItIs(link, $0.value, person) }
        }
    }

    private func saysAddressIsThere(_ link: String, _ person: PersonsWords) -> Bool {
        linkSentences(link, person).contains { sentence in
            let words = person.text.words.filter { $0.sentence == sentence }.map(\.lower)
            return words.contains("email") || words.contains("address") || words.contains("mail")
        }
    }

    /// "Dora (www.example.org)", "Dora's page www.example.org": the name stands at most three words before the link.
    private func saysWhoseItIs(_ link: String, _ name: String, _ person: PersonsWords) -> Bool {
        person.text.occurrences(of: link).contains { range in
            guard let index = person.text.wordIndex(at: range.lowerBound) else { return false }
            let before = person.text.words[max(0, index - 3)..<index]
            return before.contains { $0.lower == name.lowercased() }
        }
    }

    private func linkSentences(_ link: String, _ person: PersonsWords) -> Set<Int> {
        Set(person.text.occurrences(of: link).compactMap { person.text.wordIndex(at: $0.lowerBound) }.map { person.text.words[$0].sentence })
    }

    /// "the article Bob posted": the only link in everything a named author wrote.
    private func isOnlyLink(_ value: String, _ person: PersonsWords) -> Bool {
        let wanted = AddressScan.normalised(value)
        let speaks: Set<String> = ["link", "article", "page", "website", "webpage", "url", "site"]
        let honest = sources.filter { $0.origin == .read && $0.isHonest && $0.isDeclared }
        for author in Set(honest.flatMap(\.records.records).compactMap(\.author)) {
            let isMeant = person.names(author, beside: []).contains { range in
                guard let index = person.text.wordIndex(at: range.lowerBound) else { return false }
                let sentence = person.text.words[index].sentence
                return person.text.words.contains { $0.sentence == sentence && ActionWords.matches($0.lower, speaks) }
            }
            guard isMeant else { continue }
            let written = sources.filter { $0.origin == .read }.flatMap(\.records.records).filter { $0.author == author }
            let links = Set(written.flatMap { record in record.values.compactMap(\.scalar).flatMap(AddressScan.links) })
            if links == [wanted] { return true }
        }
        return false
    }

    /// "the channel starting with Ext": the only element of a complete list that begins so. A list read without any argument is
    /// complete.
    func isUniqueListed(_ value: String, _ wanted: Set<String>, _ person: PersonsWords) -> Bool {
        let words = person.text.words
        let beginnings = words.indices.dropFirst(2).filter { index in
            words[index - 1].lower == "with" && ["starting", "starts", "start", "beginning", "begins", "begin"].contains(words[index - 2].lower)
                && words[index].lower.utf8.count >= 3
        }
        return beginnings.contains { index in
            let range = words[index].start..<words[index].end
            let beginning = person.text.text(range).lowercased()
            guard value.lowercased().hasPrefix(beginning), person.isAsked(at: range, wanted) else { return false }
            let lists = sources.filter { $0.origin == .read && $0.isDeclared && $0.arguments.isEmpty && !$0.records.items.isEmpty }
            return !lists.isEmpty && lists.allSatisfy { list in
                list.records.items.filter { $0.lowercased().hasPrefix(beginning) } == [value]
            }
        }
    }
}
