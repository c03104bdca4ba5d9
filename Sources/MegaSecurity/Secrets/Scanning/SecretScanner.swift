// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Finds secrets in text: more than 400 kinds of keys by their form, keys of vendors by the name they are assigned to, and values that
/// look drawn beside a word such as `token` or `password`.
///
/// One pass looks for keywords (Aho and Corasick); only where one stands the text is examined: form, name and assignment, randomness, then
/// placeholders, templates and digests are let go. What is examined lies within ``lookBehind`` and ``lookAhead`` of the keyword, so time
/// grows with the length of the text and nothing else, and a stream gives the same findings however it is cut.
///
/// It is a net, not a proof: a secret that looks like ordinary words, or is split or encoded, passes.
public struct SecretScanner: Sendable {
    /// Bytes before a keyword that decide about it, at most.
    public static let lookBehind = 4 << 10
    /// Bytes after a keyword that decide about it, at most. A stream holds back so much.
    public static let lookAhead = 16 << 10

    let catalog: SecretCatalog

    /// A scanner with everything it knows.
    public init() { catalog = .standard }

    /// Every value ``SecretFinding/type`` may have, sorted.
    public static var types: [String] {
        let catalog = SecretCatalog.standard
        let kinds = catalog.tokens.map(\.kind) + catalog.vendors.map(\.kind) + SecretStructures.Kind.allCases.flatMap(\.findings)
        return Set((kinds + [SecretAssignments.secret, SecretAssignments.password]).map(\.type)).sorted()
    }

    /// The secrets in a text, in order, not overlapping. Ranges count bytes of UTF-8.
    public func findings(in text: String) -> [SecretFinding] {
        var text = text
        return text.withUTF8 { findings(in: $0) }
    }

    /// The secrets in bytes, in order, not overlapping. The bytes need not be valid UTF-8.
    public func findings(in bytes: [UInt8]) -> [SecretFinding] { bytes.withUnsafeBufferPointer { findings(in: $0) } }

    func findings(in bytes: UnsafeBufferPointer<UInt8>) -> [SecretFinding] {
        var pass = SecretPass(catalog: catalog)
        pass.scan(bytes, 0..<bytes.count, offset: 0)
        return pass.settle(before: .max)
    }

    /// A scan of text that comes in pieces.
    public func stream() -> Stream { Stream(catalog: catalog) }

    /// Finds secrets in text that comes in pieces; where it is cut makes no difference.
    public struct Stream: Sendable {
        private var pass: SecretPass
        private var buffer: [UInt8] = []
        /// Where the buffer's first byte stands in the stream.
        private var offset = 0
        /// Bytes of the buffer that were looked at.
        private var scanned = 0

        init(catalog: SecretCatalog) { pass = SecretPass(catalog: catalog) }

        /// Takes in a piece and returns the findings that are certain by now. At most about 100 KiB and the piece are kept.
        public mutating func feed(_ bytes: some Collection<UInt8>) -> [SecretFinding] {
            buffer += bytes
            return scan(to: buffer.count - SecretScanner.lookAhead)
        }

        /// The stream has ended: returns the rest.
        public mutating func finish() -> [SecretFinding] {
            let last = scan(to: buffer.count) + pass.settle(before: .max)
            buffer = []
            scanned = 0
            return last
        }

        private mutating func scan(to end: Int) -> [SecretFinding] {
            guard end > scanned else { return [] }
            buffer.withUnsafeBufferPointer { pass.scan($0, scanned..<end, offset: offset) }
            scanned = end
            let surplus = scanned - SecretScanner.lookBehind
            // Moving the rest to the front costs; so it is not done for every piece.
            if surplus > 64 << 10 {
                buffer.removeFirst(surplus)
                scanned -= surplus
                offset += surplus
            }
            return pass.settle(before: offset + scanned - SecretScanner.lookBehind)
        }
    }
}
