// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Files in the home folder and the system that a command writes or unpacks over, and secrets it sends away.
enum FileRules {
    static func check(_ command: ShellCommand, program: String, into found: inout TextFindings) {
        for redirection in command.redirections where redirection.operation.utf8.contains(UInt8(ascii: ">")) && redirection.operation != ">&" {
            if isHomeDotfile(redirection.target) { found.add(.dotfileOverwrite, redirection.target.span) }
            AgentConfigRules.written(redirection.target, into: &found)
        }
        let arguments = command.words.dropFirst()
        switch program {
        case "tee", "sponge":
            for word in arguments where !word.text.hasPrefix("-") {
                if isHomeDotfile(word) { found.add(.dotfileOverwrite, word.span) }
                AgentConfigRules.written(word, into: &found)
            }
        case "cp", "mv", "install", "ln", "rsync":
            guard let target = arguments.last(where: { !$0.text.hasPrefix("-") }), arguments.count > 1 else { break }
            if isHomeDotfile(target), program != "rsync" { found.add(.dotfileOverwrite, target.span, .warn) }
            AgentConfigRules.written(target, into: &found)
        case "sed", "perl":
            guard arguments.contains(where: { $0.text.hasPrefix("-i") || $0.text == "--in-place" || $0.text.hasPrefix("-pi") }) else { break }
            for word in arguments.dropFirst() { AgentConfigRules.written(word, into: &found) }
        case "tar", "bsdtar", "unzip", "7z", "7za", "7zz", "unrar", "cpio", "unar": archive(program, Array(arguments), into: &found)
        case "curl", "wget": download(program, Array(arguments), into: &found)
        default: break
        }
    }

    // MARK: - The home folder

    /// The path behind `~/` or `$HOME/`, lower parts only; nil for any other place.
    static func homePath(_ word: ShellWord) -> Substring? {
        let text = word.pattern
        if text.hasPrefix("~/") { return text.dropFirst(2) }
        for prefix in ["$HOME/", "${HOME}/", "$env:USERPROFILE\\", "%USERPROFILE%\\"] where text.hasPrefix(prefix) { return text.dropFirst(prefix.count) }
        if text.hasPrefix("/root/") { return text.dropFirst(6) }
        if text.hasPrefix("/home/") || text.hasPrefix("/Users/") {
            let rest = text.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true)
            return rest.count == 3 ? rest[2] : nil
        }
        return nil
    }

    /// Dotted folders that hold caches and data, not what programs obey.
    private static let harmless: Set<String> = [".cache", ".local/share", ".local/state", ".npm/_logs", ".Trash", ".tmp"]

    private static func isHomeDotfile(_ word: ShellWord) -> Bool {
        guard let path = homePath(word), path.hasPrefix("."), path.count > 1, !path.hasPrefix("..") else { return false }
        return !harmless.contains { path.hasPrefix($0 + "/") }
    }

    // MARK: - Archives

    private static func archive(_ program: String, _ arguments: [ShellWord], into found: inout TextFindings) {
        let texts = arguments.map(\.text)
        guard let first = texts.first else { return }
        var folder: ShellWord?
        var extracts = false
        switch program {
        case "tar", "bsdtar":
            let letters = first.hasPrefix("--") ? "" : first.hasPrefix("-") ? String(first.dropFirst()) : first
            extracts = letters.contains("x") || texts.contains { $0 == "-x" || $0 == "--extract" || $0 == "--get" || ($0.hasPrefix("-") && !$0.hasPrefix("--") && $0.contains("x")) }
            for (index, text) in texts.enumerated() {
                if text == "-C" || text == "--directory" || text == "--one-top-level" || (text.hasPrefix("-") && !text.hasPrefix("--") && text.hasSuffix("C")) {
                    folder = index + 1 < arguments.count ? arguments[index + 1] : nil
                } else if text.hasPrefix("--directory=") {
                    folder = ShellWord(text: String(text.dropFirst(12)), span: arguments[index].span, isLiteral: arguments[index].isLiteral)
                } else if text.hasPrefix("-C"), text.count > 2 {
                    folder = ShellWord(text: String(text.dropFirst(2)), span: arguments[index].span, isLiteral: arguments[index].isLiteral)
                }
            }
            if texts.contains("-P") || texts.contains("--absolute-names"), extracts { found.add(.archiveExtract, arguments[0].span) }
        case "unzip":
            extracts = !texts.contains { $0 == "-l" || $0 == "-t" || $0 == "-Z" || $0 == "-p" }
            for (index, text) in texts.enumerated() where text.hasPrefix("-d") {
                folder = text == "-d" ? (index + 1 < arguments.count ? arguments[index + 1] : nil)
                    : ShellWord(text: String(text.dropFirst(2)), span: arguments[index].span, isLiteral: arguments[index].isLiteral)
            }
        case "cpio":
            extracts = texts.contains { $0.hasPrefix("-") && $0.contains("i") }
            if let at = texts.firstIndex(of: "-D"), at + 1 < arguments.count { folder = arguments[at + 1] }
        default:
            extracts = first == "x" || first == "e" || program == "unar"
            for (index, text) in texts.enumerated() where text.hasPrefix("-o") {
                folder = text == "-o" ? (index + 1 < arguments.count ? arguments[index + 1] : nil)
                    : ShellWord(text: String(text.dropFirst(2)), span: arguments[index].span, isLiteral: arguments[index].isLiteral)
            }
            if program == "unrar", let last = arguments.last, last.text.hasSuffix("/") { folder = last }
        }
        guard extracts, let folder, isWide(folder) else { return }
        found.add(.archiveExtract, folder.span)
    }

    private static let systemFolders: Set<String> = [
        "/", "/etc", "/usr", "/usr/local", "/usr/bin", "/usr/lib", "/bin", "/sbin", "/lib", "/lib64", "/boot", "/root", "/var", "/opt", "/home",
        "/usr/local/bin", "/usr/sbin", "/system", "/library",
    ]

    /// The home folder itself, its hidden folders, or a folder of the system.
    private static func isWide(_ word: ShellWord) -> Bool {
        guard !word.pattern.isEmpty else { return false }
        let written = word.pattern
        // By bytes: counting characters each time round would make a long row of slashes dear.
        var end = written.utf8.endIndex
        while end > written.utf8.index(after: written.utf8.startIndex), written.utf8[written.utf8.index(before: end)] == UInt8(ascii: "/") {
            end = written.utf8.index(before: end)
        }
        let path = String(written[..<end])
        if path == "~" || path == "$HOME" || path == "${HOME}" { return true }
        if systemFolders.contains(path.lowercased()) || path.hasPrefix("/etc/") { return true }
        return homePath(word).map { $0.hasPrefix(".ssh") || $0.hasPrefix(".config") || $0.isEmpty } ?? false
    }

    /// `curl -o ~/.bashrc URL` writes like a redirection.
    private static func download(_ program: String, _ arguments: [ShellWord], into found: inout TextFindings) {
        for (index, word) in arguments.enumerated() {
            let isOutput = ["-o", "--output", "-O", "--output-document"].contains(word.text) && !(program == "curl" && word.text == "-O")
            guard isOutput, index + 1 < arguments.count else { continue }
            if isHomeDotfile(arguments[index + 1]) { found.add(.dotfileOverwrite, arguments[index + 1].span) }
            AgentConfigRules.written(arguments[index + 1], into: &found)
        }
    }
}
