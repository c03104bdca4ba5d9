// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// How deny and ask rules match a simple command: generously, so that writing it differently does not help.
enum StrictMatch {
    /// Whether a rule's words hold for a command.
    ///
    /// The program may be given by a path. Letters of options may be put together or apart, long options abbreviated or given by
    /// their letter, and options may stand anywhere, also before the sub-command.
    static func matches(_ pattern: [String], _ command: [String], isExact: Bool = false) -> Bool {
        guard let program = command.first, let wanted = pattern.first, isSame(program, wanted) else { return false }
        if pattern.count == 1 { return !isExact || command.count == 1 }
        if isExact { return pattern.dropFirst().elementsEqual(command.dropFirst()) }
        let arguments = Array(command.dropFirst())
        let name = ShellWords.baseName(wanted)
        var positional: [String] = []
        for word in pattern.dropFirst() {
            if isLetterCluster(word) {
                // -rf, -fr and -r -f are the same wish.
                let given = letters(in: arguments, of: name)
                guard given.isSuperset(of: word.dropFirst()) || arguments.contains(word) else { return false }
            } else if word.hasPrefix("-") {
                let long = word.prefix(while: { $0 != "=" })
                let letter = OptionSpellings.letter(of: String(long), for: name)
                let isGiven = arguments.contains { given in
                    if given == word || given.hasPrefix(word + "=") || isAbbreviation(given, of: word) { return true }
                    guard let letter, isLetterCluster(given) else { return false }
                    return given.dropFirst().contains(letter)
                }
                guard isGiven else { return false }
            } else {
                positional.append(word)
            }
        }
        return contains(positional[...], in: arguments[...])
    }

    private static func isSame(_ program: String, _ wanted: String) -> Bool {
        if program == wanted { return true }
        // A glob that could become the program is taken for it.
        if program.utf8.contains(where: { $0 == 0x2A || $0 == 0x3F || $0 == 0x5B }), fnmatch(ShellWords.baseName(program), ShellWords.baseName(wanted), 0) == 0 { return true }
        if !wanted.contains("/") { return program.contains("/") && ShellWords.baseName(program) == wanted }
        return !program.contains("/") && ShellWords.baseName(wanted) == program
    }

    /// Programs for which -r and -R mean the same.
    private static let sameRecursive: Set<String> = ["rm", "cp", "grep", "ls", "diff"]

    /// All option letters, those of long options included.
    private static func letters(in arguments: [String], of program: String) -> Set<Character> {
        arguments.reduce(into: []) { result, word in
            if isLetterCluster(word) {
                result.formUnion(word.dropFirst())
                if word.contains("R"), sameRecursive.contains(program) { result.insert("r") }
                if word.contains("r"), sameRecursive.contains(program) { result.insert("R") }
            } else if word.hasPrefix("--"), word.utf8.count > 3 {
                result.formUnion(OptionSpellings.letters(ofAbbreviation: String(word.prefix(while: { $0 != "=" })), for: program))
            }
        }
    }

    /// `--forc` of `--force`; at least three letters.
    private static func isAbbreviation(_ given: String, of word: String) -> Bool {
        guard word.hasPrefix("--"), given.hasPrefix("--") else { return false }
        let name = given.prefix(while: { $0 != "=" })
        return name.utf8.count >= 5 && word.hasPrefix(name)
    }

    /// The words in order, with options and the values of options between them passed over.
    private static func contains(_ pattern: ArraySlice<String>, in arguments: ArraySlice<String>) -> Bool {
        guard let wanted = pattern.first else { return true }
        var rest = arguments
        while let word = rest.first {
            rest = rest.dropFirst()
            if word == wanted { return contains(pattern.dropFirst(), in: rest) }
            guard word.hasPrefix("-"), word != "-" else { return false }
            if let value = rest.first, value != wanted, !value.hasPrefix("-"), rest.count > 1 { rest = rest.dropFirst() }
        }
        return false
    }

    private static func isLetterCluster(_ word: String) -> Bool {
        word.hasPrefix("-") && !word.hasPrefix("--") && word.utf8.count > 1
            && word.utf8.dropFirst().allSatisfy { (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
    }
}

/// Letters and long names of the same option. Sources: POSIX and the GNU manuals of the programs.
enum OptionSpellings {
    private static let common: [(Character, String)] = [
        ("r", "--recursive"), ("R", "--recursive"), ("f", "--force"), ("v", "--verbose"), ("i", "--interactive"), ("a", "--all"), ("n", "--dry-run"),
        ("d", "--delete"), ("o", "--output"), ("e", "--exec"), ("c", "--command"), ("u", "--user"), ("p", "--parents"), ("q", "--quiet"),
    ]

    private static let byProgram: [String: [(Character, String)]] = [
        "rm": [("d", "--dir"), ("I", "--interactive")], "cp": [("a", "--archive"), ("t", "--target-directory")],
        "chmod": [("c", "--changes")], "chown": [("h", "--no-dereference")], "mv": [("t", "--target-directory")],
        "sed": [("i", "--in-place"), ("e", "--expression")], "tar": [("x", "--extract"), ("c", "--create"), ("P", "--absolute-names")],
        "curl": [("T", "--upload-file"), ("d", "--data"), ("F", "--form"), ("k", "--insecure"), ("K", "--config")],
        "wget": [("O", "--output-document"), ("e", "--execute")], "git": [("D", "--delete"), ("C", "--copy"), ("M", "--move")],
        "docker": [("v", "--volume")], "kill": [("s", "--signal")], "sort": [("o", "--output")], "shred": [("u", "--remove")],
    ]

    /// The letter of a long option.
    static func letter(of long: String, for program: String) -> Character? {
        (byProgram[program] ?? []).first { $0.1 == long }?.0 ?? common.first { $0.1 == long }?.0
    }

    /// The letters an abbreviated long option may mean.
    static func letters(ofAbbreviation long: String, for program: String) -> [Character] {
        ((byProgram[program] ?? []) + common).filter { $0.1.hasPrefix(long) }.map(\.0)
    }
}
