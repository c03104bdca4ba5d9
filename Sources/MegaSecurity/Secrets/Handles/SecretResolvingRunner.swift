// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

/// A runner that hands secrets to commands in their environment: never on a command line, which other processes can read.
///
/// A handle in a command's text becomes a reference to a variable, whatever quotes it stands in. Every program of the text must be bound
/// to the secret; a text that is not fully understood, sets variables, redirects or has a here-document is refused. Output that contains
/// a value shows the handle instead, also when it comes in pieces.
public struct SecretResolvingRunner: CommandRunner {
    private let base: any CommandRunner
    private let handles: SecretHandles
    private let inspector: any CommandInspector

    /// - Parameters:
    ///   - base: Runs the commands.
    ///   - inspector: Says which programs a text runs.
    public init(_ base: any CommandRunner, handles: SecretHandles, inspector: any CommandInspector) {
        self.base = base
        self.handles = handles
        self.inspector = inspector
    }

    /// See `CommandRunner.health()`.
    public func health() async -> ComponentHealth { await base.health() }

    /// See `CommandRunner.coverage()`.
    public func coverage() async -> SandboxCoverage { await base.coverage() }

    /// See `CommandRunner.confinement`.
    public var confinement: String { base.confinement }

    /// See `CommandRunner.run(_:output:)`.
    ///
    /// - Throws: ``SecretStoreError`` when a handle cannot be resolved; nothing was run then.
    public func run(_ request: CommandRequest, output: @escaping @Sendable (CommandOutput) async -> Void) async throws -> CommandOutcome {
        let resolved = try await resolve(request)
        // Values of earlier calls may lie in files and come out now.
        let filter = OutputConcealer(handles.concealed)
        let outcome = try await base.run(resolved) { piece in
            for part in filter.take(piece) { await output(part) }
        }
        for part in filter.finish() { await output(part) }
        return outcome
    }

    private func resolve(_ request: CommandRequest) async throws -> CommandRequest {
        var request = request
        let environment = request.environment.mapValues { SecretTemplate($0) }.filter { !$0.value.names.isEmpty }
        let words: [[String]]
        switch request.command {
        case .program(let argv):
            guard argv.allSatisfy({ SecretTemplate($0).names.isEmpty }) else {
                throw SecretStoreError(
                    .unresolvablePlace, reason: "A secret cannot be an argument of a program: other processes could read it. Give it in the environment.")
            }
            guard !environment.isEmpty else { return request }
            words = [argv]
        case .shell(let text):
            let template = SecretTemplate(text)
            guard !template.names.isEmpty || !environment.isEmpty else { return request }
            // Names contain no character that means anything to a shell, so the text reads the same with them in it.
            let plain = template.parts.map { part in
                switch part {
                case .text(let text): text
                case .handle(let name): "SECRET_" + SecretShellText.variable(name)
                }
            }.joined()
            let inspection = inspector.inspect(plain)
            guard !inspection.isIncomplete, !inspection.hasAssignments, !inspection.hasRedirections, !text.contains("<<"), !inspection.simpleCommands.isEmpty else {
                throw SecretStoreError(
                    .unresolvablePlace,
                    reason: "Commands with secrets must be plain: programs and arguments, without variables, assignments, redirections and here-documents.")
            }
            words = inspection.simpleCommands
            for name in template.names.sorted() {
                request.environment[SecretShellText.variable(name)] = try await value(name, for: words)
            }
            request.command = .shell(try SecretShellText.referring(template))
        }
        for (key, template) in environment {
            var text = ""
            for part in template.parts {
                switch part {
                case .text(let plain): text += plain
                case .handle(let name): text += try await value(name, for: words)
                }
            }
            request.environment[key] = text
        }
        return request
    }

    /// The value, when every program that would get it is bound to it.
    private func value(_ name: SecretName, for commands: [[String]]) async throws -> String {
        var secret: Secret?
        for command in commands {
            guard let program = command.first else { continue }
            secret = try await handles.resolve(name, for: .program(program))
        }
        guard let secret else { throw SecretStoreError(.unresolvablePlace, reason: "The command runs no program that the secret \(name) could be bound to.") }
        let text = secret.reveal()
        guard !text.utf8.contains(0) else { throw SecretStoreError(.unacceptableValue, reason: "The secret \(name) contains a NUL byte and cannot be a variable.") }
        return text
    }
}

/// Writes references to variables into shell text.
enum SecretShellText {
    /// The variable that holds a secret.
    static func variable(_ name: SecretName) -> String {
        "MEGABOT_SECRET_" + String(decoding: name.rawValue.utf8.map { ByteSearch.isWord($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
    }

    /// The text with a reference in the place of each handle that expands to exactly the value.
    static func referring(_ template: SecretTemplate) throws -> String {
        enum Quote { case none, single, double }
        var quote = Quote.none
        var result = ""
        for part in template.parts {
            switch part {
            case .handle(let name):
                let reference = "${\(variable(name))}"
                switch quote {
                case .none: result += "\"\(reference)\""
                case .double: result += reference
                case .single: result += "'\"\(reference)\"'"
                }
            case .text(let text):
                var isEscaped = false
                for character in text.unicodeScalars {
                    if isEscaped {
                        isEscaped = false
                        continue
                    }
                    switch (character, quote) {
                    case ("\\", .none), ("\\", .double): isEscaped = true
                    case ("'", .none): quote = .single
                    case ("'", .single): quote = .none
                    case ("\"", .none): quote = .double
                    case ("\"", .double): quote = .none
                    default: break
                    }
                }
                guard !isEscaped else { throw SecretStoreError(.unresolvablePlace, reason: "A backslash stands before a secret. Leave it out.") }
                result += text
            }
        }
        return result
    }
}
