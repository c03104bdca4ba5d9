// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// What a command calls its program, made comparable.
enum ProgramName {
    /// The part after the last slash (or backslash, for programs of Windows), in small letters, without `.exe`.
    ///
    /// File systems of macOS and Windows do not tell capital letters apart.
    static func of(_ word: String) -> String {
        var start = word.utf8.startIndex
        var index = start
        var hasCapitals = false
        var hasDot = false
        let utf8 = word.utf8
        while index != utf8.endIndex {
            let byte = utf8[index]
            if byte == 0x2F || byte == 0x5C {
                start = utf8.index(after: index)
                hasCapitals = false
                hasDot = false
            } else if byte >= 0x41, byte <= 0x5A {
                hasCapitals = true
            } else if byte == 0x2E {
                hasDot = true
            }
            index = utf8.index(after: index)
        }
        var name = start == utf8.startIndex ? word : String(word[start...])
        if name.isEmpty { return word }
        // zsh finds `=name` on the path.
        if name.utf8.first == 0x3D, name.utf8.count > 1 { name.removeFirst() }
        if hasCapitals { name = name.lowercased() }
        if hasDot, name.hasSuffix(".exe") || name.hasSuffix(".cmd") || name.hasSuffix(".com") || name.hasSuffix(".bat") {
            let stem = String(name.dropLast(4))
            if !stem.isEmpty { name = stem }
        }
        return name
    }

    /// Whether which program runs is known only then.
    static func isDynamic(_ word: ShellWord) -> Bool {
        guard !word.dynamics.intersection([.unknown, .glob, .brace, .process]).isEmpty else { return false }
        let pattern = word.pattern.utf8
        var last = pattern.startIndex
        var hasSlash = false
        for index in pattern.indices where pattern[index] == 0x2F {
            last = pattern.index(after: index)
            hasSlash = true
        }
        let name = pattern[last...]
        if name.isEmpty { return true }
        if word.dynamics.contains(.brace), word.text.utf8.contains(0x7B) { return true }
        if word.dynamics.contains(.glob), name.contains(where: { $0 == 0x2A || $0 == 0x3F || $0 == 0x5B }) { return true }
        guard word.dynamics.contains(.unknown) || word.dynamics.contains(.process) else { return false }
        return !hasSlash || name.contains(0x24) || name.contains(0x3C)
    }
}
