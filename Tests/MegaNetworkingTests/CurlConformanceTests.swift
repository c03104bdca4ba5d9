// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import MegaNetworking
import MegaTesting
import Testing

@Suite("The libcurl transport conforms", .timeLimit(.minutes(2)))
struct CurlConformanceTests {
    @Test("does what every transport must", arguments: HTTPTransportConformance.checks)
    func conforms(_ check: ConformanceCheck<any HTTPTransport>) async throws {
        try await check.run { CurlTransport(egress: .loopbackOnly) }
    }
}
