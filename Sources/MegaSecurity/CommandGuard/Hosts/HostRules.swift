// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// Rules on one address, whatever is done with it.
enum HostRules {
    /// Schemes whose authority names a host on the network.
    private static let schemes: Set<String> = [
        "http", "https", "ftp", "ftps", "sftp", "git", "ssh", "ws", "wss", "git+https", "git+http", "git+ssh", "svn", "ldap", "ldaps", "tcp",
        "rsync", "scp", "hg+https", "svn+https", "oci", "docker", "socks5", "socks5h", "hg", "hg+http",
    ]

    /// Schemes of the web, where a bare number and a fake ending mean something.
    static let webSchemes: Set<String> = ["http", "https", "ftp", "ftps", "ws", "wss"]

    /// What a program does with an address.
    enum Use: Sendable { case mentioned, fetched }

    static func check(_ reference: HostReference, use: Use, into found: inout TextFindings) {
        if let scheme = reference.scheme, !schemes.contains(scheme) { return }
        guard !reference.host.isEmpty else { return }
        if let userinfo = reference.userinfo { self.userinfo(userinfo, reference, into: &found) }
        guard characters(reference, use, into: &found) else { return }
        if reference.scheme.map({ webSchemes.contains($0) || $0.hasPrefix("git+") || $0 == "git" }) ?? true {
            path(reference, into: &found)
        }
        guard let host = reference.asciiHost else { return nonASCII(reference, into: &found) }
        name(host, reference, use, into: &found)
    }

    // MARK: - Characters

    /// Whether the host is fit to be looked at further.
    private static func characters(_ reference: HostReference, _ use: Use, into found: inout TextFindings) -> Bool {
        var host = reference.host[...]
        if let last = host.last, last == 0x20 || last == 0x09 {
            found.add(.trailingDotWhitespace, reference.span)
            while let last = host.last, last == 0x20 || last == 0x09 { host.removeLast() }
        }
        let isBracketed = host.first == 0x5B
        for scalar in host {
            switch scalar {
            case 0x25 where isBracketed: continue
            case 0x20, 0x09:
                // A sentence that starts with an address is none.
                if use == .fetched { found.add(.invalidHostChars, reference.span) }
                return false
            case 0x25, 0x5C, 0x00..<0x20, 0x7F...0xA0, 0x1680, 0x2000...0x200A, 0x2024, 0x202F, 0x205F, 0x3000, 0x3002, 0xFF0E, 0xFF61, 0xFFFD:
                found.add(.invalidHostChars, reference.span)
                if scalar == 0xFFFD { return false }
            default: continue
            }
        }
        return true
    }

    private static func userinfo(_ userinfo: String, _ reference: HostReference, into found: inout TextFindings) {
        let name = userinfo.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init)?.lowercased() ?? ""
        guard let dot = name.lastIndex(of: ".") else { return }
        let ending = String(name[name.index(after: dot)...])
        let isKnown = KnownHosts.isIn(name, KnownHosts.imitated)
        if isKnown || KnownHosts.commonDomains.contains(ending) || IPAddress(name) != nil || name.contains("/") {
            found.add(.userinfoTrick, reference.span)
        }
    }

    // MARK: - Names outside ASCII

    private static func nonASCII(_ reference: HostReference, into found: inout TextFindings) {
        var readsAsASCII = true
        var hasTwin = false
        var folded: [UInt8] = []
        for scalar in reference.host {
            let (text, likeness) = Lookalikes.ascii(scalar)
            switch likeness {
            case .same: hasTwin = true
            case .ascii: break
            case .marked, .none: readsAsASCII = false
            }
            folded += text
        }
        let labels = reference.host.split { $0 == 0x2E || $0 == 0x3002 || $0 == 0xFF0E || $0 == 0xFF61 || $0 == 0x2024 }
        var isMixed = false
        for label in labels where mixesAlphabets(label) { isMixed = true }
        if isMixed { found.add(.mixedScriptInLabel, reference.span) }
        // A label that reads as ASCII to its end is an imitation, whatever the other labels are.
        let isImitation = labels.contains { label in
            label.contains { $0 >= 0x80 } && label.allSatisfy { scalar in
                let likeness = Lookalikes.ascii(scalar).likeness
                return likeness == .ascii || likeness == .same
            }
        }
        let deceives = isMixed || (hasTwin && readsAsASCII) || isImitation
        found.add(.nonAsciiHostname, reference.span, deceives ? .block : .warn)
        guard hasTwin || !readsAsASCII else { return }
        let host = String(decoding: folded.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
        if imitates(host) || KnownHosts.isIn(host, KnownHosts.imitated) { found.add(.confusableDomain, reference.span, .block) }
    }

    /// More than one alphabet in one label, beyond the mixes UTS #39 calls highly restrictive (East Asian scripts with Latin).
    private static func mixesAlphabets(_ label: ArraySlice<UInt32>) -> Bool {
        var scripts: Set<Script> = []
        for scalar in label {
            let script = Script.of(scalar)
            if script != .common, script != .inherited, script != .unknown { scripts.insert(script) }
        }
        guard scripts.count > 1 else { return false }
        let japanese: Set<Script> = [.latin, .han, .hiragana, .katakana]
        let korean: Set<Script> = [.latin, .han, .hangul]
        let chinese: Set<Script> = [.latin, .han, .bopomofo]
        return !scripts.isSubset(of: japanese) && !scripts.isSubset(of: korean) && !scripts.isSubset(of: chinese)
    }

    // MARK: - Names

    private static func name(_ written: String, _ reference: HostReference, _ use: Use, into found: inout TextFindings) {
        var host = written
        while let last = host.last, last == " " || last == "\t" { host.removeLast() }
        if host.hasSuffix("."), host.count > 1 {
            found.add(.trailingDotWhitespace, reference.span)
            host.removeLast()
        }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        if labels.contains(where: { $0.hasPrefix("xn--") }) { found.add(.punycodeDomain, reference.span) }
        if KnownHosts.metadataNames.contains(host), use == .fetched || host.contains(".") { found.add(.metadataEndpoint, reference.span) }
        if let address = reference.address { return number(address, reference, use, into: &found) }
        if let embedded = addressInName(host) { scope(embedded, reference, use, into: &found) }
        if KnownHosts.shorteners.contains(host) { found.add(.shortenedUrl, reference.span) }
        if let ending = labels.last.map(String.init), labels.count > 1, reference.scheme.map(webSchemes.contains) ?? false {
            if KnownHosts.fileLike.contains(ending) { found.add(.lookalikeTld, reference.span) }
            if KnownHosts.suspicious.contains(ending) { found.add(.suspiciousTld, reference.span) }
        }
        if imitates(host) { found.add(.confusableDomain, reference.span) }
        if let port = reference.port, ![80, 443, 22, 9418].contains(port), KnownHosts.isIn(host, KnownHosts.imitated) {
            found.add(.nonStandardPort, reference.span)
        }
    }

    private static func number(
        _ address: (ip: IPAddress, isPlain: Bool), _ reference: HostReference, _ use: Use, into found: inout TextFindings
    ) {
        let scope = address.ip.scope
        let isWeb = reference.scheme.map(webSchemes.contains) ?? true
        let isShorthand = reference.asciiHost == "127.1" || reference.asciiHost == "0"
        if !address.isPlain, isWeb, !isShorthand, reference.scheme != nil || reference.asciiHost?.contains(".") == true {
            found.add(.obfuscatedIp, reference.span)
        }
        self.scope(address.ip, reference, use, into: &found)
        if use == .fetched, isWeb, scope != .loopback, scope != .unspecified { found.add(.rawIpUrl, reference.span) }
    }

    private static func scope(_ address: IPAddress, _ reference: HostReference, _ use: Use, into found: inout TextFindings) {
        switch address.scope {
        case .cloudMetadata: found.add(.metadataEndpoint, reference.span)
        case .privateNetwork, .linkLocal, .carrierShared:
            if use == .fetched { found.add(.privateNetworkAccess, reference.span) }
        default: break
        }
    }

    /// `10.0.0.1.nip.io` and `10-0-0-1.nip.io` lead to 10.0.0.1.
    private static func addressInName(_ host: String) -> IPAddress? {
        guard let suffix = KnownHosts.addressInName.first(where: { host.hasSuffix($0) }) else { return nil }
        let labels = host.dropLast(suffix.count).split(separator: ".")
        if labels.count >= 4, let ip = IPAddress(labels.suffix(4).joined(separator: ".")) { return ip }
        guard let last = labels.last else { return nil }
        let parts = last.split(separator: "-").suffix(4)
        return parts.count == 4 ? IPAddress(parts.joined(separator: ".")) : nil
    }

    /// Whether a host is not a well-known one but reads like it.
    static func imitates(_ host: String) -> Bool {
        if KnownHosts.isIn(host, KnownHosts.imitated) { return false }
        let labels = host.split(separator: ".")
        guard labels.count >= 2 else { return false }
        let domain = labels.suffix(2).joined(separator: ".")
        let bytes = Array(domain.utf8)
        let folded = NameDistance.folded(bytes)
        for known in KnownHosts.imitated {
            let target = Array(known.utf8)
            guard abs(target.count - bytes.count) <= 2 else { continue }
            if NameDistance.isOneEdit(bytes, target), target.prefix(while: { $0 != UInt8(ascii: ".") }).count >= 4 { return true }
            if NameDistance.folded(target) == folded { return true }
        }
        // A well-known name in front of another domain.
        // One label behind it may be a country's, as in google.com.au.
        guard labels.count >= 4 else { return false }
        for start in 0...(labels.count - 4) {
            let inner = labels[start...(start + 1)].joined(separator: ".")
            if KnownHosts.imitatedSet.contains(inner) { return true }
        }
        return false
    }

    // MARK: - Paths

    private static let familiar: [[UInt8]] = ["install", "setup", "auth", "login", "token", "config", "download", "update", "release", "script"]
        .map { Array($0.utf8) }

    private static func path(_ reference: HostReference, into found: inout TextFindings) {
        let path = reference.path
        guard !path.isEmpty else { return }
        var index = 0
        var hasForeign = false
        while index < path.count {
            if path[index] >= 0x80 { hasForeign = true }
            if path[index] == 0x25, index + 4 < path.count, path[index + 1] == 0x32, path[index + 2] == 0x35, isHex(path[index + 3]),
                isHex(path[index + 4])
            {
                found.add(.doubleEncoding, reference.span)
            }
            if path[index] == 0x3F { break }
            index += 1
        }
        guard hasForeign else { return }
        found.add(.nonAsciiPath, reference.span)
        for segment in path.split(whereSeparator: { [0x2F, 0x2E, 0x2D, 0x5F, 0x3F, 0x26, 0x3D].contains($0) })
        where segment.contains(where: { $0 >= 0x80 }) {
            var text: [UInt8] = []
            for scalar in segment.prefix(32) { text += Lookalikes.ascii(scalar).text }
            let folded = text.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
            if familiar.contains(where: { $0 == folded || NameDistance.isOneEdit($0, folded) }) { found.add(.homoglyphInPath, reference.span) }
        }
    }

    private static func isHex(_ scalar: UInt32) -> Bool { scalar &- 0x30 < 10 || (scalar | 0x20) &- 0x61 < 6 }

    /// Whether an address holds a blockchain account, `0x` and forty hexadecimal digits.
    static func holdsAccount(_ path: [UInt32]) -> Bool {
        var run = 0
        for (index, scalar) in path.enumerated() {
            if run == 0 {
                if scalar == 0x30, index + 1 < path.count, path[index + 1] | 0x20 == 0x78 { run = 1 }
            } else if run == 1 {
                run = 2
            } else if isHex(scalar) {
                run += 1
            } else {
                if run == 42 { return true }
                run = 0
            }
        }
        return run == 42
    }
}
