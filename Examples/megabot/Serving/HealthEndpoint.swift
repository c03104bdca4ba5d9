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

    /// What answers: the report, and who says so.
    struct Answer: Codable, Sendable {
        var report: HealthReport
        /// Of which installation; see `Installation.identity()`. Nil when it did not say.
        var installation: String?
        var version: String?

        private enum CodingKeys: String, CodingKey { case installation, version }

        init(report: HealthReport, installation: String?, version: String?) {
            self.report = report
            self.installation = installation
            self.version = version
        }

        init(from decoder: any Decoder) throws {
            report = try HealthReport(from: decoder)
            let values = try decoder.container(keyedBy: CodingKeys.self)
            installation = try values.decodeIfPresent(String.self, forKey: .installation)
            version = try values.decodeIfPresent(String.self, forKey: .version)
        }

        func encode(to encoder: any Encoder) throws {
            try report.encode(to: encoder)
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encodeIfPresent(installation, forKey: .installation)
            try values.encodeIfPresent(version, forKey: .version)
        }
    }

    static func make(installation: String?, _ report: @escaping @Sendable () async -> HealthReport) -> HTTPEndpoint {
        HTTPEndpoint(method: .get, path: path) { _, _ in
            let report = await report()
            let answer = Answer(report: report, installation: installation, version: MegaBot.version)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            let body = try encoder.encode(answer)
            var response = HTTPResponse(status: report.status == .down ? .serviceUnavailable : .ok)
            response.headerFields[.contentType] = "application/json"
            response.headerFields[.cacheControl] = "no-store"
            return HTTPResult(response: response, body: HTTPBody(body))
        }
    }

    /// Asks a running daemon.
    ///
    /// - Throws: When nothing, or something else, answers there.
    static func ask(_ authority: String, transport: any HTTPTransport) async throws -> Answer {
        let request = HTTPRequest(method: .get, scheme: "http", authority: authority, path: path)
        let options = HTTPRequestOptions(
            connectTimeout: .seconds(2), firstByteTimeout: .seconds(10), totalTimeout: .seconds(15), responseLimit: 1 << 20)
        let result = try await transport.send(request, body: nil, options: options)
        let bytes = try await result.body.collect(upTo: 1 << 20)
        if result.response.status == .forbidden || result.response.status == .tooManyRequests {
            throw Complaint(
                "what answers at \(authority) refuses to say how it does (\(result.response.status.code)): "
                    + OutputSanitizer.clean(String(decoding: bytes.prefix(200), as: UTF8.self)).filter { !$0.isNewline },
                mend: "If it is MegaBot, look at adapters.websocket.allowed_hosts and limits.requests_per_minute; if not, stop it or choose another port.")
        }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(bytes)) else {  // why: the next line says it
            throw Complaint("what answers at \(authority) is no MegaBot.", mend: "Stop it, or set adapters.websocket.port to another port.")
        }
        return answer
    }
}
