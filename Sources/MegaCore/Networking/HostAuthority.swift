// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// A host as the `Host` header has it (RFC 9110 section 7.2): a name or address, and a port where it is not the scheme's own.
public struct HostAuthority: Sendable, Hashable {
    /// Lower case; IPv6 addresses in brackets.
    public let host: String
    /// Nil when none was given.
    public let port: Int?

    /// Nil when the text is malformed: empty, with blanks, a path, user information, or no port behind its colon.
    public init?(_ text: String) {
        let text = text.lowercased()
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !text.contains(where: { "@/\\?#*".contains($0) }) else { return nil }
        let rest: Substring
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = String(text[...end])
            rest = text[text.index(after: end)...]
        } else {
            let colon = text.firstIndex(of: ":") ?? text.endIndex
            host = String(text[..<colon])
            rest = text[colon...]
        }
        guard !host.isEmpty else { return nil }
        if rest.isEmpty {
            port = nil
        } else {
            // An empty port after a colon is allowed and means none (RFC 3986 section 3.2.3).
            let digits = rest.dropFirst()
            guard rest.first == ":", digits.utf8.count <= 5, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            let number = digits.isEmpty ? nil : Int(digits)
            guard number.map({ $0 <= 65_535 }) ?? true else { return nil }
            port = number
        }
    }

    /// Whether an entry of a list of hosts can be read.
    static func isAcceptable(_ entry: String) -> Bool { HostAuthority(entry) != nil }

    /// Whether a list names this host as a client wrote it.
    ///
    /// An entry without a port stands for the port the server listens on. A client that gives none uses its scheme's port, so it is
    /// named by an entry with port 80 or 443, or by one without when the server itself listens there.
    ///
    /// - Parameters:
    ///   - entries: Hosts with or without ports; what cannot be read names nothing.
    ///   - ownPort: Where the server listens; nil when it has no port, then an entry without one names the host at any.
    public func isNamed(in entries: Set<String>, ownPort: Int?) -> Bool {
        entries.contains { text in
            guard let entry = HostAuthority(text), entry.host == host else { return false }
            guard let wanted = entry.port ?? ownPort else { return true }
            return port.map { $0 == wanted } ?? (wanted == 80 || wanted == 443)
        }
    }
}
