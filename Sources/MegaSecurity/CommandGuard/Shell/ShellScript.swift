// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// A word of a command, quotes and escapes resolved.
struct ShellWord: Sendable, Hashable {
    /// What the word is as far as it is known before it runs; values of variables and outputs of substitutions known only then are
    /// left out. Globs, tildes and unexpanded braces stay as they are written.
    var text: String
    /// Where it stands, in bytes of the outermost text.
    var span: Range<Int>
    /// False when a part is decided only when it runs: a variable, a substitution, a glob, a brace or tilde expansion.
    var isLiteral: Bool
    /// Like `text`, with what is left out there shown as `$NAME` or `$(…)`.
    var pattern: String
    /// What in it is decided when it runs.
    var dynamics: Dynamics
    /// Whether a part of it is quoted or escaped.
    var isQuoted: Bool

    struct Dynamics: OptionSet, Sendable, Hashable {
        let rawValue: UInt8
        static let variable = Dynamics(rawValue: 1)
        static let substitution = Dynamics(rawValue: 2)
        static let glob = Dynamics(rawValue: 4)
        static let tilde = Dynamics(rawValue: 8)
        static let brace = Dynamics(rawValue: 16)
        static let arithmetic = Dynamics(rawValue: 32)
        static let process = Dynamics(rawValue: 64)
        /// A part is left out of the text, or is a mere default.
        static let unknown = Dynamics(rawValue: 128)
    }

    init(
        text: String, span: Range<Int>, isLiteral: Bool = true, pattern: String? = nil, dynamics: Dynamics = [], isQuoted: Bool = false
    ) {
        self.text = text
        self.span = span
        self.isLiteral = isLiteral
        self.pattern = pattern ?? text
        self.dynamics = dynamics
        self.isQuoted = isQuoted
    }
}

/// `2>file`, `<<<word`, `>&1` and the like.
struct ShellRedirection: Sendable, Hashable {
    /// The operator without its descriptor: `>`, `>>`, `<`, `<<`, `<<<`, `>&`, `<&`, `&>`, `&>>`, `>|`, `<>`.
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
    /// The program and its arguments; empty for assignments alone and for the redirections of a group.
    var words: [ShellWord] = []
    var redirections: [ShellRedirection] = []
    /// Which pipeline of the script it belongs to, and at which place in it. Pipelines of nested bodies have numbers of their own.
    var pipeline = 0
    var stage = 0
    /// 0 at the top; one more inside each substitution, subshell body handed to a shell, wrapper, here-document of a shell.
    var depth = 0
    /// The programs it is run through, outermost first: `sudo`, `xargs`, `find`, `sh`, `ssh` and the like.
    var wrappers: [String] = []
    /// The command that holds it, as an index into the script's commands; -1 at the top.
    var parent = -1
    /// How it came to be run.
    var origin = Origin.top
    /// Substitutions in its words and redirections.
    var substitutions: [Substitution] = []
    /// Whether it is followed by `&`.
    var isBackground = false
    /// The language it is written in.
    var dialect = ShellDialect.posix
    /// How many texts handed to shells stand around it.
    var bodies = 0
    /// The commands it runs in turn (not those of its substitutions), as indices into the script's commands.
    var nested = 0..<0

    enum Origin: Sendable, Hashable {
        case top
        /// The words behind a wrapper such as sudo.
        case wrapped
        /// `$(…)`, backquotes, `<(…)`.
        case substitution
        /// A text handed to a shell.
        case body
        /// What the shell reads from a pipe, here-document or here-string.
        case input
        /// What a program in another language hands to a shell or runs.
        case foreign
        /// Stored for later: an alias, a trap, a scheduled command.
        case stored
    }

    struct Substitution: Sendable, Hashable {
        /// An index into `words`, or -1 minus an index into `redirections`, or `assignment`.
        var place: Int
        /// `<(…)` or `>(…)`.
        var isProcess: Bool
        /// `>(…)`: they read what the command writes.
        var isOutput = false
        /// The commands in it, as indices into the script's commands.
        var commands: Range<Int>

        static let assignment = Int.min
    }

    /// The whole of it.
    var span: Range<Int> {
        var low = Int.max
        var high = 0
        for word in words { low = min(low, word.span.lowerBound); high = max(high, word.span.upperBound) }
        for redirection in redirections {
            low = min(low, redirection.target.span.lowerBound)
            high = max(high, redirection.target.span.upperBound)
        }
        for assignment in assignments {
            low = min(low, assignment.value.span.lowerBound)
            high = max(high, assignment.value.span.upperBound)
        }
        return low <= high ? low..<high : 0..<0
    }

    static func == (left: ShellCommand, right: ShellCommand) -> Bool {
        left.words == right.words && left.redirections == right.redirections && left.pipeline == right.pipeline
            && left.stage == right.stage && left.depth == right.depth && left.wrappers == right.wrappers && left.origin == right.origin
            && left.parent == right.parent && left.assignments.elementsEqual(right.assignments) { $0.name == $1.name && $0.value == $1.value }
    }

    func hash(into hasher: inout Hasher) { hasher.combine(words) }
}

/// What a shell would run, as far as it can be told without running it.
struct ShellScript: Sendable, Hashable {
    /// Every simple command, nested ones behind the one that holds them.
    var commands: [ShellCommand] = []
    /// Why it is not fully understood; empty when it is.
    var gaps: [Gap] = []
    /// For each pipeline, by its number, the place its input comes from.
    var pipelines: [Pipeline] = []
    /// Functions defined in it.
    var functions: [Function] = []
    /// Programs in other languages given in its words or here-documents.
    var foreignBodies: [ForeignBody] = []
    /// Grammar beyond words, lists and pipelines that stands in it.
    var constructs: Constructs = []
    /// Bytes looked at so far, nested bodies counted again.
    var work = 0

    struct Gap: Sendable, Hashable {
        var reason: String
        var span: Range<Int>
        var kind: Kind

        enum Kind: Sendable, Hashable {
            /// Which program runs is known only then.
            case program
            /// A text that is run is known only then.
            case body
            /// Something was opened and not closed, or an operator has nothing behind it.
            case syntax
            /// Too deep, too long or too much.
            case limit
        }

        init(reason: String, span: Range<Int>, kind: Kind = .syntax) {
            self.reason = reason
            self.span = span
            self.kind = kind
        }
    }

    /// The pipeline and stage around a pipeline; -1 when there is none.
    struct Pipeline: Sendable, Hashable {
        var outer: Int
        var outerStage: Int
        /// The first command of it.
        var start: Int
    }

    struct Function: Sendable, Hashable {
        var name: String
        var commands: Range<Int>
    }

    struct Constructs: OptionSet, Sendable, Hashable {
        let rawValue: UInt16
        static let control = Constructs(rawValue: 1)
        static let function = Constructs(rawValue: 2)
        static let arithmetic = Constructs(rawValue: 4)
        static let array = Constructs(rawValue: 8)
        static let substitution = Constructs(rawValue: 16)
        static let hereDocument = Constructs(rawValue: 32)
        static let condition = Constructs(rawValue: 64)
        static let expansion = Constructs(rawValue: 128)
        static let nested = Constructs(rawValue: 256)
        static let ansiQuote = Constructs(rawValue: 512)
        static let background = Constructs(rawValue: 1024)
    }
}
