// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What every `MemoryStore` must do. Each check wants a fresh, empty subject.
public enum MemoryStoreConformance {
    private static func memory(_ id: String, _ text: String, of person: PersonID = "ada", at seconds: Double = 0) -> Memory {
        Memory(
            id: id, person: person, text: text, trust: .owner, source: TurnID(rawValue: 3), createdAt: StoreSamples.time(seconds))
    }

    private static func texts(_ store: any MemoryStore, _ query: String, of person: PersonID = "ada") async throws -> [String] {
        try await store.recall(query, of: person, limit: 10).map(\.memory.text)
    }

    /// All checks.
    public static let checks: [ConformanceCheck<any MemoryStore>] = [
        .init("A memory comes back as it was saved") { store in
            let saved = memory("1", "The boiler code is 4711 ✓")
            try await store.save(saved)
            try ConformanceFailure.unlessEqual(try await store.memories(of: "ada", limit: 9), [saved], "the memories")
            try ConformanceFailure.unlessEqual(
                try await store.recall("boiler", of: "ada", limit: 9).map(\.memory), [saved], "the recall")
        },
        .init("Nobody recalls, lists or forgets another person's memories") { store in
            try await store.save(memory("1", "secret garden", of: "ada"))
            try await store.save(memory("1", "secret cellar", of: "bob"))
            try ConformanceFailure.unlessEqual(try await texts(store, "secret", of: "bob"), ["secret cellar"], "Bob's recall")
            try ConformanceFailure.unlessEqual(try await texts(store, "garden", of: "bob"), [], "Bob's recall of Ada's word")
            try ConformanceFailure.unlessEqual(try await texts(store, "", of: "eve"), [], "Eve's recall")
            try ConformanceFailure.unlessEqual(try await store.forget("1", of: "eve"), false, "Eve's forgetting")
            try await store.forgetAll(of: "bob")
            try ConformanceFailure.unlessEqual(try await texts(store, "secret", of: "ada"), ["secret garden"], "Ada's recall")
        },
        .init("Saving the same id again replaces the memory, also for search") { store in
            try await store.save(memory("1", "likes tea"))
            try await store.save(memory("1", "likes coffee"))
            try ConformanceFailure.unlessEqual(try await texts(store, "tea"), [], "the recall of the old word")
            try ConformanceFailure.unlessEqual(try await texts(store, "coffee"), ["likes coffee"], "the recall of the new word")
            try ConformanceFailure.unlessEqual(try await store.memories(of: "ada", limit: 9).count, 1, "the number")
        },
        .init("What is forgotten is found no more") { store in
            try await store.save(memory("1", "red bicycle"))
            try await store.save(memory("2", "blue bicycle"))
            try ConformanceFailure.unlessEqual(try await store.forget("1", of: "ada"), true, "the first forgetting")
            try ConformanceFailure.unlessEqual(try await store.forget("1", of: "ada"), false, "the second forgetting")
            try ConformanceFailure.unlessEqual(try await texts(store, "bicycle"), ["blue bicycle"], "the recall")
            try await store.forgetAll(of: "ada")
            try ConformanceFailure.unlessEqual(try await texts(store, "bicycle"), [], "the recall after forgetting all")
            try ConformanceFailure.unlessEqual(try await store.memories(of: "ada", limit: 9), [], "the list after forgetting all")
        },
        .init("The memory that shares more and rarer words comes first") { store in
            for number in 0..<20 {
                try await store.save(memory("n\(number)", "note number \(number) about the garden", at: Double(number)))
            }
            try await store.save(memory("key", "the garden key hangs behind the blue door", at: -100))
            let found = try await store.recall("where is the key of the garden?", of: "ada", limit: 3)
            try ConformanceFailure.unlessEqual(found.first?.memory.id, "key", "the best")
            try ConformanceFailure.unlessEqual(found.count, 3, "the number within the limit")
            try ConformanceFailure.unless(
                zip(found, found.dropFirst()).allSatisfy { $0.score >= $1.score }, expected: "falling scores",
                seen: "\(found.map(\.score))")
        },
        .init("Inflected words, capitals, accents and apostrophes do not keep a memory from being found") { store in
            try await store.save(memory("1", "She visited MÜNCHEN's cafés"))
            for query in ["visiting", "munchen", "Münchens", "cafe\u{301}", "CAFÉ"] {
                try ConformanceFailure.unlessEqual(try await texts(store, query).count, 1, "the number found for \(query)")
            }
        },
        .init("Text in any script can be found, also without spaces between words") { store in
            try await store.save(memory("zh", "我喜欢喝绿茶"))
            try await store.save(memory("ru", "Ключ лежит под ковриком"))
            try await store.save(memory("ar", "المفتاح تحت السجادة"))
            try ConformanceFailure.unlessEqual(try await texts(store, "绿茶"), ["我喜欢喝绿茶"], "the recall of 绿茶")
            try ConformanceFailure.unlessEqual(try await texts(store, "КЛЮЧ"), ["Ключ лежит под ковриком"], "the recall of ключ")
            try ConformanceFailure.unlessEqual(try await texts(store, "المفتاح").count, 1, "the number found in Arabic")
        },
        .init("A query without words gives the newest; a query of unknown words gives nothing") { store in
            for number in 0..<5 { try await store.save(memory("\(number)", "fact \(number)", at: Double(number))) }
            try ConformanceFailure.unlessEqual(
                try await store.recall(" ?! ", of: "ada", limit: 2).map(\.memory.id), ["4", "3"], "the newest")
            try ConformanceFailure.unlessEqual(try await texts(store, "zeppelin"), [], "the recall of an unknown word")
        },
        .init("Search syntax in a query is only text") { store in
            try await store.save(memory("1", "quoted near column"))
            for query in ["\"quoted", "quoted AND (", "scope:quoted", "quoted* NEAR(", "'; DROP TABLE memories; quoted --"] {
                try ConformanceFailure.unlessEqual(try await texts(store, query).count, 1, "the number found for \(query)")
            }
        },
        .init("A limit of nothing gives nothing") { store in
            try await store.save(memory("1", "anything"))
            try ConformanceFailure.unlessEqual(try await store.recall("anything", of: "ada", limit: 0), [], "the recall")
            try ConformanceFailure.unlessEqual(try await store.memories(of: "ada", limit: 0), [], "the list")
        },
    ]
}
