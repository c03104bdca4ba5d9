// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Values assigned to names that say what they are: a vendor's key by name and form, and anything that looks drawn beside a word
/// such as `token`.
struct SecretAssignments: Sendable {
    let catalog: SecretCatalog

    static let secret = SecretKind(type: "generic-secret", title: "secret")
    static let password = SecretKind(type: "password", title: "password")

    /// Bytes of a name that are looked at, at most.
    static let longestName = 96

    /// Bytes of a value that is known by its name alone, at most.
    static let longestValue = 512

    /// The name around a keyword that ends at `end`.
    static func name(_ bytes: UnsafeBufferPointer<UInt8>, around end: Int, in bounds: Range<Int>) -> Range<Int> {
        var start = end
        while start > bounds.lowerBound, end - start < longestName, ByteSet.names.contains(bytes[start - 1]) { start -= 1 }
        var stop = end
        while stop < bounds.upperBound, stop - end < longestName, ByteSet.names.contains(bytes[stop]) { stop += 1 }
        // An escape's letter does not belong to the name: \nTOKEN=…
        if start > bounds.lowerBound, bytes[start - 1] == UInt8(ascii: "\\"), stop - start > 1, ByteSet("ntr").contains(bytes[start]) { start += 1 }
        return start..<stop
    }

    /// What is assigned to the name, when it is a secret.
    func find(_ bytes: UnsafeBufferPointer<UInt8>, name: Range<Int>, in bounds: Range<Int>) -> SecretCandidate? {
        guard let value = AssignedValue.read(bytes, after: name, in: bounds), value.range.count >= 6 else { return nil }
        guard !Placeholders.isTemplate(bytes, value.range) else { return nil }
        // A call is no value.
        if !value.isQuoted, value.next == UInt8(ascii: "(") || value.next == UInt8(ascii: "[") { return nil }
        // Letters alone, and few: words, whatever the name. Most assignments end here.
        if value.range.count < 16, bytes[value.range].allSatisfy(ByteSet.letters.contains), Randomness.surprise(bytes[value.range]) < 5.5, !SecretNames.isPlainPassword(bytes[name]) { return nil }
        let promise = SecretNames.promise(bytes[name])
        if let found = vendor(bytes, name, value, promise) { return found }
        guard promise.strength > .none else { return nil }
        if promise.strength == .password, value.isQuoted, SecretNames.isPlainPassword(bytes[name]), !Placeholders.isEmptyForm(bytes, value.range) {
            return SecretCandidate(kind: Self.password, range: value.range, certainty: .generic)
        }
        guard value.range.count <= Self.longestValue, isGeneric(bytes, value, promise.strength), !Placeholders.isPlaceholder(bytes, value.range) else { return nil }
        return SecretCandidate(kind: promise.strength == .password ? Self.password : Self.secret, range: value.range, certainty: .generic)
    }

    // MARK: By vendor

    private func vendor(
        _ bytes: UnsafeBufferPointer<UInt8>, _ name: Range<Int>, _ value: AssignedValue, _ promise: SecretNames.Promise
    ) -> SecretCandidate? {
        guard value.bond == .assigned || value.bond == .beside && promise.strength > .none || value.bond == .flag else { return nil }
        guard !promise.isDescribing || promise.isIdentifier else { return nil }
        var best: SecretCandidate?
        var state = KeywordAutomaton.start
        catalog.automaton.scan(bytes, name, from: &state) { keyword, end in
            guard best == nil else { return }
            for case .vendor(let index, let isEveryday) in catalog.meanings[keyword] {
                let vendor = catalog.vendors[index]
                guard best == nil, !isEveryday || promise.strength > .none, Self.beginsWord(bytes, end, name, vendor: keyword, catalog) else { continue }
                if promise.isIdentifier, !vendor.kind.type.hasSuffix("-id") { continue }
                guard vendor.forms.contains(where: { $0.matchesWhole(bytes, value.range) }), isVendorValue(bytes, value, promise) else { continue }
                best = SecretCandidate(kind: vendor.kind, range: value.range, certainty: .named, markLength: 0)
            }
        }
        return best
    }

    /// Whether the keyword is a word in the name or the beginning of one: `JfrogToken`, not `unsnyked`.
    private static func beginsWord(
        _ bytes: UnsafeBufferPointer<UInt8>, _ end: Int, _ name: Range<Int>, vendor keyword: Int, _ catalog: SecretCatalog
    ) -> Bool {
        let start = end - catalog.lengths[keyword]
        // "sumOf" is no sumo: a capital at the end begins the next word.
        if end < name.upperBound, ByteSet.upperLetters.contains(bytes[end - 1]), ByteSet.lowerLetters.contains(bytes[end - 2]), ByteSet.lowerLetters.contains(bytes[end]) {
            return false
        }
        guard start > name.lowerBound else { return true }
        let before = bytes[start - 1]
        guard ByteSet.letters.contains(before) else { return true }
        return ByteSet.lowerLetters.contains(before) && ByteSet.upperLetters.contains(bytes[start])
    }

    private func isVendorValue(_ bytes: UnsafeBufferPointer<UInt8>, _ value: AssignedValue, _ promise: SecretNames.Promise) -> Bool {
        guard !Placeholders.isEmptyForm(bytes, value.range) else { return false }
        let content = bytes[value.range]
        let profile = ByteProfile(content)
        if profile.letters == 0 { return profile.digits >= 14 && profile.distinct >= 4 && promise.strength >= .none }
        guard profile.distinct >= min(8, value.range.count / 2) else { return false }
        if profile.digits == 0 {
            // Letters alone may be words.
            return Randomness.surprise(content) >= (promise.strength > .none ? 5 : 5.5)
        }
        let isStructured = profile.isHex || profile.others > 0
        return isStructured || Randomness.surprise(content) >= (promise.strength > .none ? 4.2 : 5)
    }

    // MARK: By name alone

    private func isGeneric(_ bytes: UnsafeBufferPointer<UInt8>, _ value: AssignedValue, _ strength: SecretNames.Strength) -> Bool {
        let content = bytes[value.range]
        let profile = ByteProfile(content)
        guard !isOrdinary(bytes, value), value.isQuoted || !SecretNames.isName(content) else { return false }
        switch strength {
        case .none: return false
        case .password:
            if value.bond == .following { return false }
            guard value.range.count <= 128, profile.letters > 0, !content.contains(UInt8(ascii: " ")) else { return false }
            if value.bond == .beside, !value.isQuoted || Randomness.surprise(content) < 4.6 { return false }
            let marks = content.reduce(0) { $0 + (ByteSet.alphanumerics.union(ByteSet("-_./:")).contains($1) ? 0 : 1) }
            guard profile.digits > 0 || marks > 0, !content.contains(UInt8(ascii: "(")) else { return false }
            if profile.digits == 0, value.bond != .assigned || !value.isQuoted && content.contains(UInt8(ascii: ".")) { return false }
            return ByteSearch.entropy(content) > 2.2
        case .strong, .weak:
            guard content.allSatisfy(Self.tokenBytes.contains) else { return false }
            let isWeak = strength == .weak || value.bond == .following || value.bond == .beside
            guard value.range.count >= (strength == .weak || value.bond == .following ? 16 : 10), profile.digits > 0 || value.range.count >= 16 else { return false }
            if Self.isUUID(bytes, value.range) { return strength == .strong && value.bond != .following }
            if Self.hasFileExtension(content) { return false }
            if profile.isHex, isWeak, value.range.count < 32 { return false }
            if profile.digits == 0, isWeak { return false }
            // A mark of words may stand before a drawn part: test_…, live-…
            let part = Randomness.longestPart(content)
            return Randomness.isRandom(content, floor: isWeak ? 5.5 : 4.9) || part.count >= 20 && Randomness.isRandom(part, floor: isWeak ? 5.5 : 4.9)
        }
    }

    private static let tokenBytes = ByteSet.alphanumerics.union(ByteSet("_-.+/=~:%!*^$#@?&"))

    /// Values of other kinds: digests, links, paths, chains of members.
    private func isOrdinary(_ bytes: UnsafeBufferPointer<UInt8>, _ value: AssignedValue) -> Bool {
        let content = bytes[value.range]
        for prefix in Self.digestPrefixes where content.starts(with: prefix) { return true }
        if let slash = content.firstIndex(of: UInt8(ascii: "/")) {
            let first = content[content.startIndex]
            // A path or a link. Base64 has slashes too, but is dense.
            if first == UInt8(ascii: "/") || first == UInt8(ascii: ".") || first == UInt8(ascii: "~") { return Randomness.surprise(content) < 6.2 }
            if slash + 1 < content.endIndex, bytes[slash + 1] == UInt8(ascii: "/"), slash > content.startIndex, bytes[slash - 1] == UInt8(ascii: ":") { return true }
        }
        if !value.isQuoted, content.contains(UInt8(ascii: ".")) {
            // client.token1, self.config.key
            let parts = content.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            if parts.allSatisfy({ part in
                part.first.map { ByteSet.letters.contains($0) || $0 == UInt8(ascii: "_") } == true && part.allSatisfy(ByteSet.words.contains)
                    && Randomness.surprise(part) < 5.6
            }) { return true }
        }
        return false
    }

    private static let digestPrefixes = ["sha1-", "sha256-", "sha384-", "sha512-", "sha1:", "sha256:", "sha384:", "sha512:", "md5:", "md5-", "blake2", "h1:", "urn:"]
        .map { Array($0.utf8) }

    private static let fileExtensions = [
        ".crt", ".pem", ".key", ".json", ".txt", ".yml", ".yaml", ".xml", ".html", ".js", ".ts", ".py", ".go", ".rb", ".php", ".java", ".swift", ".png", ".jpg", ".svg",
        ".css", ".md", ".sh", ".zip", ".gz", ".p12", ".pfx", ".jks", ".cer", ".der", ".com", ".org", ".net",
    ].map { Array($0.utf8) }

    private static func hasFileExtension(_ content: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        fileExtensions.contains { content.suffix($0.count).elementsEqual($0) }
    }

    static func isUUID(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        guard range.count == 36 else { return false }
        return range.allSatisfy { index in
            [8, 13, 18, 23].contains(index - range.lowerBound) ? bytes[index] == UInt8(ascii: "-") : ByteSet.hex.contains(bytes[index])
        }
    }
}
