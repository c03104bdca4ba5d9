// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

/// What every ``BlobStore`` must do. Each check wants a fresh, empty subject; one with a limit of a few hundred kilobytes is enough.
public enum BlobStoreConformance {
    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    /// Bytes that look random and are the same every time.
    private static func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
    }

    /// The test vectors of FIPS 180-4 for short messages, and their neighbours around a block.
    private static let vectors: [(content: [UInt8], key: String)] = [
        ([], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (bytes("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ]

    /// All checks.
    public static let checks: [ConformanceCheck<any BlobStore>] = [
        .init("A key is the SHA-256 of the content in lower-case hex") { store in
            for (content, key) in vectors {
                try ConformanceFailure.unlessEqual(try await store.put(content), key, "the key of \(content.count) bytes")
                try ConformanceFailure.unlessEqual(try await store.get(key), content, "the bytes")
            }
        },
        .init("Bytes come back as they were, whatever they are and however many") { store in
            for count in [1, 15, 16, 17, 4095, 4096, 65_537] where count <= store.limit {
                let content = noise(count)
                let key = try await store.put(content)
                try ConformanceFailure.unless(
                    try await store.get(key) == content, expected: "the same \(count) bytes", seen: "others")
            }
        },
        .init("The same bytes have one key, different ones two, and putting again changes nothing") { store in
            let first = try await store.put(bytes("one"))
            let second = try await store.put(bytes("two"))
            try ConformanceFailure.unless(first != second, expected: "two keys", seen: "one")
            try ConformanceFailure.unlessEqual(try await store.put(bytes("one")), first, "the key of the same bytes")
            try ConformanceFailure.unlessEqual(try await store.get(first), bytes("one"), "the first bytes")
            try ConformanceFailure.unlessEqual(try await store.get(second), bytes("two"), "the second bytes")
        },
        .init("There is nothing under an unknown key, nor under what is no key") { store in
            let key = try await store.put(bytes("abc"))
            let others = [
                String(repeating: "0", count: 64), "", "abc", ".", "..", "../\(key)", "/\(key)", key.uppercased(), String(key.dropLast()),
                key + "0", key + "\u{0}", String(repeating: "é", count: 32),
            ]
            for other in others {
                try ConformanceFailure.unlessEqual(try await store.get(other), nil, "what is under \(other)")
                try ConformanceFailure.unlessEqual(try await store.remove(other), false, "the removal of \(other)")
            }
            try ConformanceFailure.unlessEqual(try await store.get(key), bytes("abc"), "the bytes")
        },
        .init("What is removed is gone, once, and can be put again") { store in
            let key = try await store.put(bytes("abc"))
            let kept = try await store.put(bytes("kept"))
            try ConformanceFailure.unlessEqual(try await store.remove(key), true, "the first removal")
            try ConformanceFailure.unlessEqual(try await store.remove(key), false, "the second removal")
            try ConformanceFailure.unlessEqual(try await store.get(key), nil, "the bytes after it")
            try ConformanceFailure.unlessEqual(try await store.get(kept), bytes("kept"), "the other bytes")
            try ConformanceFailure.unlessEqual(try await store.put(bytes("abc")), key, "the key")
            try ConformanceFailure.unlessEqual(try await store.get(key), bytes("abc"), "the bytes put again")
        },
        .init("As many bytes as the limit are taken, one more is refused and not kept") { store in
            let most = [UInt8](repeating: 7, count: store.limit)
            let key = try await store.put(most)
            try ConformanceFailure.unless(try await store.get(key) == most, expected: "the bytes", seen: "others")
            try await ConformanceFailure.unlessThrows(.tooLarge, "one byte above the limit") { _ = try await store.put(most + [7]) }
        },
        .init("Many tasks put and get the same and different bytes at once") { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<60 {
                    group.addTask {
                        let content = noise(500, seed: UInt64(number % 20))
                        let key = try await store.put(content)
                        try ConformanceFailure.unless(
                            try await store.get(key) == content, expected: "the bytes of task \(number)", seen: "others")
                    }
                }
                try await group.waitForAll()
            }
        },
    ]
}
