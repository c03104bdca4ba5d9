// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import HTTPTypes

/// A plain HTTP path a server offers: a value to mount in any server.
public struct HTTPEndpoint: Sendable {
    /// The method it answers.
    public var method: HTTPRequest.Method
    /// Exact path.
    public var path: String
    /// Answers one request; given its head and whole body.
    public var handle: @Sendable (HTTPRequest, [UInt8]) async throws -> HTTPResult

    /// Makes an endpoint.
    public init(
        method: HTTPRequest.Method, path: String, handle: @escaping @Sendable (HTTPRequest, [UInt8]) async throws -> HTTPResult
    ) {
        self.method = method
        self.path = path
        self.handle = handle
    }
}
