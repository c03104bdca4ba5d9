// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaCore

extension HTTPTransportConformance {
    static let endings: [Check] = [
        Check("ends the transfer when the task is cancelled before the answer") { transport in
            let server = try HostileHTTPServer()
            let request = server.request(.neverAnswers)
            let task = Task { try await transport.send(request, body: nil, options: .init()) }
            await server.awaitRequests(1)
            task.cancel()
            try await expectCancelled { _ = try await task.value }
            await server.awaitCuts(1)
        },
        Check("ends the transfer when the task is cancelled while reading") { transport in
            let server = try HostileHTTPServer()
            let result = try await transport.send(server.request(.stallsAfter(Array("half".utf8))), body: nil, options: .init())
            let gate = Gate()
            let task = Task {
                for try await _ in result.body { gate.open() }
            }
            try await gate.wait()
            task.cancel()
            // A reader that ended without an error saw the end of a sequence it had cancelled itself; both are fine.
            do { try await task.value } catch is CancellationError {}
            await server.awaitCuts(1)
        },
        Check("ends the transfer when the body is dropped") { transport in
            let server = try HostileHTTPServer()
            func begin() async throws {
                _ = try await transport.send(server.request(.huge(1 << 40)), body: nil, options: .init(responseLimit: .max))
            }
            try await begin()
            await server.awaitCuts(1)
        },
        Check("does nothing in a task that is cancelled already") { transport in
            let server = try HostileHTTPServer()
            let request = server.request(.echo)
            let gate = Gate()
            let task = Task {
                do { try await gate.wait() } catch is CancellationError {}
                return try await transport.send(request, body: nil, options: .init())
            }
            task.cancel()
            gate.open()
            try await expectCancelled { _ = try await task.value }
            try ConformanceFailure.unless(server.requests == 0, expected: "no request", seen: "\(server.requests)")
        },
        Check("repeats nothing unless told") { transport in
            let server = try HostileHTTPServer()
            let request = server.request(.refusesFirst(times: 1, status: 503, retryAfter: "0"))
            try expect(try await transport.send(request, body: nil, options: .init()), status: 503)
            try ConformanceFailure.unless(server.requests == 1, expected: "one request", seen: "\(server.requests)")
        },
        Check("repeats after 429 and 503 as Retry-After says") { transport in
            for status in [429, 503] {
                let server = try HostileHTTPServer()
                let request = server.request(.refusesFirst(times: 2, status: status, retryAfter: "0"), method: .post)
                let result = try await transport.send(request, body: HTTPBody("again"), options: .init(retries: 2))
                try expect(result, status: 200)
                try ConformanceFailure.unless(server.requests == 3, expected: "three requests", seen: "\(server.requests)")
            }
        },
        Check("gives the refusal when the retries are used up") { transport in
            let server = try HostileHTTPServer()
            let request = server.request(.refusesFirst(times: 5, status: 429, retryAfter: "0"))
            try expect(try await transport.send(request, body: nil, options: .init(retries: 1)), status: 429)
        },
        Check("does not wait longer than the whole exchange may last") { transport in
            let server = try HostileHTTPServer()
            let request = server.request(.refusesFirst(times: 5, status: 429, retryAfter: "3600"))
            try expect(try await transport.send(request, body: nil, options: .init(retries: 3)), status: 429)
        },
        Check("does not repeat a POST whose connection broke") { transport in
            let server = try HostileHTTPServer()
            let request = server.request(.hangsUp, method: .post)
            try await expect(.connectionLost, .malformedResponse) {
                _ = try await transport.send(request, body: HTTPBody("once"), options: .init(retries: 3))
            }
            try ConformanceFailure.unless(server.requests == 1, expected: "one request", seen: "\(server.requests)")
        },
    ]

    private static func expectCancelled(_ action: () async throws -> Void) async throws {
        do {
            try await action()
        } catch is CancellationError {
            return
        } catch {
            throw ConformanceFailure(expected: "CancellationError", seen: "\(error)")
        }
        throw ConformanceFailure(expected: "CancellationError", seen: "no error")
    }
}
