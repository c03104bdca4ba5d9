// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

/// Which standing approvals may exist, for commands and for other tools.
///
/// A grant for a command holds for the very program (path, file behind it, digest), the words it was given for, and the folder by
/// device and inode, under the same sandbox, network and environment. Programs that run what they are told to, or fetch what they run, get none. What is not fully understood,
/// redirects, sets variables or carries a finding is never covered. A grant for another tool holds for exactly the paths of the call,
/// or exactly its arguments.
public struct CommandGrantRules: GrantRules {
    /// Simple commands in one granted line, at most.
    public static let mostCommands = 5

    private let inspector: any CommandInspector
    private let folders: [String]

    /// - Parameters:
    ///   - inspector: Reads the command text again, whatever the preview says of it.
    ///   - programFolders: Where a granted program has to lie; nobody but the administrator may write there.
    public init(
        inspector: any CommandInspector = ShellInspector(),
        programFolders: [String] = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/lib", "/usr/libexec", "/usr/share"]
    ) {
        self.inspector = inspector
        folders = programFolders
    }

    /// See `GrantRules.scope(for:pattern:)`.
    public func scope(for candidate: GrantCandidate, pattern: [String]?) throws -> GrantScope {
        if !candidate.effects.isDisjoint(with: [.sendsMessages, .spendsMoney, .changesPolicy]) {
            throw CommandError("\(candidate.tool) \(candidate.effects.phrase); each of these is approved by itself.")
        }
        guard let command = candidate.preview.command else {
            guard pattern == nil else { throw CommandError("Only commands have words to name after `as`.") }
            return candidate.preview.paths.isEmpty
                ? GrantScope(tool: candidate.tool, arguments: candidate.arguments)
                : GrantScope(tool: candidate.tool, paths: candidate.preview.paths)
        }
        let commands = try understood(command)
        guard commands.count <= Self.mostCommands else { throw CommandError("It runs \(commands.count) commands; a grant holds for at most \(Self.mostCommands).") }
        guard let folder = candidate.preview.bindings["folder"] else { throw CommandError("The folder it runs in is not known for certain, so no grant can hold for it.") }
        let confines = Self.confines(of: candidate)
        if let pattern {
            guard let only = commands.first, commands.count == 1 else {
                throw CommandError("It runs \(commands.count) commands; `as` can name the words of one. Without `as` the grant holds for exactly this line.")
            }
            return GrantScope(tool: candidate.tool, commands: [try self.pattern(pattern, of: only, candidate)], folder: folder, confines: confines)
        }
        let patterns = try commands.map { words in
            GrantScope.CommandPattern(program: try program(of: words, candidate), words: Array(words.dropFirst()), allowsMore: false)
        }
        return GrantScope(tool: candidate.tool, commands: patterns, folder: folder, confines: confines)
    }

    /// See `GrantRules.covers(_:_:)`.
    public func covers(_ scope: GrantScope, _ candidate: GrantCandidate) -> Bool {
        guard Self.same(scope.tool, candidate.tool), candidate.effects.isDisjoint(with: [.sendsMessages, .spendsMoney, .changesPolicy]) else { return false }
        guard let command = candidate.preview.command else {
            guard scope.commands.isEmpty else { return false }
            if !scope.paths.isEmpty {
                return !candidate.preview.paths.isEmpty && candidate.preview.paths.allSatisfy { path in scope.paths.contains { Self.same($0, path) } }
            }
            guard candidate.preview.paths.isEmpty, let arguments = scope.arguments else { return false }
            return Self.same(arguments.encodedString(), candidate.arguments.encodedString())
        }
        guard !scope.commands.isEmpty, let granted = scope.folder, let folder = candidate.preview.bindings["folder"], Self.same(granted, folder),
            // A wider sandbox, or another network, is asked about again.
            scope.confines == nil || scope.confines == Self.confines(of: candidate),
            // why: what cannot be granted is not covered either
            let commands = try? understood(command), commands.count <= Self.mostCommands
        else { return false }
        return commands.allSatisfy { words in
            guard let program = try? self.program(of: words, candidate) else { return false }  // why: as above
            return scope.commands.contains { Self.matches($0, program, words) }
        }
    }

    /// See `GrantRules.proposal(for:after:)`.
    public func proposal(for candidate: GrantCandidate, after earlier: [GrantCandidate]) -> String? {
        guard let command = candidate.preview.command, let commands = try? understood(command), let words = commands.first,  // why: no proposal then
            commands.count == 1, words.allSatisfy(Self.isPlain)
        else { return Self.grantable(self, candidate) ? "!approve CODE for 1h x20" : nil }
        let others = earlier.compactMap { $0.preview.command?.simpleCommands.first }
        // The words all of them share: never wider than what was approved already.
        let shared = others.reduce(words) { shared, other in Array(zip(shared, other).prefix { Self.same($0, $1) }.map(\.0)) }
        if others.allSatisfy({ $0 == words }) {
            if Self.grantable(self, candidate) { return "!approve CODE for 1h x20 holds for exactly this command." }
            return ruleProposal(words)
        }
        guard shared.count > 1 else { return nil }
        let pattern = shared + ["*"]
        // why: when no grant of that kind can exist, a rule may still fit
        if (try? scope(for: candidate, pattern: pattern)) != nil {
            return "!approve CODE for 1h x20 as \(shared.joined(separator: " ")) * holds for further words too."
        }
        return ruleProposal(shared)
    }

    // MARK: -

    private static func confines(of candidate: GrantCandidate) -> [String: String] {
        candidate.preview.bindings.filter { ["network", "sandbox", "environment"].contains($0.key) }
    }

    private func ruleProposal(_ words: [String]) -> String? {
        guard words.count > 1, ProgramKnowledge.reasonAgainstAllowing(words) == nil else { return nil }
        return "!allow \(words.joined(separator: " ")) would let such commands run without a question."
    }

    private static func grantable(_ rules: CommandGrantRules, _ candidate: GrantCandidate) -> Bool {
        do { return try !rules.scope(for: candidate, pattern: nil).tool.isEmpty } catch { return false }
    }

    /// The simple commands of a line that is understood to its end.
    private func understood(_ command: CommandPreview) throws -> [[String]] {
        guard let text = command.text else {
            guard !command.isIncomplete, !command.simpleCommands.isEmpty else { throw Self.notUnderstood }
            return command.simpleCommands
        }
        let inspection = inspector.inspect(text)
        guard !command.isIncomplete, !inspection.isIncomplete, !inspection.simpleCommands.isEmpty,
            inspection.simpleCommands == command.simpleCommands
        else { throw Self.notUnderstood }
        if let finding = inspection.findings.first(where: { $0.verdict != .allow }) {
            throw CommandError("\(finding.message) Such commands are approved one by one.")
        }
        guard !inspection.hasRedirections else { throw CommandError("It redirects to or from a file; such commands are approved one by one.") }
        guard !inspection.hasAssignments else { throw CommandError("It sets variables; such commands are approved one by one.") }
        return inspection.simpleCommands
    }

    private static let notUnderstood = CommandError("Parts of it are decided only when it runs, so a grant could cover anything. Approve it once.")

    /// The program of a simple command.
    ///
    /// - Throws: ``CommandError`` when there can be no grant for it.
    private func program(of words: [String], _ candidate: GrantCandidate) throws -> ProgramIdentity {
        guard let name = words.first else { throw Self.notUnderstood }
        if let reason = UngrantablePrograms.reason(words) ?? ProgramKnowledge.reasonAgainstAllowing(words) { throw CommandError(reason) }
        guard let program = candidate.preview.programs.first(where: { Self.same($0.name, name) }), program.path.hasPrefix("/"), !program.digest.isEmpty else {
            throw CommandError("“\(ApprovalText.folded(name, head: 60, tail: 0))” is no program on the path, so no grant can hold for it.")
        }
        // The name may be harmless and the file behind it a shell.
        for path in [program.path, program.target] {
            if let reason = UngrantablePrograms.reason([path] + words.dropFirst()) { throw CommandError(reason) }
        }
        for path in [program.path, program.target] {
            guard folders.contains(where: { path.hasPrefix($0 + "/") }) else {
                throw CommandError("\(ApprovalText.folded(path, head: 120, tail: 0)) is no program of the system; what can change it can change what a grant means. Approve it once.")
            }
        }
        return program
    }

    /// A pattern a person typed for a command that was asked about.
    private func pattern(_ typed: [String], of words: [String], _ candidate: GrantCandidate) throws -> GrantScope.CommandPattern {
        let allowsMore = typed.last == "*"
        let named = allowsMore ? Array(typed.dropLast()) : typed
        guard !named.isEmpty, named.count <= words.count, zip(named, words).allSatisfy({ Self.same($0, $1) }) else {
            throw CommandError("The words after `as` have to be the beginning of the command that was asked about.")
        }
        guard allowsMore || named.count == words.count else {
            throw CommandError("That pattern does not fit the command itself: end it with * to let further words follow, or name all words.")
        }
        let program = try self.program(of: named, candidate)
        let pattern = GrantScope.CommandPattern(program: program, words: Array(named.dropFirst()), allowsMore: allowsMore)
        guard Self.matches(pattern, program, words) else {
            throw CommandError("For words after the named ones a grant allows no options and no paths out of the folder; name them, or approve this one once.")
        }
        return pattern
    }

    private static func matches(_ pattern: GrantScope.CommandPattern, _ program: ProgramIdentity, _ words: [String]) -> Bool {
        guard same(pattern.program.path, program.path), same(pattern.program.target, program.target), same(pattern.program.digest, program.digest)
        else { return false }
        let arguments = words.dropFirst()
        guard arguments.count >= pattern.words.count, zip(pattern.words, arguments).allSatisfy({ same($0, $1) }) else { return false }
        let further = arguments.dropFirst(pattern.words.count)
        return further.isEmpty || (pattern.allowsMore && further.allSatisfy(staysInside))
    }

    /// A word that can be no option and no path out of the folder, also not behind a `=` or a `:`.
    private static func staysInside(_ word: String) -> Bool {
        guard !word.hasPrefix("-"), !word.isEmpty else { return false }
        for part in word.utf8.split(whereSeparator: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "@") }) {
            if part.first == UInt8(ascii: "/") || part.first == UInt8(ascii: "~") { return false }
            if part.split(separator: UInt8(ascii: "/")).contains(where: { $0.elementsEqual("..".utf8) }) { return false }
        }
        return true
    }

    /// A word that can be typed in a chat as it is.
    private static func isPlain(_ word: String) -> Bool {
        !word.isEmpty && word != "*" && word.utf8.count <= 60
            && word.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || "-_./=+,@%".utf8.contains($0) }
    }

    /// The same bytes. Swift compares characters, and two of those can be written differently.
    private static func same(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }
}
