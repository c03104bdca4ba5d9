// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore
import Subprocess
import Synchronization

#if canImport(System)
import System
#else
import SystemPackage
#endif

/// Runs commands in a bubblewrap sandbox.
///
/// Inside: own user, process, network, mount, IPC and host-name namespaces; the host's files read-only and only the working folder
/// writable; other people's folders, sockets, temporary files and ``hiddenPaths`` invisible; no capabilities; no network unless asked
/// for; nothing inherited from the environment; limits on processor time, memory, file size, descriptors and processes (the last has
/// no effect when the host process is root; ``health()`` says so).
///
/// What the machine can do is tried once, at the first use. When a control does not hold, nothing is run.
public final class BubblewrapRunner: CommandRunner {
    private enum Probe: Sendable {
        case ready(BubblewrapArguments, bubblewrap: String)
        case unavailable(CommandRunnerError)
    }

    /// Absolute paths that are invisible inside, such as the folder of the assistant's own data.
    public let hiddenPaths: [String]

    private let bubblewrapPath: String?
    private let probed = Mutex<Probe?>(nil)

    /// - Parameters:
    ///   - hiddenPaths: See ``hiddenPaths``. Links in them are followed.
    ///   - bubblewrapPath: The sandbox program, or nil to look for `bwrap` in the system's folders.
    public init(hiddenPaths: [String] = [], bubblewrapPath: String? = nil) {
        self.hiddenPaths = hiddenPaths.map { HostPath.resolved($0) ?? $0 }
        self.bubblewrapPath = bubblewrapPath
    }

    /// See `CommandRunner.run(_:output:)`.
    public func run(_ request: CommandRequest, output: @escaping @Sendable (CommandOutput) async -> Void) async throws -> CommandOutcome {
        let (arguments, bubblewrap) = try await prepared()
        let folder = try await Blocking.run { try Self.checked(request.workingDirectory) }
        guard !hiddenPaths.contains(folder) else {
            throw CommandRunnerError(.badWorkingDirectory, reason: "\(folder) is hidden from commands, so it cannot be their working folder. Choose another.")
        }
        try Self.check(request)
        let meter = OutputMeter(limit: request.limits.outputBytes, output: output)
        let words = try await Blocking.run { arguments.words(for: request, workingDirectory: folder) }
        guard let code = try await Self.execute(bubblewrap, words, timeLimit: request.timeLimit, meter: meter) else {
            return CommandOutcome(termination: .timedOut, omittedBytes: meter.omittedBytes)
        }
        if code == 1, meter.firstError.hasPrefix("bwrap: ") {
            throw CommandRunnerError(
                .spawnFailed, reason: "The sandbox could not be set up: \(OutputSanitizer.clean(meter.firstError).prefix(300))")
        }
        return CommandOutcome(termination: Self.termination(code), omittedBytes: meter.omittedBytes)
    }

    /// What the trial of the sandbox found.
    public func health() async -> ComponentHealth {
        do {
            _ = try await prepared()
        } catch {
            return .down(String(describing: error))
        }
        return HostPath.isRoot
            ? ComponentHealth(.healthy, detail: "Commands run confined. The limit on the number of processes has no effect while this runs as root.")
            : ComponentHealth(.healthy, detail: "Commands run confined.")
    }

    // MARK: - Running

    /// Runs bubblewrap to its end, or returns nil when the time limit passed. Everything inside is dead in either case.
    private static func execute(_ bubblewrap: String, _ words: [String], timeLimit: Duration, meter: OutputMeter) async throws -> CInt? {
        try await withThrowingTaskGroup(of: CInt?.self) { group in
            group.addTask { try await spawn(bubblewrap, words, meter: meter) }
            group.addTask {
                try await Task.sleep(for: timeLimit)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw CancellationError() }
            group.cancelAll()
            // Cancelling the first task kills the process group; the end of the process namespace's first process ends the rest.
            while true {
                do {
                    guard try await group.next() != nil else { break }
                } catch is CancellationError {
                    continue
                } catch {
                    continue
                }
            }
            try Task.checkCancellation()
            return first
        }
    }

    private static func spawn(_ bubblewrap: String, _ words: [String], meter: OutputMeter) async throws -> CInt? {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .milliseconds(1))]
        do {
            let result = try await Subprocess.run(
                .path(FilePath(bubblewrap)), arguments: Arguments(words), environment: .custom(["PATH": "/usr/bin:/bin"] as [Environment.Key: String]),
                workingDirectory: "/", platformOptions: options, input: .none, output: .sequence, error: .sequence
            ) { execution in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    let (standardOutput, standardError) = (execution.standardOutput, execution.standardError)
                    group.addTask { for try await piece in standardOutput { await meter.take(piece.copied, from: .standardOutput) } }
                    group.addTask { for try await piece in standardError { await meter.take(piece.copied, from: .standardError) } }
                    try await group.waitForAll()
                }
            }
            try Task.checkCancellation()
            switch result.terminationStatus {
            case .exited(let code): return code
            case .signaled(let signal): return 128 + signal
            }
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw CommandRunnerError(.spawnFailed, reason: "The sandbox program \(bubblewrap) could not be run: \(error).")
        }
    }

    private static func termination(_ code: CInt) -> CommandOutcome.Termination {
        // bubblewrap and shells alike report the death by a signal as 128 and the signal's number.
        (129...159).contains(code) ? .signalled(Int(code) - 128) : .exited(code: Int(code))
    }

    // MARK: - Checks

    private static func check(_ request: CommandRequest) throws {
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

    private static func checked(_ folder: String) throws -> String {
        guard folder.hasPrefix("/") else {
            throw CommandRunnerError(.badWorkingDirectory, reason: "The working folder “\(folder)” is not absolute.")
        }
        guard let resolved = HostPath.resolved(folder), HostPath.kind(resolved) == .directory else {
            throw CommandRunnerError(.badWorkingDirectory, reason: "The working folder \(folder) is not there. Create it or choose another.")
        }
        let system = ["/", "/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/opt", "/proc", "/root", "/run", "/sbin", "/sys", "/usr", "/var", "/home", "/tmp"]
        let isSystem = system.contains(resolved)
            || ["/usr", "/etc", "/proc", "/sys", "/dev", "/boot", "/bin", "/sbin", "/lib"].contains { BubblewrapArguments.contains($0, resolved) }
        guard !isSystem else {
            throw CommandRunnerError(.badWorkingDirectory, reason: "\(resolved) belongs to the system and is never writable for commands. Choose a folder of your own.")
        }
        return resolved
    }

    private func prepared() async throws -> (BubblewrapArguments, String) {
        if let known = probed.withLock({ $0 }) { return try Self.unwrap(known) }
        let result: Probe
        do {
            let (arguments, path) = try await SandboxProbe.run(bubblewrapPath: bubblewrapPath, hiddenPaths: hiddenPaths) { path, words, meter in
                try await Self.execute(path, words, timeLimit: .seconds(20), meter: meter)
            }
            result = .ready(arguments, bubblewrap: path)
        } catch let error as CommandRunnerError {
            result = .unavailable(error)
        }
        // A missing sandbox is looked for again next time, so that installing it needs no restart.
        if case .ready = result { probed.withLock { $0 = result } }
        return try Self.unwrap(result)
    }

    private static func unwrap(_ probe: Probe) throws -> (BubblewrapArguments, String) {
        switch probe {
        case .ready(let arguments, let path): return (arguments, path)
        case .unavailable(let error): throw error
        }
    }
}

extension SubprocessOutputSequence.Buffer {
    fileprivate var copied: [UInt8] { withUnsafeBytes { Array($0) } }
}
