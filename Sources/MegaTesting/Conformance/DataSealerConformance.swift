// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

/// What every `DataSealer` must do.
public enum DataSealerConformance {
    private static func opens(_ sealer: any DataSealer, _ sealed: [UInt8], _ context: String) throws -> Bool {
        do {
            _ = try sealer.open(sealed, context: context)
            return true
        } catch is SealError {
            return false
        }
    }

    /// All checks.
    public static let checks: [ConformanceCheck<any DataSealer>] = [
        .init("What was sealed opens to the same bytes, from none to a million") { sealer in
            for count in [0, 1, 15, 16, 17, 200, 4096, 1_000_000] {
                let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
                try ConformanceFailure.unless(
                    try sealer.open(sealer.seal(bytes, context: "a/1"), context: "a/1") == bytes, expected: "\(count) bytes back",
                    seen: "other bytes")
            }
        },
        .init("The plain bytes do not show, and sealing twice gives different results") { sealer in
            let plain = Array("canary canary canary".utf8)
            let first = try sealer.seal(plain, context: "a")
            let second = try sealer.seal(plain, context: "a")
            try ConformanceFailure.unless(first != second, expected: "different results", seen: "the same")
            let shows = first.indices.contains { first[$0...].starts(with: Array("canary".utf8)) }
            try ConformanceFailure.unless(!shows, expected: "no plain text", seen: "plain text")
        },
        .init("Another context does not open it, within an area and across areas") { sealer in
            let sealed = try sealer.seal([1, 2, 3], context: "a/1")
            for context in ["a/2", "a", "b/1", "", "a/1 "] {
                try ConformanceFailure.unless(
                    !(try opens(sealer, sealed, context)), expected: "a refusal for \(context)", seen: "it opened")
            }
        },
        .init("A change of any one bit, a missing end and an added byte are refused") { sealer in
            let sealed = try sealer.seal(Array("short".utf8), context: "a")
            for index in sealed.indices {
                for bit in 0..<8 {
                    var changed = sealed
                    changed[index] ^= 1 << bit
                    try ConformanceFailure.unless(
                        !(try opens(sealer, changed, "a")), expected: "a refusal, byte \(index)", seen: "it opened")
                }
            }
            for count in 0..<sealed.count {
                try ConformanceFailure.unless(
                    !(try opens(sealer, Array(sealed.prefix(count)), "a")), expected: "a refusal of \(count) bytes",
                    seen: "it opened")
            }
            try ConformanceFailure.unless(
                !(try opens(sealer, sealed + [0], "a")), expected: "a refusal of a longer value", seen: "it opened")
        },
        .init("Random bytes are refused, never a crash") { sealer in
            var state: UInt64 = 20_261_122
            for round in 0..<2_000 {
                // A linear congruential generator (Knuth's constants): the same bytes in every run.
                let bytes = (0..<(round % 80)).map { _ in
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    return UInt8(truncatingIfNeeded: state >> 56)
                }
                try ConformanceFailure.unless(
                    !(try opens(sealer, bytes, "a")), expected: "a refusal of \(bytes)", seen: "it opened")
            }
        },
        .init("Hashes are 32 bytes, the same for the same input and context, different otherwise") { sealer in
            let hash = sealer.hash([1, 2, 3], context: "a")
            try ConformanceFailure.unlessEqual(hash.count, 32, "the length")
            try ConformanceFailure.unlessEqual(sealer.hash([1, 2, 3], context: "a"), hash, "the second hash")
            let others = [
                sealer.hash([1, 2, 3], context: "b"), sealer.hash([1, 2], context: "a"), sealer.hash([], context: "a"),
                sealer.hash(Array("b".utf8), context: "a"), sealer.hash([], context: "ab"),
            ]
            try ConformanceFailure.unlessEqual(Set(others + [hash]).count, 6, "the number of different hashes")
        },
        .init("Many tasks can seal and open at the same time") { sealer in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let context = "area \(number % 7)/\(number)"
                        let bytes = Array("\(number)".utf8)
                        return try sealer.open(sealer.seal(bytes, context: context), context: context) == bytes
                    }
                }
                for try await isSame in group { try ConformanceFailure.unless(isSame, expected: "the same bytes", seen: "others") }
            }
        },
    ]

    /// For sealers that keep a key per person and can replace keys.
    public static let personChecks: [ConformanceCheck<any DataSealer>] = [
        .init("A person's sealer does what every sealer must do") { sealer in
            for check in checks { try await check.run(try await sealer.sealer(for: "ana")) }
        },
        .init("What belongs to one person opens under the common sealer, and not under another person's") { sealer in
            let (ana, ben) = (try await sealer.sealer(for: "ana"), try await sealer.sealer(for: "ben"))
            let sealed = try ana.seal([1, 2, 3], context: "a/1")
            try ConformanceFailure.unlessEqual(try sealer.open(sealed, context: "a/1"), [1, 2, 3], "the bytes")
            try ConformanceFailure.unlessEqual(try await sealer.sealer(for: "ana").open(sealed, context: "a/1"), [1, 2, 3], "the bytes")
            try ConformanceFailure.unless(!(try opens(ben, sealed, "a/1")), expected: "a refusal", seen: "it opened")
        },
        .init("What belongs to nobody in particular opens under a person's sealer and is moved under their key") { sealer in
            let ana = try await sealer.sealer(for: "ana")
            let sealed = try sealer.seal([4], context: "a/1")
            try ConformanceFailure.unlessEqual(try ana.open(sealed, context: "a/1"), [4], "the bytes")
            guard let moved = try ana.resealed(sealed, context: "a/1") else { throw ConformanceFailure(expected: "another value", seen: "none") }
            try ConformanceFailure.unlessEqual(try ana.open(moved, context: "a/1"), [4], "the bytes")
        },
        .init("A sealed value leads to the sealer of whoever it belongs to") { sealer in
            let (ana, ben) = (try await sealer.sealer(for: "ana"), try await sealer.sealer(for: "ben"))
            for owner in [sealer, ana, ben] {
                let found = try sealer.sealer(of: try owner.seal([1], context: "a"))
                try ConformanceFailure.unlessEqual(found.hash([2], context: "b"), owner.hash([2], context: "b"), "the hash under the owner's key")
                let more = try found.seal([3], context: "c")
                try ConformanceFailure.unlessEqual(try owner.open(more, context: "c"), [3], "the bytes")
            }
            let foreign = try ana.sealer(of: try sealer.seal([1], context: "a"))
            try ConformanceFailure.unlessEqual(foreign.hash([2], context: "b"), sealer.hash([2], context: "b"), "the hash under the common key")
            do {
                _ = try ben.sealer(of: try ana.seal([1], context: "a"))
                throw ConformanceFailure(expected: "a refusal", seen: "another person's sealer")
            } catch is SealError {}
            let lost = try ana.seal([1], context: "a")
            try await sealer.destroyKeys(of: "ana")
            do {
                _ = try sealer.sealer(of: lost)
                throw ConformanceFailure(expected: "forgotten", seen: "a sealer")
            } catch let error as SealError {
                try ConformanceFailure.unlessEqual(error.code, .forgotten, "the error")
            }
        },
        .init("What is bound to a secret opens with that secret only") { sealer in
            let sealed = try sealer.bound(to: [1]).seal([5], context: "a")
            try ConformanceFailure.unlessEqual(try sealer.bound(to: [1]).open(sealed, context: "a"), [5], "the bytes")
            for other in [sealer, sealer.bound(to: [2]), sealer.bound(to: []), try await sealer.sealer(for: "ana").bound(to: [1])] {
                try ConformanceFailure.unless(!(try opens(other, sealed, "a")), expected: "a refusal", seen: "it opened")
            }
        },
        .init("Nothing newer is made of a value under the newest key") { sealer in
            let isNewest = try sealer.resealed(sealer.seal([1], context: "a"), context: "a") == nil
            try ConformanceFailure.unless(isNewest, expected: "no other value", seen: "one")
        },
        .init("A person whose keys are destroyed is unreadable everywhere, others stay, and coming back brings nothing back") { sealer in
            let (ana, ben) = (try await sealer.sealer(for: "ana"), try await sealer.sealer(for: "ben"))
            let (lost, kept) = (try ana.seal([1], context: "a/1"), try ben.seal([2], context: "a/2"))
            try ConformanceFailure.unless(try await sealer.destroyKeys(of: "ana"), expected: "true", seen: "false")
            for opener in [sealer, ana, try await sealer.sealer(for: "ana")] {
                do {
                    _ = try opener.open(lost, context: "a/1")
                    throw ConformanceFailure(expected: "forgotten", seen: "it opened")
                } catch let error as SealError {
                    try ConformanceFailure.unlessEqual(error.code, .forgotten, "the error")
                }
            }
            try ConformanceFailure.unlessEqual(try ben.open(kept, context: "a/2"), [2], "the bytes of the other person")
            let fresh = try await sealer.sealer(for: "ana").seal([3], context: "a/3")
            try ConformanceFailure.unlessEqual(try sealer.open(fresh, context: "a/3"), [3], "the bytes after coming back")
        },
    ]
}
