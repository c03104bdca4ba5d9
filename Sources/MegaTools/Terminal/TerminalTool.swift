// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore
import Synchronization

/// The tool `run_command`: a shell command in the workspace, through a `CommandRunner`.
///
/// Its preview carries the exact text, every simple command in it, and bindings to the folder, the programs and the files named, so
/// that an approval holds for what was looked at and nothing else. Output is shown while it comes, without terminal controls; the
/// model gets its beginning and end.
public struct TerminalTool: Tool {
    /// The arguments.
    public struct Input: Decodable, Sendable {
        /// Text for the shell.
        public var command: String
        /// Seconds until it is killed; 60 when nil, and never more than the tool's own limit.
        public var timeoutSeconds: Int?

        enum CodingKeys: String, CodingKey {
            case command
            case timeoutSeconds = "timeout_seconds"
        }
    }

    /// The longest command in bytes.
    public static let longestCommand = 32_768

    private let runner: any CommandRunner
    private let inspector: any CommandInspector
    private let workspace: String
    private let environment: [String: String]
    private let network: CommandRequest.Network
    private let limits: CommandRequest.Limits
    private let resultBytes: Int
    private let longestTime: Duration
    private let secrets: [SecretName: [String]]

    /// - Parameters:
    ///   - workspace: Absolute. The folder commands run in, the only one they can write.
    ///   - environment: Variables the commands get.
    ///   - network: What commands may reach.
    ///   - resultBytes: Bytes of output the model gets at most.
    ///   - longestTime: The most time one command may take.
    ///   - secrets: What the model is told of secrets its commands may name, and of the programs that may get each. The runner has to put
    ///     their values in, such as MegaSecurity's `SecretResolvingRunner`.
    public init(
        runner: any CommandRunner, inspector: any CommandInspector, workspace: String, environment: [String: String] = [:],
        network: CommandRequest.Network = .none, limits: CommandRequest.Limits = CommandRequest.Limits(), resultBytes: Int = 16 << 10,
        longestTime: Duration = .seconds(600), secrets: [SecretName: [String]] = [:]
    ) {
        self.secrets = secrets
        self.runner = runner
        self.inspector = inspector
        self.workspace = workspace
        self.environment = environment
        self.network = network
        self.limits = limits
        self.resultBytes = resultBytes
        self.longestTime = longestTime
    }

    /// See `Tool.definition`.
    public var definition: ToolDefinition {
        ToolDefinition(
            name: "run_command",
            description: "Runs a command with /bin/sh in the workspace folder and returns its output. Confined: only the workspace can be written"
                + reach + secretHint,
            parameters: .object([
                .required("command", .string("The command")),
                .optional(
                    "timeout_seconds",
                    .integer("Seconds after which it is stopped; 60 when left out", minimum: 1, maximum: Int(longestTime.components.seconds))),
            ]), effects: allowsNetwork ? [.executes, .network, .writesFiles] : [.executes, .writesFiles], timeLimit: longestTime + .seconds(10),
            flow: FlowDeclaration(resultIntegrity: allowsNetwork ? .web : .tool, sensitiveArguments: ["command": .code]))
    }

    private var allowsNetwork: Bool { network != .none }

    /// What an approval binds of the network: another list of hosts is another network.
    private var boundNetwork: String {
        switch network {
        case .none: "none"
        case .allowList(let policy): "list: \(policy.summary)"
        case .open: "open"
        }
    }

    private var reach: String {
        switch network {
        case .none: ", and there is no network."
        case .allowList: ", and only some hosts can be reached, over HTTP and HTTPS through the proxy in HTTPS_PROXY."
        case .open: "."
        }
    }

    private var secretHint: String {
        let lines = secrets.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }.map { "\($0.key.handle) for \($0.value.sorted().joined(separator: ", "))" }
        guard !lines.isEmpty else { return "" }
        return " Secrets stand in a command by name, and only where these programs alone run, without redirections, variables and here-documents: "
            + lines.joined(separator: "; ") + "."
    }

    /// See `Tool.preview(_:in:)`.
    public func preview(_ input: Input, in scope: ToolScope) async throws -> ActionPreview? {
        try check(input.command)
        let inspection = inspector.inspect(input.command)
        var bindings = try await FileWork.run { [workspace, environment] _ in
            try CommandBindings.make(simpleCommands: inspection.simpleCommands, text: input.command, workspace: workspace, environment: environment)
        }
        bindings.facts.merge(confines(input)) { $1 }
        return ActionPreview(
            summary: input.command,
            command: CommandPreview(
                text: input.command, simpleCommands: inspection.simpleCommands, workingDirectory: workspace, isIncomplete: inspection.isIncomplete),
            paths: [workspace], bindings: bindings.facts, programs: bindings.programs)
    }

    /// What else decides what the command can do. Of the environment the names are shown; the values count as a digest.
    private func confines(_ input: Input) -> [String: String] {
        let names = environment.keys.sorted()
        let values = names.flatMap { name -> [UInt8] in Array(name.utf8) + [0] + Array((environment[name] ?? "").utf8) + [0] }
        var facts = [
            "environment": names.isEmpty ? "nothing set" : names.joined(separator: " ") + " " + FileContents.digest(values),
            "network": boundNetwork, "time": "\(time(input).components.seconds) s",
            "limits": "cpu \(limits.cpuSeconds) s, memory \(limits.memoryBytes), processes \(limits.processes), file \(limits.fileBytes), "
                + "open files \(limits.openFiles), disk \(limits.diskBytes), output \(limits.outputBytes)",
        ]
        if !runner.confinement.isEmpty { facts["sandbox"] = runner.confinement }
        return facts
    }

    private func time(_ input: Input) -> Duration { min(input.timeoutSeconds.map { .seconds($0) } ?? .seconds(60), longestTime) }

    /// See `Tool.call(_:in:)`.
    public func call(_ input: Input, in context: ToolContext) async throws -> ToolResult {
        try check(input.command)
        let time = time(input)
        let collector = OutputCollector(limit: resultBytes)
        let request = CommandRequest(
            command: .shell(input.command), workingDirectory: workspace, environment: environment, network: network, timeLimit: time,
            limits: limits)
        let outcome = try await following(context) {
            try await runner.run(request) { piece in
                let text = collector.take(piece)
                if !text.isEmpty { await context.emit(text) }
            }
        }
        let rest = collector.finish()
        if !rest.isEmpty { await context.emit(rest) }
        return result(outcome, collector.text, time)
    }

    /// Runs a command, and finds out which files it has changed when that is wanted; also of one that is stopped.
    private func following(_ context: ToolContext, _ run: () async throws -> CommandOutcome) async throws -> CommandOutcome {
        guard context.followsWrites else { return try await run() }
        let before = try await FileWork.run { [workspace] _ in FolderSnapshot(of: workspace) }
        let result: Result<CommandOutcome, any Error>
        do { result = .success(try await run()) } catch { result = .failure(error) }
        // A task of its own: a stopped command has written too.
        let after = await Task { [workspace] () -> FolderSnapshot? in
            // why: without a picture of it the whole folder counts as changed
            try? await FileWork.run { _ in FolderSnapshot(of: workspace) }
        }.value
        if let before, let after { context.noteWrites(before.changes(to: after)) } else { context.noteWrites(FileWrites(folders: [workspace])) }
        return try result.get()
    }

    private func result(_ outcome: CommandOutcome, _ output: String, _ time: Duration) -> ToolResult {
        var lines = [output.isEmpty ? "(no output)" : (output.hasSuffix("\n") ? String(output.dropLast()) : output)]
        if outcome.omittedBytes > 0 { lines.append("[\(outcome.omittedBytes) bytes of output beyond the limit were dropped]") }
        var isError = true
        switch outcome.termination {
        case .exited(let code):
            isError = code != 0
            lines.append("[exit code \(code)]")
        case .signalled(let signal): lines.append("[killed by signal \(signal)\(Self.hint(signal))]")
        case .timedOut:
            lines.append("[stopped: it took longer than \(time.components.seconds) seconds; everything it had started was killed]")
        }
        // What a command can fetch, it can print.
        return ToolResult(lines.joined(separator: "\n"), isError: isError, trust: allowsNetwork ? .web : .tool)
    }

    private static func hint(_ signal: Int) -> String {
        switch signal {
        case 9: ": too much processor time or memory, or killed"
        case 11: ": it crashed"
        case 24: ": too much processor time"
        case 25: ": it wrote more than allowed"
        default: ""
        }
    }

    private func check(_ command: String) throws {
        guard !command.allSatisfy(\.isWhitespace) else { throw FileToolError(.failed, reason: "The command is empty.") }
        guard command.utf8.count <= Self.longestCommand else {
            throw FileToolError(.tooLarge, reason: "The command is longer than \(Self.longestCommand) bytes. Write a script with write_file and run that.")
        }
        guard !command.utf8.contains(0) else { throw FileToolError(.failed, reason: "The command contains a NUL character.") }
    }
}

/// Cleans both streams, each by itself, and keeps what the model gets.
private final class OutputCollector: Sendable {
    private struct State {
        var output = OutputSanitizer()
        var error = OutputSanitizer()
        var kept: HeadAndTail
    }

    private let state: Mutex<State>

    init(limit: Int) { state = Mutex(State(kept: HeadAndTail(limit: limit))) }

    func take(_ piece: CommandOutput) -> String {
        state.withLock { state in
            let text = piece.stream == .standardOutput ? state.output.push(piece.bytes) : state.error.push(piece.bytes)
            state.kept.append(text)
            return text
        }
    }

    func finish() -> String {
        state.withLock { state in
            let text = state.output.finish() + state.error.finish()
            state.kept.append(text)
            return text
        }
    }

    var text: String { state.withLock { $0.kept.text } }
}
