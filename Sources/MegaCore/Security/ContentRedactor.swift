// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Takes out of a text what must not leave: keys, tokens, passwords.
///
/// Applied to tool output before a model or a person sees it, and to replies before they enter the outbox.
public protocol ContentRedactor: Sendable {
    /// The text with every finding replaced. An error means the text is withheld.
    func redact(_ text: String) throws -> String

    /// Bytes of UTF-8 at the end of a text that must not be shown yet, because a secret over several lines has begun there and is not
    /// seen whole. 0 unless implemented.
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
