// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Where a secret may go.
public enum SecretDestination: Sendable, Hashable, CustomStringConvertible {
    /// A host by its exact name or address, over TLS only; lower case, no port.
    case host(String)
    /// A program by its name (`gh`) or absolute path, as the first word of every command of the text has it.
    case program(String)

    /// In words.
    public var description: String {
        switch self {
        case .host(let name): "the host \(name)"
        case .program(let name): "the program \(name)"
        }
    }
}

/// Puts secrets in the place of their handles (`{{NAME}}`) on the way out of the process.
///
/// Model, journal, approvals, audit, memory and previews know the handle only. A transport or a runner that sends data out asks a
/// resolver last, when the destination is certain. Implement this to decide about destinations in another way; MegaSecurity's
/// `SecretHandles` is bound to a list.
public protocol SecretResolver: Sendable {
    /// The value of a secret for one destination.
    ///
    /// - Throws: ``SecretStoreError``: `notFound`, or `notForDestination` when the secret is not bound to it.
    func resolve(_ name: SecretName, for destination: SecretDestination) async throws -> Secret

    /// The text with the values of secrets that were given out replaced by their handles.
    func conceal(_ text: String) -> String
}

extension SecretResolver {
    /// The text with every handle replaced by its value.
    ///
    /// - Throws: ``SecretStoreError``; nothing is resolved in part.
    public func resolve(_ template: SecretTemplate, for destination: SecretDestination) async throws -> String {
        var result = ""
        for part in template.parts {
            switch part {
            case .text(let text): result += text
            case .handle(let name): result += try await resolve(name, for: destination).reveal()
            }
        }
        return result
    }
}
