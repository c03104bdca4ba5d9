// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// A link of the terminal (OSC 8): where it leads and what it shows.
struct Hyperlink: Sendable {
    private static let longestText = 2_048

    let target: [UInt8]
    let span: Range<Int>
    private var text: [UInt8] = []

    init(target: [UInt8], span: Range<Int>) {
        self.target = target
        self.span = span
    }

    mutating func append(_ bytes: ArraySlice<UInt8>) {
        text += bytes.prefix(Self.longestText - text.count)
    }

    /// False when the text names a host and the link leads to another one.
    var isHonest: Bool {
        guard let host = Self.host(of: String(decoding: target, as: UTF8.self)) else { return true }
        let shown = String(decoding: text, as: UTF8.self)
        for part in shown.split(whereSeparator: { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "(" || $0 == ")" || $0 == "<" || $0 == ">" }).prefix(64) {
            guard let claimed = Self.claim(String(part)) else { continue }
            if !Self.isSame(claimed, host) { return false }
        }
        return true
    }

    private static func host(of address: String) -> String? {
        let word = ShellWord(text: address, span: 0..<address.utf8.count, isLiteral: true)
        guard let reference = HostExtractor.references(in: word).first, reference.scheme != "file" else { return nil }
        return reference.asciiHost ?? String(String.UnicodeScalarView(reference.host.compactMap(Unicode.Scalar.init)))
    }

    /// The host a piece of shown text claims: with a scheme, or a bare name under a domain that is no ending of files.
    private static func claim(_ part: String) -> String? {
        if part.contains("://") { return host(of: part) }
        let trimmed = part.prefix { $0 != "/" && $0 != "?" && $0 != "#" && $0 != ":" && $0 != "," && $0 != ";" }.lowercased()
        let labels = trimmed.split(separator: ".")
        guard labels.count >= 2, let last = labels.last.map(String.init), !fileEndings.contains(last),
            KnownHosts.commonDomains.contains(last) || trimmed.hasPrefix("www."),
            trimmed.utf8.allSatisfy({ ByteScan.isAlphanumeric($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") || $0 >= 0x80 })
        else { return nil }
        return labels.joined(separator: ".")
    }

    private static let fileEndings: Set<String> = ["rs", "sh", "me", "app", "in", "it", "cc", "de", "pl", "ai", "us", "es"]

    private static func isSame(_ left: String, _ right: String) -> Bool {
        let strip = { (host: String) in host.hasPrefix("www.") ? String(host.dropFirst(4)) : host }
        let (one, other) = (strip(left), strip(right))
        return one == other || one.hasSuffix("." + other) || other.hasSuffix("." + one)
    }
}
