// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Runs commands on this machine, confined.
///
/// Implement this for another sandbox. Check yours with `CommandRunnerConformance` of MegaTesting.
public protocol CommandRunner: Sendable {
    /// Runs one command to its end and hands its output out as it comes.
    ///
    /// When the deadline passes or the task is cancelled, the whole process tree is killed before this returns or throws.
    ///
    /// - Parameter output: Called in order; its slowness slows the command.
    /// - Throws: ``CommandRunnerError`` when the command could not be started as demanded. A command that fails is no error.
    func run(_ request: CommandRequest, output: @escaping @Sendable (CommandOutput) async -> Void) async throws -> CommandOutcome

    /// Whether commands can be run here with all controls in place.
    func health() async -> ComponentHealth

    /// Which confines this runner puts around its commands here. The default claims none.
    func coverage() async -> SandboxCoverage

    /// The runner's own settings in words: what commands may see and change, and what is required. An approval is bound to them, so
    /// that a command approved for one sandbox does not run in another. Empty by default.
    var confinement: String { get }
}

extension CommandRunner {
    /// Claims nothing.
    public func coverage() async -> SandboxCoverage { SandboxCoverage() }
    /// Says nothing.
    public var confinement: String { "" }
}

/// A command and its confines.
public struct CommandRequest: Sendable, Hashable {
    /// What to run.
    public enum Command: Sendable, Hashable {
        /// Text for `/bin/sh -c`.
        case shell(String)
        /// A program and its arguments, no shell.
        case program([String])
    }

    /// What a command may reach over the network.
    public enum Network: Sendable, Hashable {
        /// Nothing but itself.
        case none
        /// Destinations the policy allows, over HTTP and TLS through a proxy of the runner, which resolves names itself.
        case allowList(EgressPolicy)
        /// Everything the host can reach.
        case open
    }

    /// What a command may use up.
    public struct Limits: Sendable, Hashable {
        /// Seconds of processor time per process.
        public var cpuSeconds: Int
        /// Bytes of address space per process, and of memory for all together where the machine can limit that.
        public var memoryBytes: Int
        /// Processes at once.
        public var processes: Int
        /// Bytes per written file.
        public var fileBytes: Int
        /// Bytes written into the writable folders altogether. Seen with a delay of a fraction of a second.
        public var diskBytes: Int
        /// Descriptors per process.
        public var openFiles: Int
        /// Bytes of output, both streams together; more is read and dropped.
        public var outputBytes: Int

        /// Limits; the defaults suit a short command.
        public init(
            cpuSeconds: Int = 60, memoryBytes: Int = 2 << 30, processes: Int = 256, fileBytes: Int = 256 << 20, diskBytes: Int = 4 << 30,
            openFiles: Int = 256, outputBytes: Int = 1 << 20
        ) {
            self.cpuSeconds = cpuSeconds
            self.memoryBytes = memoryBytes
            self.processes = processes
            self.fileBytes = fileBytes
            self.diskBytes = diskBytes
            self.openFiles = openFiles
            self.outputBytes = outputBytes
        }
    }

    /// What to run.
    public var command: Command
    /// Absolute. Writable inside the sandbox; everything else is read-only.
    public var workingDirectory: String
    /// The whole environment; nothing is inherited. The runner sets PATH, HOME, TMPDIR, LANG when they are missing.
    public var environment: [String: String]
    /// What it may reach over the network.
    public var network: Network
    /// Whether it may make Unix sockets. Without an own network namespace that reaches the host's services.
    public var allowsUnixSockets: Bool
    /// More folders it may write in. Absolute.
    public var writableFolders: [String]
    /// Until it is killed.
    public var timeLimit: Duration
    /// What it may use up.
    public var limits: Limits

    /// Makes a request.
    public init(
        command: Command, workingDirectory: String, environment: [String: String] = [:], network: Network = .none,
        allowsUnixSockets: Bool = false, writableFolders: [String] = [], timeLimit: Duration = .seconds(60), limits: Limits = Limits()
    ) {
        self.command = command
        self.workingDirectory = workingDirectory
        self.environment = environment
        self.network = network
        self.allowsUnixSockets = allowsUnixSockets
        self.writableFolders = writableFolders
        self.timeLimit = timeLimit
        self.limits = limits
    }
}

/// A piece of output as it was written. May end in the middle of a character.
public struct CommandOutput: Sendable, Hashable {
    /// Where it was written to.
    public enum Stream: Sendable, Hashable { case standardOutput, standardError }
    /// Where it was written to.
    public var stream: Stream
    /// What was written.
    public var bytes: [UInt8]

    /// Makes a piece.
    public init(stream: Stream, bytes: [UInt8]) {
        self.stream = stream
        self.bytes = bytes
    }
}

/// How a command ended.
public struct CommandOutcome: Sendable, Hashable {
    /// How it ended.
    public enum Termination: Sendable, Hashable {
        case exited(code: Int)
        case signalled(Int)
        /// The time limit passed; everything was killed.
        case timedOut
    }

    /// How it ended.
    public var termination: Termination
    /// Bytes of output dropped because of the limit.
    public var omittedBytes: Int

    /// Makes an outcome.
    public init(termination: Termination, omittedBytes: Int = 0) {
        self.termination = termination
        self.omittedBytes = omittedBytes
    }
}

/// Why a command was not started.
public struct CommandRunnerError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure; open.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The raw value.
        public let rawValue: String
        /// Wraps a raw value.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// The sandbox or a demanded control is not available here.
        public static let sandboxUnavailable = Code(rawValue: "sandboxUnavailable")
        /// The working folder is not there or not acceptable.
        public static let badWorkingDirectory = Code(rawValue: "badWorkingDirectory")
        /// The program could not be started.
        public static let spawnFailed = Code(rawValue: "spawnFailed")
    }

    /// The kind of failure.
    public let code: Code
    /// What happened and what to do next.
    public let reason: String
    /// In words, for people and logs.
    public var description: String { reason }

    /// Makes an error.
    public init(_ code: Code, reason: String) {
        self.code = code
        self.reason = reason
    }
}
