// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaCore

/// A cheap question to a model server.
struct ModelProbe: Sendable {
    let endpoint: ModelEndpoint
    let transport: any HTTPTransport

    /// Short limits: a health check must not hang.
    static let options = HTTPRequestOptions(
        connectTimeout: .seconds(3), firstByteTimeout: .seconds(10), idleTimeout: .seconds(10), totalTimeout: .seconds(20),
        responseLimit: 8 << 20)

    /// The JSON a GET answers with.
    func get(_ path: String, headers: HTTPFields = [:]) async throws -> JSONValue {
        let failures = ModelFailures(endpoint)
        var request = try endpoint.request(.get, path)
        for field in headers { request.headerFields[field.name] = field.value }
        let result: HTTPResult
        let bytes: [UInt8]
        do {
            result = try await transport.send(request, body: nil, options: Self.options)
        } catch {
            throw failures.transport(error, afterHead: false)
        }
        do {
            bytes = try await result.body.collect(upTo: Self.options.responseLimit)
        } catch {
            throw failures.transport(error, afterHead: true)
        }
        guard result.response.status.kind == .successful else { throw failures.status(result.response, body: bytes) }
        do { return try JSONValue(parsing: bytes) } catch { throw failures.malformed(bytes, expected: "JSON") }
    }

    func check(_ path: String, headers: HTTPFields) async -> ComponentHealth {
        do {
            _ = try await get(path, headers: headers)
            return .healthy
        } catch let error as ModelError where error.code == .unknownModel {
            return .healthy
        } catch let error as ModelError where error.code == .rateLimited {
            return .degraded(error.reason)
        } catch let error as ModelError {
            return .down(error.reason)
        } catch {
            return .down("the check was cancelled")
        }
    }
}
