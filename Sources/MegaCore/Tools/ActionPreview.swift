// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// What a tool call would do, said exactly: what is shown to the approver, what policies look at, what an approval is bound to.
public struct ActionPreview: Sendable, Hashable, Codable {
    /// One line or a few for people, for example the command. Shown escaped: control and invisible characters become visible.
    public var summary: String
    /// The commands it would run, when it runs any.
    public var command: CommandPreview?
    /// Absolute paths it would read or write.
    public var paths: [String]
    /// Further facts the approval is bound to, such as file digests; compared byte for byte before the call. `folder` says path and
    /// identity of the working folder.
    public var bindings: [String: String]
    /// The programs the commands would start, one for each different first word.
    public var programs: [ProgramIdentity]

    /// Makes a preview.
    public init(
        summary: String, command: CommandPreview? = nil, paths: [String] = [], bindings: [String: String] = [:],
        programs: [ProgramIdentity] = []
    ) {
        self.summary = summary
        self.command = command
        self.paths = paths
        self.bindings = bindings
        self.programs = programs
    }
}

extension ActionPreview {
    /// Reads also what earlier versions wrote.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        summary = try values.decode(String.self, forKey: .summary)
        command = try values.decodeIfPresent(CommandPreview.self, forKey: .command)
        paths = try values.decode([String].self, forKey: .paths)
        bindings = try values.decode([String: String].self, forKey: .bindings)
        programs = try values.decodeIfPresent([ProgramIdentity].self, forKey: .programs) ?? []
    }
}

/// The commands of a call as the inspector parsed them.
public struct CommandPreview: Sendable, Hashable, Codable {
    /// The text as it would be handed to the shell, or nil when there is no shell.
    public var text: String?
    /// The words of every simple command in it, substitutions and nested bodies included as far as they were understood.
    public var simpleCommands: [[String]]
    /// The folder it would run in, absolute.
    public var workingDirectory: String
    /// True when something in it was not fully understood. Never allowed by a rule then.
    public var isIncomplete: Bool

    /// Makes a preview of commands.
    public init(text: String?, simpleCommands: [[String]], workingDirectory: String, isIncomplete: Bool) {
        self.text = text
        self.simpleCommands = simpleCommands
        self.workingDirectory = workingDirectory
        self.isIncomplete = isIncomplete
    }
}
