// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Counts approvals of like actions, so that the next question can propose something better than one more yes.
struct FatigueMeter {
    private struct Sample {
        var at: Date
        var candidate: GrantCandidate
    }

    /// How far it looks back.
    static let window: Double = 86_400
    private static let mostSamples = 12
    private static let mostShapes = 200

    private var samples: [String: [Sample]] = [:]

    /// Notes an approved action.
    mutating func note(_ candidate: GrantCandidate, at time: Date) {
        let shape = Self.shape(of: candidate)
        if samples[shape] == nil, samples.count >= Self.mostShapes,
            let oldest = samples.min(by: { ($0.value.last?.at ?? .distantPast) < ($1.value.last?.at ?? .distantPast) })?.key
        {
            samples[oldest] = nil
        }
        samples[shape, default: []].append(Sample(at: time, candidate: candidate))
        if let count = samples[shape]?.count, count > Self.mostSamples { samples[shape]?.removeFirst() }
    }

    /// The like actions approved within the last day, oldest first.
    func approved(like candidate: GrantCandidate, at now: Date) -> [GrantCandidate] {
        (samples[Self.shape(of: candidate)] ?? []).filter { now.timeIntervalSince($0.at) < Self.window }.map(\.candidate)
    }

    /// What makes actions alike: the tool, and for commands every program with the word after it when that is no option and no path.
    static func shape(of candidate: GrantCandidate) -> String {
        guard let commands = candidate.preview.command?.simpleCommands, !commands.isEmpty else { return candidate.tool }
        let heads = commands.prefix(8).map { words -> String in
            guard let verb = words.dropFirst().first, verb.utf8.count <= 24, !verb.isEmpty,
                verb.utf8.allSatisfy({ (97...122).contains($0) || $0 == UInt8(ascii: "-") }), !verb.hasPrefix("-")
            else { return String(words.first?.prefix(80) ?? "") }
            return String(words.first?.prefix(80) ?? "") + " " + verb
        }
        return ([candidate.tool] + heads + (commands.count > 8 ? ["…"] : [])).joined(separator: " | ")
    }
}
