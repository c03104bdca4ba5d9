// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// What a request must be before anything is done for it.
enum RequestCheck {
    /// Folders of the system: never writable for commands, nor is anything below those that end in a slash here.
    private static let system = [
        "/", "/bin/", "/boot/", "/dev/", "/etc/", "/lib/", "/lib32/", "/lib64/", "/libx32/", "/opt", "/proc/", "/root", "/run", "/sbin/", "/sys/",
        "/usr/", "/var", "/home", "/tmp", "/mnt", "/media", "/srv",
    ]

    static func check(_ request: CommandRequest) throws {
        let texts: [String]
        switch request.command {
        case .shell(let text): texts = [text]
        case .program(let argv):
            guard let program = argv.first, !program.isEmpty else { throw CommandRunnerError(.spawnFailed, reason: "The command has no program.") }
            texts = argv
        }
        if (texts + request.environment.flatMap { [$0.key, $0.value] }).contains(where: { $0.utf8.contains(0) }) {
            throw CommandRunnerError(.spawnFailed, reason: "The command or its environment contains a NUL character.")
        }
        if let odd = request.environment.keys.first(where: { $0.isEmpty || $0.contains("=") }) {
            throw CommandRunnerError(.spawnFailed, reason: "“\(OutputSanitizer.visible(odd))” is no name of a variable.")
        }
        if texts.contains(where: { $0.utf8.count > 120_000 }) {
            throw CommandRunnerError(.spawnFailed, reason: "The command is longer than 120,000 bytes. Put it into a file and run that.")
        }
    }

    /// Where a program is, by the folders of PATH when it is named without one.
    static func program(_ name: String, path: String) throws -> String {
        if name.contains("/") { return name }
        guard let found = HostPath.program(name, in: path.split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }) else {
            throw CommandRunnerError(.spawnFailed, reason: "There is no program “\(OutputSanitizer.visible(name))”.")
        }
        return found
    }

    /// The working folder and the other writable ones with every link followed, in that order.
    static func folders(of request: CommandRequest, hiddenPaths: [String]) throws -> [String] {
        var result: [String] = []
        for folder in [request.workingDirectory] + request.writableFolders {
            let resolved = try checked(folder)
            guard !hiddenPaths.contains(resolved) else {
                throw CommandRunnerError(
                    .badWorkingDirectory, reason: "\(resolved) is hidden from commands, so it cannot be a folder of theirs. Choose another.")
            }
            if !result.contains(resolved) { result.append(resolved) }
        }
        return result
    }

    private static func checked(_ folder: String) throws -> String {
        guard folder.hasPrefix("/") else {
            throw CommandRunnerError(.badWorkingDirectory, reason: "The working folder “\(folder)” is not absolute.")
        }
        guard let resolved = HostPath.resolved(folder), HostPath.kind(resolved) == .directory else {
            throw CommandRunnerError(.badWorkingDirectory, reason: "The working folder \(folder) is not there. Create it or choose another.")
        }
        let belongs = system.contains { entry in
            resolved == entry || resolved + "/" == entry || entry.count > 1 && entry.hasSuffix("/") && resolved.hasPrefix(entry)
        }
        guard !belongs else {
            throw CommandRunnerError(.badWorkingDirectory, reason: "\(resolved) belongs to the system and is never writable for commands. Choose a folder of your own.")
        }
        return resolved
    }
}

extension CommandOutcome.Termination {
    /// SIGXFSZ, as for one file that is too large.
    static let overfilled = CommandOutcome.Termination.signalled(25)

    /// bubblewrap and shells alike report the death by a signal as 128 and the signal's number.
    static func ofExitCode(_ code: Int) -> CommandOutcome.Termination {
        (129...192).contains(code) ? .signalled(code - 128) : .exited(code: code)
    }
}
