// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `GET /health`: how every part does, as JSON. 200 while messages can be taken, 503 otherwise.
enum HealthEndpoint {
    static let path = "/health"

    static func make(_ report: @escaping @Sendable () async -> HealthReport) -> HTTPEndpoint {
        HTTPEndpoint(method: .get, path: path) { _, _ in
            let report = await report()
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            let body = try encoder.encode(report)
            var response = HTTPResponse(status: report.status == .down ? .serviceUnavailable : .ok)
            response.headerFields[.contentType] = "application/json"
            response.headerFields[.cacheControl] = "no-store"
            return HTTPResult(response: response, body: HTTPBody(body))
        }
    }

    /// Asks a running daemon.
    ///
    /// - Throws: When nothing, or something else, answers there.
    static func ask(_ authority: String, transport: any HTTPTransport) async throws -> HealthReport {
        let request = HTTPRequest(method: .get, scheme: "http", authority: authority, path: path)
        let options = HTTPRequestOptions(
            connectTimeout: .seconds(2), firstByteTimeout: .seconds(10), totalTimeout: .seconds(15), responseLimit: 1 << 20)
        let result = try await transport.send(request, body: nil, options: options)
        let bytes = try await result.body.collect(upTo: 1 << 20)
        guard let report = try? JSONDecoder().decode(HealthReport.self, from: Data(bytes)) else {  // why: the next line says it
            throw Complaint("what answers at \(authority) is no MegaBot.", mend: "Stop it, or set adapters.websocket.port to another port.")
        }
        return report
    }
}
