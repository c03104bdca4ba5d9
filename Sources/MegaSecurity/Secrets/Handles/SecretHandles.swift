// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore
import Synchronization

/// Gives secrets out for the destinations they are bound to, and knows those it gave out again when they come back.
///
/// One for the whole process: hand the same to the transport, the runner and the redactor.
public final class SecretHandles: SecretResolver {
    private let store: any SecretStore
    private let destinations: [SecretName: Set<SecretDestination>]
    /// What was given out: each spelling and its handle, the longest first.
    private let known = Mutex<[(bytes: [UInt8], handle: String)]>([])

    /// - Parameters:
    ///   - store: Where the secrets are.
    ///   - destinations: Where each may go. A secret that is not in it goes nowhere.
    public init(store: any SecretStore, destinations: [SecretName: Set<SecretDestination>]) {
        self.store = store
        self.destinations = destinations.mapValues { places in Set(places.map(Self.normalized)) }
    }

    /// The names of secrets that may go somewhere, sorted: what a model may be told of.
    public var names: [SecretName] { destinations.keys.sorted() }

    /// Reads every bound secret once, so that its value is recognised from now on wherever it turns up, also when an earlier process gave it
    /// out. Nothing is given out by it.
    ///
    /// - Returns: The bound secrets that are not there.
    /// - Throws: ``SecretStoreError`` when a store cannot be read.
    public func recognizeAll() async throws -> [SecretName] {
        var missing: [SecretName] = []
        for name in names {
            if let secret = try await store.secret(named: name) { remember(secret, as: name) } else { missing.append(name) }
        }
        return missing
    }

    /// See `SecretResolver.resolve(_:for:)`. Where a secret may go is checked before the store is asked.
    public func resolve(_ name: SecretName, for destination: SecretDestination) async throws -> Secret {
        guard destinations[name]?.contains(Self.normalized(destination)) == true else {
            throw SecretStoreError(
                .notForDestination, reason: "The secret \(name) is not bound to \(destination), so nothing was sent. The owner can bind it in the configuration.")
        }
        guard let secret = try await store.secret(named: name) else {
            throw SecretStoreError(.notFound, reason: "There is no secret \(name). Set it with `megabot secret set \(name)`.")
        }
        remember(secret, as: name)
        return secret
    }

    /// See `SecretResolver.conceal(_:)`: also in Base64 and encoded for a URL. Values of fewer than 6 bytes are not looked for.
    public func conceal(_ text: String) -> String {
        let known = known.withLock { $0 }
        guard !known.isEmpty else { return text }
        var text = text
        let found = text.withUTF8 { bytes in
            var found: [Replacement] = []
            for (value, handle) in known { ByteSearch.all(of: value, in: bytes) { found.append(Replacement(range: $0, text: handle)) } }
            return found
        }
        return found.isEmpty ? text : Replacement.apply(found, to: Array(text.utf8))
    }

    /// Bytes at the end of a text that may be the beginning of a value that was given out.
    func unfinishedSuffix(of text: String) -> Int {
        let values = concealed.map(\.bytes)
        guard !values.isEmpty else { return 0 }
        let unfinished = UnfinishedSecrets(replacements: { _ in [] }, values: values, recognisesShapes: false)
        var text = text
        return text.withUTF8 { unfinished.longestBeginning(in: $0) }
    }

    /// The spellings that `conceal` looks for, the longest first.
    var concealed: [(bytes: [UInt8], handle: String)] { known.withLock { $0 } }

    private func remember(_ secret: Secret, as name: SecretName) {
        let forms = TextEncodings.forms(of: secret.revealBytes(), atLeast: SecretRedactor.shortestSecret)
        known.withLock { known in
            for form in forms where !known.contains(where: { $0.bytes == form }) { known.append((form, name.handle)) }
            known.sort { $0.bytes.count > $1.bytes.count }
        }
    }

    private static func normalized(_ destination: SecretDestination) -> SecretDestination {
        switch destination {
        case .host(let host): .host(HostName.normalized(host))
        case .program: destination
        }
    }
}

/// A redactor that puts handles back before the one it wraps looks for what else is secret.
public struct SecretHandleRedactor: ContentRedactor {
    private let handles: SecretHandles
    private let base: any ContentRedactor

    /// - Parameters:
    ///   - handles: The one that gives the secrets out.
    ///   - base: Asked for everything else.
    public init(handles: SecretHandles, base: any ContentRedactor) {
        self.handles = handles
        self.base = base
    }

    /// See `ContentRedactor.redact(_:)`.
    public func redact(_ text: String) throws -> String { try base.redact(handles.conceal(text)) }

    /// See `ContentRedactor.unfinishedSuffix(of:)`; the beginning of a value that was given out is held back too.
    public func unfinishedSuffix(of text: String) -> Int { max(handles.unfinishedSuffix(of: text), base.unfinishedSuffix(of: text)) }
}
