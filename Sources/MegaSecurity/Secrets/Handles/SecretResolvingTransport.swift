// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import HTTPTypes
public import MegaCore

/// A transport that puts secrets into requests on the way out: in header values, in the path and query, and in bodies that are known as a whole.
///
/// The destination is the request's host, over HTTPS; a request with handles to any other scheme is refused, and redirects are never
/// followed with a secret on board. In the path and query, values are percent-encoded; in JSON bodies they are escaped as JSON strings
/// demand, in form bodies they are percent-encoded.
public struct SecretResolvingTransport: HTTPTransport {
    private let base: any HTTPTransport
    private let resolver: any SecretResolver

    /// - Parameters:
    ///   - base: Sends the requests.
    ///   - resolver: Decides and knows the values.
    public init(_ base: any HTTPTransport, resolver: any SecretResolver) {
        self.base = base
        self.resolver = resolver
    }

    /// See `HTTPTransport.send(_:body:options:)`.
    ///
    /// - Throws: ``SecretStoreError`` when a handle cannot be resolved; nothing was sent then. Error texts of the transport name handles, not values.
    public func send(_ request: HTTPRequest, body: HTTPBody?, options: HTTPRequestOptions) async throws -> HTTPResult {
        guard SecretTemplate(request.authority ?? "").names.isEmpty else {
            throw SecretStoreError(.unresolvablePlace, reason: "A secret cannot be part of a host's name.")
        }
        let path = SecretTemplate(request.path ?? "")
        let fields = request.headerFields.map { ($0, SecretTemplate($0.value)) }
        let content = body?.knownBytes.flatMap { Self.mayHoldHandle($0) ? SecretTemplate(String(decoding: $0, as: UTF8.self)) : nil }
        let names = path.names.union(fields.reduce(into: Set()) { $0.formUnion($1.1.names) }).union(content?.names ?? [])
        guard let example = names.min() else { return try await base.send(request, body: body, options: options) }

        guard request.scheme == "https", let authority = request.authority, let host = Self.host(authority) else {
            throw SecretStoreError(.notForDestination, reason: "The secret \(example) goes out over HTTPS only, and to a host with a name. Use an https:// address.")
        }
        var resolved = request
        let destination = SecretDestination.host(host)
        if !path.names.isEmpty { resolved.path = try await text(path, destination, Self.percentEncoded) }
        if fields.contains(where: { !$0.1.names.isEmpty }) {
            var headers = HTTPFields()
            for (field, template) in fields {
                guard !template.names.isEmpty else {
                    headers.append(field)
                    continue
                }
                headers.append(HTTPField(name: field.name, value: try await text(template, destination, Self.headerValue)))
            }
            resolved.headerFields = headers
        }
        var sent = body
        if let content, !content.names.isEmpty {
            let type = request.headerFields[.contentType] ?? ""
            let encode: @Sendable (Secret) throws -> String =
                type.contains("json") ? Self.jsonString : type.contains("form-urlencoded") ? Self.percentEncoded : { $0.reveal() }
            sent = HTTPBody(try await text(content, destination, encode))
            if resolved.headerFields[.contentLength] != nil { resolved.headerFields[.contentLength] = "\(sent?.length ?? 0)" }
        }
        var options = options
        options.redirects = .refuse
        do {
            return try await base.send(resolved, body: sent, options: options)
        } catch let error as TransportError {
            throw TransportError(error.code, reason: resolver.conceal(error.reason))
        }
    }

    private func text(_ template: SecretTemplate, _ destination: SecretDestination, _ encode: (Secret) throws -> String) async throws -> String {
        var result = ""
        for part in template.parts {
            switch part {
            case .text(let text): result += text
            case .handle(let name): result += try encode(try await resolver.resolve(name, for: destination))
            }
        }
        return result
    }

    private static func mayHoldHandle(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { buffer in
            var found = false
            ByteSearch.all(of: [0x7B, 0x7B], in: buffer) { _ in found = true }
            return found
        }
    }

    /// The host of an authority without port; nil when there is user information, which is no place for a host to be decided by.
    private static func host(_ authority: String) -> String? {
        guard !authority.contains("@"), let (host, _) = HostName.split(authority) else { return nil }
        return HostName.normalized(host)
    }

    private static func percentEncoded(_ secret: Secret) -> String { String(decoding: TextEncodings.percent(secret.revealBytes()), as: UTF8.self) }

    private static func jsonString(_ secret: Secret) -> String {
        String(JSONValue.string(secret.reveal()).encodedString().dropFirst().dropLast())
    }

    /// A line break would begin another header.
    private static func headerValue(_ secret: Secret) throws -> String {
        let text = secret.reveal()
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw SecretStoreError(.unacceptableValue, reason: "A secret with control characters cannot stand in a header.")
        }
        return text
    }
}
