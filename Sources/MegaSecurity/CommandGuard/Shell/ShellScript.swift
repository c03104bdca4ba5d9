// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// A word of a command, quotes and escapes resolved.
struct ShellWord: Sendable, Hashable {
    /// What the word is as far as it is known before it runs; parts known only then are left out.
    var text: String
    /// Where it stands, in bytes of the outermost text.
    var span: Range<Int>
    /// False when a part is decided only when it runs: a variable, a substitution, a glob, a brace or tilde expansion.
    var isLiteral: Bool
}

/// `2>file`, `<<<word`, `>&1` and the like.
struct ShellRedirection: Sendable, Hashable {
    /// The operator without its descriptor: `>`, `>>`, `<`, `<<`, `<<<`, `>&`, `<&`, `&>`, `>|`, `<>`.
    var operation: String
    /// The descriptor in front, when there is one.
    var descriptor: Int?
    /// The file, the descriptor or the here-document's text.
    var target: ShellWord
}

/// One simple command.
struct ShellCommand: Sendable, Hashable {
    /// `NAME=value` in front of it.
    var assignments: [(name: String, value: ShellWord)] = []
    /// The program and its arguments; empty for assignments alone.
    var words: [ShellWord] = []
    var redirections: [ShellRedirection] = []
    /// Which pipeline of the script it belongs to, and at which place in it. Pipelines of nested bodies have numbers of their own.
    var pipeline = 0
    var stage = 0
    /// 0 at the top; one more inside each substitution, subshell body handed to a shell, wrapper, here-document of a shell.
    var depth = 0
    /// The programs it is run through, outermost first: `sudo`, `xargs`, `find`, `sh`, `ssh` and the like.
    var wrappers: [String] = []

    static func == (left: ShellCommand, right: ShellCommand) -> Bool {
        left.words == right.words && left.redirections == right.redirections && left.pipeline == right.pipeline
            && left.stage == right.stage && left.depth == right.depth && left.wrappers == right.wrappers
            && left.assignments.elementsEqual(right.assignments) { $0.name == $1.name && $0.value == $1.value }
    }

    func hash(into hasher: inout Hasher) { hasher.combine(words) }
}

/// What a shell would run, as far as it can be told without running it.
struct ShellScript: Sendable, Hashable {
    /// Every simple command, nested ones behind the one that holds them.
    var commands: [ShellCommand] = []
    /// Why it is not fully understood; empty when it is.
    var gaps: [Gap] = []

    struct Gap: Sendable, Hashable {
        var reason: String
        var span: Range<Int>
    }
}
