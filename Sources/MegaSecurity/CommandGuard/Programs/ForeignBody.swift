// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Languages of programs that are given in a command's words.
enum ForeignLanguage: Sendable, Hashable {
    case python, perl, ruby, javascript, php, lua, awk, tcl, r, appleScript, julia, elixir, groovy, scheme

    /// Letters of options whose value is program text.
    var codeOptions: String {
        switch self {
        case .python, .tcl, .scheme: "c"
        case .perl: "eE"
        case .ruby, .lua, .r, .appleScript, .elixir, .groovy: "e"
        case .javascript: "ep"
        case .php: "rBRE"
        case .julia: "eE"
        case .awk: ""
        }
    }

    /// Letters of options that take a value besides.
    var valuedOptions: String {
        switch self {
        case .python: "WXm"
        case .perl: "MmIiFxDCV0l"
        case .ruby: "rICEFiKTxW"
        case .javascript: "rC"
        case .php: "cdfStz"
        case .lua: "l"
        default: ""
        }
    }

    /// Long options whose value is program text.
    var longCodeOptions: [String] { self == .javascript ? ["eval", "print"] : ["eval", "execute", "run"] }
}

/// A program in another language, found in a command.
struct ForeignBody: Sendable, Hashable {
    /// The command that runs it, as an index into the script's commands.
    var command: Int
    var language: ForeignLanguage
    var text: String
    var span: Range<Int>
    var traits: Traits

    /// What the text obviously does.
    struct Traits: OptionSet, Sendable, Hashable {
        let rawValue: UInt16
        /// It starts a process.
        static let spawns = Traits(rawValue: 1)
        /// It runs text as code.
        static let evaluates = Traits(rawValue: 2)
        /// It opens a connection.
        static let connects = Traits(rawValue: 4)
        /// It fetches something.
        static let fetches = Traits(rawValue: 8)
        /// It decodes base64, hex, character codes or compressed text.
        static let decodes = Traits(rawValue: 16)
        /// It deletes files.
        static let deletes = Traits(rawValue: 32)
        /// It deletes whole folders.
        static let deletesTrees = Traits(rawValue: 64)
        /// It writes files.
        static let writes = Traits(rawValue: 128)
        /// It hands a descriptor of a connection to a process.
        static let duplicates = Traits(rawValue: 256)
        /// It spawns something with words only known when it runs.
        static let spawnsUnknown = Traits(rawValue: 512)
    }
}
