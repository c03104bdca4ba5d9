// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser
import MegaCore
import MegaSecurity

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Keeps secrets in the installation's vault.
struct SecretCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secret", abstract: "Keeps secrets in a sealed vault. Values are read from the standard input, never from the command line.",
        subcommands: [Set.self, List.self, Delete.self])

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Keeps a secret; its value comes from the standard input. One line break at the end does not count.")

        @OptionGroup var options: InstallationOptions
        @Argument(help: "The name: letters, digits, _, - and .", transform: SecretCommand.name) var name: SecretName

        func run() async throws {
            try await reporting {
                let vault = try await SecretCommand.vault(options)
                let value = try SecretInput.read(prompt: "Value of \(name): ")
                let isNew = try await vault.secret(named: name) == nil
                try await vault.set(value, named: name)
                Console.line(isNew ? "kept \(name); its handle is \(name.handle)" : "replaced \(name)")
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the names of the secrets, a line each. Values are never shown.")

        @OptionGroup var options: InstallationOptions

        func run() async throws {
            try await reporting {
                for name in try await SecretCommand.vault(options).names() { Console.line("\(name)") }
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Forgets a secret.")

        @OptionGroup var options: InstallationOptions
        @Argument(help: "The name.", transform: SecretCommand.name) var name: SecretName

        func run() async throws {
            try await reporting {
                let vault = try await SecretCommand.vault(options)
                guard try await vault.names().contains(name) else {
                    throw Complaint("there is no secret \(name).", mend: "See the names with: megabot secret list")
                }
                try await vault.delete(name)
                Console.line("deleted \(name)")
            }
        }
    }

    private static func name(_ text: String) throws -> SecretName {
        guard let name = SecretName(text) else {
            throw ValidationError("\"\(text)\" is no name; use a letter or _ first, then letters, digits, _, - and ., at most \(SecretName.longest) bytes.")
        }
        return name
    }

    private static func vault(_ options: InstallationOptions) async throws -> SecretVault {
        let installation = try await options.load()
        try PrivateFiles.makeDirectory(installation.dataDirectory)
        return try await installation.secretVault()
    }
}

/// A value from the standard input.
private enum SecretInput {
    /// Reads all of it; at a terminal one line, without showing it.
    static func read(prompt: String) throws -> Secret {
        guard Console.isInputTerminal else { return try Secret(bytes: trimmed(bytes(untilLineEnd: false))) }
        Console.error(prompt)
        var settings = termios()
        guard tcgetattr(0, &settings) == 0 else { throw Complaint("the terminal cannot be asked for a value.", mend: "Pipe the value in instead.") }
        var silent = settings
        silent.c_lflag &= ~tcflag_t(ECHO)
        guard tcsetattr(0, TCSAFLUSH, &silent) == 0 else { throw Complaint("the terminal would show the value.", mend: "Pipe the value in instead.") }
        defer { tcsetattr(0, TCSAFLUSH, &settings) }
        return try Secret(bytes: trimmed(bytes(untilLineEnd: true)))
    }

    private static func bytes(untilLineEnd: Bool) throws -> [UInt8] {
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !(untilLineEnd && result.contains(0x0A)) {
            let count = buffer.withUnsafeMutableBytes { bytes in
                #if canImport(Glibc)
                Glibc.read(0, bytes.baseAddress, bytes.count)
                #elseif canImport(Musl)
                Musl.read(0, bytes.baseAddress, bytes.count)
                #else
                Darwin.read(0, bytes.baseAddress, bytes.count)
                #endif
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Complaint("the value cannot be read: \(String(cString: strerror(errno))).") }
            if count == 0 { break }
            result += buffer[..<count]
            guard result.count <= SecretVault.longestSecret + 2 else {
                throw Complaint("the value has more than \(SecretVault.longestSecret) bytes.")
            }
        }
        return result
    }

    private static func trimmed(_ bytes: [UInt8]) throws -> [UInt8] {
        var bytes = bytes
        if bytes.last == 0x0A { bytes.removeLast() }
        if bytes.last == 0x0D { bytes.removeLast() }
        guard !bytes.isEmpty else { throw Complaint("the value is empty.", mend: "Pipe it in: megabot secret set NAME < file") }
        return bytes
    }
}
