// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// What a command reaches over the network, and how safely.
enum TransportRules {
    static func check(_ command: ShellCommand, program: String, dialect: ShellDialect, into found: inout TextFindings) {
        guard let fetcher = Fetcher.all[program], !Fetcher.isInspector(command.words) else {
            return mentions(command, program, into: &found)
        }
        if program == "git" || program == "hg" || program == "svn" { gitTransport(command, into: &found) }
        let arguments = command.words.dropFirst()
        if !fetcher.verbs.isEmpty, !arguments.contains(where: { fetcher.verbs.contains($0.text) }) {
            return mentions(command, program, into: &found)
        }
        var targets = Targets()
        var option: ShellWord?
        var isAddressValue = false
        for word in arguments {
            if let name = option {
                option = nil
                if fetcher.insecure.contains("\(name.text)=\(word.text)") { targets.insecure.append(name.span) }
                // The value of an option may hold an address, but nothing is fetched from it.
                for reference in HostExtractor.references(in: word) { HostRules.check(reference, use: .mentioned, into: &found) }
                continue
            }
            let text = word.text
            if !isAddressValue, text.utf8.first == UInt8(ascii: "-"), text.utf8.count > 1 {
                switch Self.option(word, fetcher, &targets, into: &found) {
                case .none: break
                case .value: option = word
                case .address: isAddressValue = true
                }
                continue
            }
            isAddressValue = false
            address(word, fetcher, program, &targets, into: &found)
        }
        // One's own machine often has a certificate nobody signed.
        let isLocal = targets.count > 0 && targets.count == targets.local
        for span in targets.insecure { found.add(.insecureTlsFlags, span, isLocal ? .warn : .block) }
    }

    /// What a command has been seen to reach so far.
    private struct Targets {
        var count = 0
        var local = 0
        var insecure: [Range<Int>] = []
    }

    private enum Next { case none, value, address }

    // MARK: - Options

    private static func option(_ word: ShellWord, _ fetcher: Fetcher, _ targets: inout Targets, into found: inout TextFindings) -> Next {
        let text = word.text
        if isInsecure(text, fetcher) { targets.insecure.append(word.span) }
        if fetcher.addressed.contains(text) { return .address }
        if fetcher.valued.contains(text) { return .value }
        if let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) {
            let isAddressed = fetcher.addressed.contains(String(text[..<equals])) || fetcher.arguments == .addressesWithScheme
            for reference in HostExtractor.references(in: word) { judge(reference, isFetched: isAddressed, &targets, into: &found) }
            return .none
        }
        for reference in HostExtractor.references(in: word) { HostRules.check(reference, use: .mentioned, into: &found) }
        // A bundle such as `-fsSLo`: its last letter may want a value.
        if !text.hasPrefix("--"), let last = text.last, text.count > 2, fetcher.valuedLetters.contains(last),
            !text.dropFirst().dropLast().contains(where: { fetcher.valuedLetters.contains($0) })
        {
            return .value
        }
        return .none
    }

    private static func isInsecure(_ text: String, _ fetcher: Fetcher) -> Bool {
        if fetcher.insecure.contains(text) { return true }
        guard !fetcher.insecureLetters.isEmpty, !text.hasPrefix("--") else { return false }
        for letter in text.dropFirst() {
            if fetcher.insecureLetters.contains(letter) { return true }
            if fetcher.valuedLetters.contains(letter) || !letter.isASCII { return false }
        }
        return false
    }

    // MARK: - Addresses

    private static func address(
        _ word: ShellWord, _ fetcher: Fetcher, _ program: String, _ targets: inout Targets, into found: inout TextFindings
    ) {
        let references = HostExtractor.references(in: word)
        if !references.isEmpty {
            for reference in references { judge(reference, isFetched: true, &targets, into: &found) }
            return
        }
        switch fetcher.arguments {
        case .addressesWithScheme: return
        case .addresses: schemeless(word, mustHavePath: false, &targets, into: &found)
        case .addressAndItems:
            let isMethod = !word.text.isEmpty && word.text.utf8.allSatisfy { $0 &- 0x41 < 26 }
            let isItem = word.text.utf8.contains(UInt8(ascii: "=")) || word.text.hasPrefix(":")
            guard targets.count == 0, !isMethod, !isItem else { return }
            schemeless(word, mustHavePath: false, &targets, into: &found)
        case .repositories:
            if let remote = HostExtractor.remotePath(word), remote.userinfo != nil || remote.asciiHost?.contains(".") ?? true {
                HostRules.check(remote, use: .mentioned, into: &found)
                targets.count += 1
            } else {
                schemeless(word, mustHavePath: true, &targets, into: &found)
            }
        }
    }

    private static func schemeless(_ word: ShellWord, mustHavePath: Bool, _ targets: inout Targets, into found: inout TextFindings) {
        guard let reference = HostExtractor.schemeless(word) else { return }
        let hasPath = reference.path.first == 0x2F
        guard let host = reference.asciiHost else {
            // A name outside ASCII with a dot or a lookalike of one.
            let isName = reference.host.contains { $0 == 0x2E || $0 == 0x3002 || $0 == 0xFF0E || $0 == 0xFF61 }
            guard isName, !mustHavePath || hasPath else { return }
            judge(reference, isFetched: true, &targets, into: &found)
            found.add(.schemelessToSink, reference.span)
            return
        }
        if let address = reference.address {
            guard host.contains(".") || host.hasPrefix("[") else { return }
            judge(reference, isFetched: true, &targets, into: &found)
            if address.ip.scope != .loopback, address.ip.scope != .unspecified { found.add(.schemelessToSink, reference.span) }
            return
        }
        let isMetadata = KnownHosts.metadataNames.contains(host)
        guard isMetadata || KnownHosts.isLoopback(host) || (isDomain(host) && (!mustHavePath || hasPath)) else { return }
        judge(reference, isFetched: true, &targets, into: &found)
        if !KnownHosts.isLoopback(host) { found.add(.schemelessToSink, reference.span) }
    }

    /// Labels of letters, digits and hyphens, the last one of letters.
    private static func isDomain(_ host: String) -> Bool {
        var trimmed = host[...]
        if trimmed.hasSuffix(".") { trimmed = trimmed.dropLast() }
        let labels = trimmed.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, let last = labels.last else { return false }
        let isLabel = { (label: Substring) in
            !label.isEmpty && label.utf8.allSatisfy { ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
        }
        return labels.allSatisfy(isLabel) && last.utf8.count >= 2 && (last.hasPrefix("xn--") || last.utf8.allSatisfy { ($0 | 0x20) &- 0x61 < 26 })
    }

    /// An address in an argument of a program that loads it.
    private static func judge(_ reference: HostReference, isFetched: Bool, _ targets: inout Targets, into found: inout TextFindings) {
        HostRules.check(reference, use: isFetched ? .fetched : .mentioned, into: &found)
        guard isFetched, !reference.host.isEmpty else { return }
        let host = reference.asciiHost
        let scope = reference.address?.ip.scope
        let isLocal = (host.map(KnownHosts.isLoopback) ?? false) || scope == .loopback || scope == .unspecified
        targets.count += 1
        if isLocal { targets.local += 1 }
        if reference.scheme == "http" || reference.scheme == "git+http" || reference.scheme == "ftp", !isLocal {
            // A name that only one's own network knows: the way is short, and there is often no certificate.
            let isNear = host.map(KnownHosts.isLocalName) ?? false
            found.add(.plainHttpToSink, reference.span, isNear ? .warn : .block)
        }
        if let host, KnownHosts.isIn(host, KnownHosts.blockchainProviders) { found.add(.web3RpcEndpoint, reference.span) }
        if HostRules.holdsAccount(reference.path) { found.add(.web3AddressInUrl, reference.span) }
    }

    /// `git -c http.sslVerify=false`, and a repository over git's own plain protocol.
    private static func gitTransport(_ command: ShellCommand, into found: inout TextFindings) {
        for word in command.words.dropFirst() {
            let text = word.text.lowercased()
            if text.hasPrefix("http.") || text.contains("http.sslverify"),
                text.hasSuffix("sslverify=false") || text.hasSuffix("sslverify=0") || text.hasSuffix("sslverify=no")
            {
                found.add(.insecureTlsFlags, word.span)
            }
        }
        let words = command.words.map { $0.text.lowercased() }
        if let at = words.firstIndex(where: { $0.hasSuffix("sslverify") }), at + 1 < words.count, ["false", "0", "no", "off"].contains(words[at + 1]) {
            found.add(.insecureTlsFlags, command.words[at].span)
        }
    }

    /// Addresses in the words of any other program.
    private static func mentions(_ command: ShellCommand, _ program: String, into found: inout TextFindings) {
        if Fetcher.isInspector(command.words) { return }
        for word in command.words {
            for reference in HostExtractor.references(in: word) { HostRules.check(reference, use: .mentioned, into: &found) }
        }
        guard ["ssh", "scp", "sftp", "rsync", "mosh"].contains(program) else { return }
        for word in command.words.dropFirst() {
            // `-L 8080:host:80` of ssh has colons too, so there only `user@host` is an address.
            let isCopy = program == "scp" || program == "rsync"
            guard let remote = isCopy ? HostExtractor.remotePath(word) : login(word, program) else { continue }
            HostRules.check(remote, use: .mentioned, into: &found)
        }
    }

    /// `user@host` of ssh.
    private static func login(_ word: ShellWord, _ program: String) -> HostReference? {
        guard program == "ssh" || program == "mosh" || program == "sftp", word.text.utf8.contains(UInt8(ascii: "@")) || word.text.utf8.contains(where: { $0 >= 0x80 }),
            var reference = HostExtractor.schemeless(word), !word.text.utf8.contains(0x20)
        else { return nil }
        reference.scheme = "ssh"
        return reference
    }
}
