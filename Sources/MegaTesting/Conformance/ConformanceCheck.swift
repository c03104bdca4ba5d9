// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import Testing

/// One named check of a conformance suite.
///
/// A suite offers its checks as a list, to be used as the arguments of a test:
///
/// ```swift
/// @Test(arguments: HTTPTransportConformance.checks)
/// func conforms(_ check: ConformanceCheck<any HTTPTransport>) async throws { try await check.run { MyTransport() } }
/// ```
public struct ConformanceCheck<Subject>: Sendable, CustomTestStringConvertible {
    /// What must hold, as a sentence.
    public let name: String
    /// Throws ``ConformanceFailure`` when it does not hold.
    public let body: @Sendable (Subject) async throws -> Void
    /// The name, as a test's argument shows it.
    public var testDescription: String { name }

    /// A check.
    ///
    /// - Parameters:
    ///   - name: What must hold, as a sentence.
    ///   - body: Throws ``ConformanceFailure`` when it does not hold.
    public init(_ name: String, _ body: @escaping @Sendable (Subject) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// Runs the check on a subject.
    public func run(_ subject: Subject) async throws { try await body(subject) }

    /// Makes a fresh subject and runs the check on it.
    public func run(_ makeSubject: () async throws -> Subject) async throws { try await body(try await makeSubject()) }
}

/// What a conformance check found: what it expected and what it saw.
public struct ConformanceFailure: Error, Sendable, CustomStringConvertible {
    /// What should have happened.
    public let expected: String
    /// What happened.
    public let seen: String
    /// Both in one sentence.
    public var description: String { "expected \(expected), saw \(seen)" }

    /// A failure.
    public init(expected: String, seen: String) {
        self.expected = expected
        self.seen = seen
    }

    /// Throws a failure unless `condition` holds.
    public static func unless(_ condition: Bool, expected: String, seen: @autoclosure () -> String) throws {
        guard condition else { throw ConformanceFailure(expected: expected, seen: seen()) }
    }
}
