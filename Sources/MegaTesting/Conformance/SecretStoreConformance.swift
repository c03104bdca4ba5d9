// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

/// What every `SecretStore` must do. Stores that can be read only must refuse to write and keep what they have.
public enum SecretStoreConformance {
    /// All checks for a store that can be written and begins empty.
    public static let checks: [ConformanceCheck<any SecretStore>] = [
        .init("A name nobody has set has no secret, and there are no names") { store in
            try ConformanceFailure.unless(try await store.secret(named: name("NOTHING")) == nil, expected: "nil", seen: "a secret")
            try ConformanceFailure.unlessEqual(try await store.names(), [], "the names of an empty store")
        },
        .init("What was set comes back, whatever bytes it has") { store in
            let values: [[UInt8]] = [[1], Array("correct horse".utf8), [0, 255, 10, 13, 0], Array(repeating: 7, count: 8_000)]
            for (index, value) in values.enumerated() {
                let name = try name("VALUE_\(index)")
                try await store.set(Secret(bytes: value), named: name)
                try ConformanceFailure.unless(
                    try await store.secret(named: name) == Secret(bytes: value), expected: "\(value.count) bytes back", seen: "something else")
            }
        },
        .init("Setting again replaces, and the other secrets stay") { store in
            try await store.set(Secret("one"), named: name("A"))
            try await store.set(Secret("two"), named: name("B"))
            try await store.set(Secret("three"), named: name("A"))
            try ConformanceFailure.unless(try await store.secret(named: name("A")) == Secret("three"), expected: "the later value", seen: "another")
            try ConformanceFailure.unless(try await store.secret(named: name("B")) == Secret("two"), expected: "the other value", seen: "another")
        },
        .init("Names are listed sorted, deleted ones no more") { store in
            for text in ["C", "a.b-c", "A", "_x"] { try await store.set(Secret("v-\(text)"), named: name(text)) }
            try await store.delete(name("A"))
            try await store.delete(name("NEVER_THERE"))
            try ConformanceFailure.unlessEqual(try await store.names(), try ["C", "_x", "a.b-c"].map(name), "the names")
            try ConformanceFailure.unless(try await store.secret(named: name("A")) == nil, expected: "nil", seen: "a deleted secret")
        },
        .init("An empty value is refused") { store in
            do {
                try await store.set(Secret(""), named: name("EMPTY"))
            } catch let error as SecretStoreError where error.code == .unacceptableValue {
                return
            }
            throw ConformanceFailure(expected: "unacceptableValue", seen: "no error")
        },
        .init("Many tasks can use it at the same time") { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<24 {
                    group.addTask { try await store.set(Secret("value \(number)"), named: name("N\(number % 12)")) }
                }
                try await group.waitForAll()
            }
            for number in 0..<12 {
                let found = try await store.secret(named: name("N\(number)"))
                try ConformanceFailure.unless(
                    found == Secret("value \(number)") || found == Secret("value \(number + 12)"), expected: "one of the two values", seen: "another")
            }
        },
    ]

    /// All checks for a store that can be read only and holds the secret "correct horse" under the name `GIVEN`.
    public static let readOnlyChecks: [ConformanceCheck<any SecretStore>] = [
        .init("It gives what it holds and lists its name") { store in
            try ConformanceFailure.unless(try await store.secret(named: name("GIVEN")) == Secret("correct horse"), expected: "the value", seen: "another")
            try ConformanceFailure.unlessEqual(try await store.names(), [try name("GIVEN")], "the names")
            try ConformanceFailure.unless(try await store.secret(named: name("OTHER")) == nil, expected: "nil", seen: "a secret")
        },
        .init("It refuses to write and to delete") { store in
            for attempt in [0, 1] {
                do {
                    if attempt == 0 { try await store.set(Secret("x"), named: name("GIVEN")) } else { try await store.delete(name("GIVEN")) }
                } catch let error as SecretStoreError where error.code == .readOnly {
                    continue
                }
                throw ConformanceFailure(expected: "readOnly", seen: "no error")
            }
            try ConformanceFailure.unless(try await store.secret(named: name("GIVEN")) == Secret("correct horse"), expected: "the value", seen: "another")
        },
    ]

    private static func name(_ text: String) throws -> SecretName {
        guard let name = SecretName(text) else { throw ConformanceFailure(expected: "\(text) to be a name", seen: "none") }
        return name
    }
}
