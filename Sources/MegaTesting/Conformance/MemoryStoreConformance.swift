// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a `MemoryStore` must do: ``contract`` every one, ``wordSearch`` one that searches words. Each check wants a fresh, empty subject.
public enum MemoryStoreConformance {
    private static func memory(_ id: String, _ text: String, of person: PersonID = "ada", at seconds: Double = 0) -> Memory {
        Memory(
            id: id, person: person, text: text, trust: .owner, source: TurnID(rawValue: 3), createdAt: StoreSamples.time(seconds))
    }

    private static func texts(_ store: any MemoryStore, _ query: String, of person: PersonID = "ada") async throws -> [String] {
        try await store.recall(query, of: person, limit: 10).map(\.memory.text)
    }

    /// All checks.
    public static var checks: [ConformanceCheck<any MemoryStore>] { contract + wordSearch }

    /// What holds however a store finds what fits: by words, by vectors, or both.
    public static let contract: [ConformanceCheck<any MemoryStore>] = [
        .init("A memory comes back as it was saved") { store in
            let saved = memory("1", "The boiler code is 4711 ✓")
            try await store.save(saved)
            try ConformanceFailure.unlessEqual(try await store.memories(of: "ada", limit: 9), [saved], "the memories")
            try ConformanceFailure.unlessEqual(
                try await store.recall("The boiler code is 4711 ✓", of: "ada", limit: 9).map(\.memory), [saved], "the recall")
        },
        .init("Nobody recalls, lists or forgets another person's memories") { store in
            try await store.save(memory("1", "secret garden", of: "ada"))
            try await store.save(memory("1", "secret cellar", of: "bob"))
            try ConformanceFailure.unlessEqual(try await texts(store, "secret garden", of: "bob").contains("secret garden"), false, "Ada's in Bob's recall")
            try ConformanceFailure.unlessEqual(try await texts(store, "secret cellar", of: "bob"), ["secret cellar"], "Bob's recall")
            for query in ["secret garden", ""] { try ConformanceFailure.unlessEqual(try await texts(store, query, of: "eve"), [], "Eve's recall") }
            try ConformanceFailure.unlessEqual(try await store.memories(of: "eve", limit: 9), [], "Eve's list")
            try ConformanceFailure.unlessEqual(try await store.forget("1", of: "eve"), false, "Eve's forgetting")
            try await store.forgetAll(of: "bob")
            try ConformanceFailure.unlessEqual(try await texts(store, "secret cellar", of: "bob"), [], "Bob's recall after forgetting")
            try ConformanceFailure.unlessEqual(try await texts(store, "secret garden", of: "ada"), ["secret garden"], "Ada's recall")
        },
        .init("Saving the same id again replaces the memory") { store in
            try await store.save(memory("1", "likes tea"))
            try await store.save(memory("1", "likes coffee"))
            try ConformanceFailure.unlessEqual(try await store.memories(of: "ada", limit: 9).map(\.text), ["likes coffee"], "the memories")
            try ConformanceFailure.unlessEqual(try await texts(store, "likes coffee"), ["likes coffee"], "the recall")
            try ConformanceFailure.unlessEqual(try await texts(store, "likes tea").contains("likes tea"), false, "the old text in a recall")
        },
        .init("What is forgotten is found no more") { store in
            try await store.save(memory("1", "red bicycle"))
            try await store.save(memory("2", "blue bicycle"))
            try ConformanceFailure.unlessEqual(try await store.forget("1", of: "ada"), true, "the first forgetting")
            try ConformanceFailure.unlessEqual(try await store.forget("1", of: "ada"), false, "the second forgetting")
            try ConformanceFailure.unlessEqual(try await texts(store, "blue bicycle"), ["blue bicycle"], "the recall")
            try await store.forgetAll(of: "ada")
            try ConformanceFailure.unlessEqual(try await texts(store, "bicycle"), [], "the recall after forgetting all")
            try ConformanceFailure.unlessEqual(try await store.memories(of: "ada", limit: 9), [], "the list after forgetting all")
        },
        .init("The list comes newest first, a recall best first with falling scores, both within their limits") { store in
            for number in 0..<9 { try await store.save(memory("\(number)", "note about garden \(number)", at: Double(number))) }
            try ConformanceFailure.unlessEqual(try await store.memories(of: "ada", limit: 3).map(\.id), ["8", "7", "6"], "the newest")
            let found = try await store.recall("note about garden 4", of: "ada", limit: 4)
            try ConformanceFailure.unlessEqual(found.first?.memory.id, "4", "the best")
            try ConformanceFailure.unless(found.count <= 4, expected: "at most 4", seen: "\(found.count)")
            try ConformanceFailure.unless(
                zip(found, found.dropFirst()).allSatisfy { $0.score >= $1.score }, expected: "falling scores", seen: "\(found.map(\.score))")
        },
        .init("Nothing in a text or a query is more than text") { store in
            let text = "'; DROP TABLE memories; -- \" NEAR( * {x: 1} \u{0} 👩‍👩‍👧"
            try await store.save(memory("1", text))
            _ = try await store.recall(text, of: "ada", limit: 9)
            try ConformanceFailure.unlessEqual(try await store.memories(of: "ada", limit: 9).map(\.text), [text], "the memories")
        },
        .init("A limit of nothing gives nothing") { store in
            try await store.save(memory("1", "anything"))
            try ConformanceFailure.unlessEqual(try await store.recall("anything", of: "ada", limit: 0), [], "the recall")
            try ConformanceFailure.unlessEqual(try await store.memories(of: "ada", limit: 0), [], "the list")
        },
    ]

    /// What a store that compares words promises besides: a query finds what shares its words, and nothing else.
    public static let wordSearch: [ConformanceCheck<any MemoryStore>] = [
        .init("Saving the same id again replaces the memory, also for search") { store in
            try await store.save(memory("1", "likes tea"))
            try await store.save(memory("1", "likes coffee"))
            try ConformanceFailure.unlessEqual(try await texts(store, "tea"), [], "the recall of the old word")
            try ConformanceFailure.unlessEqual(try await texts(store, "coffee"), ["likes coffee"], "the recall of the new word")
            try ConformanceFailure.unlessEqual(try await store.memories(of: "ada", limit: 9).count, 1, "the number")
        },
        .init("A word of another person's memory finds nothing") { store in
            try await store.save(memory("1", "secret garden", of: "ada"))
            try await store.save(memory("1", "secret cellar", of: "bob"))
            try ConformanceFailure.unlessEqual(try await texts(store, "secret", of: "bob"), ["secret cellar"], "Bob's recall")
            try ConformanceFailure.unlessEqual(try await texts(store, "garden", of: "bob"), [], "Bob's recall of Ada's word")
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
    ]
}
