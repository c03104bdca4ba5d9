// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Takes out of a text what must not leave: keys, tokens, passwords.
///
/// Applied to tool output before a model or a person sees it, and to replies before they enter the outbox.
public protocol ContentRedactor: Sendable {
    /// The text with every finding replaced. An error means the text is withheld.
    func redact(_ text: String) throws -> String

    /// Bytes of UTF-8 at the end of a text that must not be shown while more is to come: a secret has begun there and is not seen
    /// whole, or what stands there is what the next word is recognised by. 0 unless implemented. Redacting both sides of that cut must
    /// give the same as redacting the whole, whatever follows.
    func unfinishedSuffix(of text: String) -> Int
}

extension ContentRedactor {
    /// Nothing is held back.
    public func unfinishedSuffix(of text: String) -> Int { 0 }
}

/// Changes nothing. For hosts that redact elsewhere.
public struct NoRedaction: ContentRedactor {
    /// Makes the redactor.
    public init() {}
    /// The text as it is.
    public func redact(_ text: String) throws -> String { text }
}
