// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore
import HTTPTypes

/// What every `HTTPTransport` must do, checked against a hostile server on this machine.
///
/// The transport under test may reach loopback addresses and nothing else.
///
/// ```swift
/// @Test(arguments: HTTPTransportConformance.checks)
/// func conforms(_ check: ConformanceCheck<any HTTPTransport>) async throws {
///     try await check.run { MyTransport(egress: .loopbackOnly) }
/// }
/// ```
public enum HTTPTransportConformance {
    /// All checks.
    public static let checks: [ConformanceCheck<any HTTPTransport>] = exchanges + failures + endings + redirects

    /// Runs all checks, each with a transport of its own.
    public static func run(_ makeTransport: () async throws -> any HTTPTransport) async throws {
        for check in checks { try await check.run(makeTransport) }
    }

    typealias Check = ConformanceCheck<any HTTPTransport>

    /// Fails unless `action` throws a transport error with one of the codes.
    static func expect(_ codes: TransportError.Code..., when action: () async throws -> Void) async throws {
        let expected = "an error " + codes.map(\.rawValue).joined(separator: " or ")
        do {
            try await action()
        } catch let error as TransportError {
            try ConformanceFailure.unless(codes.contains(error.code), expected: expected, seen: "\(error)")
            return
        } catch let failure as ConformanceFailure {
            throw failure
        } catch {
            throw ConformanceFailure(expected: expected, seen: "\(type(of: error))")
        }
        throw ConformanceFailure(expected: expected, seen: "no error")
    }

    static func expect(_ body: [UInt8], is expected: some Sequence<UInt8>, _ what: String) throws {
        try ConformanceFailure.unless(
            body.elementsEqual(expected), expected: what,
            seen: "\(body.count) bytes: \(String(decoding: body.prefix(200), as: UTF8.self))")
    }

    static func expect(_ result: HTTPResult, status: Int) throws {
        try ConformanceFailure.unless(
            result.response.status.code == status, expected: "status \(status)", seen: "\(result.response.status.code)")
    }
}
