// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension MegaConfiguration.Policies {
    /// The rules under `policies.rules`, every problem reported where it stands.
    static func rules(from decoder: inout ConfigurationDecoder) -> [Rule] {
        var rules: [Rule] = []
        for index in 0..<ConfigurationKey.ruleLimit {
            let path = "policies.rules.\(index)"
            let before = decoder.problems.count
            let verdicts = PolicyVerdict.allCases.compactMap { verdict in decoder.text("\(path).\(verdict.rawValue)").map { (verdict, $0) } }
            let conditions = conditions(from: &decoder, at: path)
            let note = decoder.text("\(path).note")
            guard let (verdict, pattern) = verdicts.first else {
                // Nothing at all: behind the last one. What a file has there is a mistake, and hides none of the rules after it.
                if conditions == .none, note == nil, decoder.problems.count == before, !decoder.isWritten(path) { break }
                decoder.report(path, "the rule says neither allow, ask nor deny.", "Add one of them with a pattern, such as allow: git push.")
                continue
            }
            if verdicts.count > 1 { decoder.report(path, "the rule has more than one verdict.", "Keep one of allow, ask and deny.") }
            for (verdict, pattern) in verdicts {
                if let flaw = decoder.vocabulary?.flaw(verdict, pattern) { decoder.report("\(path).\(verdict.rawValue)", "\"\(pattern)\": \(flaw)") }
            }
            rules.append(Rule(verdict, pattern, conditions: conditions, note: note))
        }
        return rules
    }

    /// What is wrong with the patterns and presets of the plain lists.
    func check(_ decoder: inout ConfigurationDecoder) {
        guard let vocabulary = decoder.vocabulary else { return }
        for (verdict, patterns) in [(PolicyVerdict.allow, allow), (.ask, ask), (.deny, deny)] {
            for (index, pattern) in patterns.enumerated() {
                guard let flaw = vocabulary.flaw(verdict, pattern) else { continue }
                decoder.report("policies.\(verdict.rawValue)", entry: index, "\"\(pattern)\": \(flaw)")
            }
        }
        for (index, name) in presets.enumerated() where !vocabulary.presets.contains(name) {
            let close = Spelling.closest(to: name, among: vocabulary.presets)
            decoder.report(
                "policies.presets", entry: index, "there is no preset \"\(name)\"; use \(vocabulary.presets.joined(separator: ", ")).",
                close.map { "Did you mean \($0)?" })
        }
    }

    private static func conditions(from decoder: inout ConfigurationDecoder, at path: String) -> PolicyConditions {
        var conditions = PolicyConditions()
        for name in decoder.list("\(path).modes") ?? [] {
            if let mode = Mode(rawValue: name.lowercased()) { conditions.modes.insert(mode) } else { unknown(name, "mode", Mode.allCases.map(\.rawValue), "\(path).modes", &decoder) }
        }
        conditions.channels = Set(decoder.list("\(path).channels") ?? [])
        for person in decoder.list("\(path).people") ?? [] {
            if !person.contains(":") { decoder.report("\(path).people", "\"\(person)\" names no account.", "Write platform:sender, for example \"websocket:\(person)\".") }
            conditions.people.insert(person)
        }
        for folder in decoder.list("\(path).folders") ?? [] {
            if !folder.hasPrefix("/") || folder.split(separator: "/").contains("..") {
                decoder.report("\(path).folders", "\"\(folder)\" is no absolute path.", "Begin it with a slash and leave out \"..\".")
            }
            conditions.folders.insert(folder)
        }
        conditions.times = times(from: &decoder, at: path)
        if let text = decoder.text("\(path).expires") {
            conditions.expiresAt = PolicyDate.parse(text)
            if conditions.expiresAt == nil {
                decoder.report("\(path).expires", "\"\(text)\" is no date.", "Write it like 2030-01-31 (the whole day, UTC) or 2030-01-31T18:00:00Z.")
            }
        }
        return conditions
    }

    /// Weekdays and hours make windows by the clock of the zone.
    private static func times(from decoder: inout ConfigurationDecoder, at path: String) -> [TimeWindow] {
        let zoneName = decoder.text("\(path).time_zone")
        let days = decoder.list("\(path).weekdays")
        let hours = decoder.list("\(path).hours")
        guard days != nil || hours != nil else {
            if zoneName != nil { decoder.report("\(path).time_zone", "there are no hours or weekdays it could be about.", "Add hours or weekdays, or remove it.") }
            return []
        }
        let zone = zoneName.map { TimeZoneRules(identifier: $0) } ?? .utc
        if zone == nil {
            decoder.report("\(path).time_zone", "the time zone \"\(zoneName ?? "")\" is not known on this machine.", "Write it like Europe/Berlin, or leave it out for UTC.")
        }
        var weekdays: Set<TimeWindow.Weekday> = []
        for text in days ?? [] {
            if let some = TimeWindow.weekdays(text) { weekdays.formUnion(some) } else {
                decoder.report("\(path).weekdays", "\"\(text)\" is no day of the week.", "Write mon, tue, wed, thu, fri, sat, sun, or a range such as mon-fri.")
            }
        }
        if days == nil || weekdays.isEmpty { weekdays = Set(TimeWindow.Weekday.allCases) }
        var windows: [TimeWindow] = []
        for text in hours ?? ["00:00-24:00"] {
            if let (start, end) = TimeWindow.hours(text) {
                windows.append(TimeWindow(weekdays: weekdays, start: start, end: end, timeZone: zone ?? .utc))
            } else {
                decoder.report("\(path).hours", "\"\(text)\" is no span of hours.", "Write it like 09:00-18:00; 22:00-06:00 goes over midnight.")
            }
        }
        return windows
    }

    private static func unknown(_ name: String, _ kind: String, _ choices: [String], _ path: String, _ decoder: inout ConfigurationDecoder) {
        let close = Spelling.closest(to: name, among: choices)
        decoder.report(path, "\"\(name)\" is no \(kind); use \(choices.joined(separator: ", ")).", close.map { "Did you mean \($0)?" })
    }
}

/// Dates as people write them in configurations and on command lines.
public enum PolicyDate {
    /// Reads `2030-01-31` (the end of that day in UTC) or `2030-01-31T18:00:00Z`; nil when it is neither.
    public static func parse(_ text: String) -> Date? {
        do {
            let isDay = text.utf8.count == 10
            let date = try Date(isDay ? text + "T00:00:00Z" : text, strategy: .iso8601)
            return isDay ? date.addingTimeInterval(86_400) : date
        } catch {
            // What is wrong with it does not matter: the caller says how to write it.
            return nil
        }
    }
}
