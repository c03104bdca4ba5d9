// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import CLauncher
public import MegaCore
import Synchronization

/// Runs commands confined by Landlock and a filter of system calls, where bubblewrap or user namespaces are missing.
///
/// There are no namespaces: a command sees the host's paths but opens only the system's own files and its folders. It has no network
/// sockets unless the network is open, no Unix sockets, cannot signal, trace or limit other processes, and cannot change modes, owners or
/// attributes of files, because Landlock does not watch those. HOME and TMPDIR are the working folder. It cannot leave its process group,
/// which is killed whole.
///
/// Weaker than ``BubblewrapRunner``: names inside a writable folder cannot be protected, no list of destinations can be enforced, the
/// existence and size of any file can be asked for, and when the host program itself is killed only the command's first process dies with
/// it.
public final class LandlockRunner: CommandRunner {
    /// What is required unless the host says otherwise: all that Landlock can do.
    public static let standardRequirements = BubblewrapRunner.standardRequirements.subtracting([.protectedPaths, .destinations])

    /// Absolute paths that cannot be read.
    public let hiddenPaths: [String]
    /// Folders beside the system's that can be read.
    public let readableFolders: [String]
    /// Controls without which nothing is run.
    public let requirements: Set<SandboxCoverage.Control>

    private let identity: CommandIdentity?
    private let probed = Mutex<Finding?>(nil)

    private struct Finding: Sendable {
        var rules: LandlockRules
        var groups: ControlGroups
        var architecture: Architecture
        var coverage: SandboxCoverage
        var foundAt = ContinuousClock.now
    }

    /// - Parameters:
    ///   - hiddenPaths: See ``hiddenPaths``. Links in them are followed.
    ///   - readableFolders: See ``readableFolders``. Links in them are followed; those that are not there are left out.
    ///   - requirements: See ``requirements``.
    ///   - identity: The user commands run as. Only root can change it.
    public init(
        hiddenPaths: [String] = [], readableFolders: [String] = [],
        requirements: Set<SandboxCoverage.Control> = LandlockRunner.standardRequirements, identity: CommandIdentity? = nil
    ) {
        self.hiddenPaths = hiddenPaths.map { HostPath.resolved($0) ?? $0 }
        self.readableFolders = readableFolders.compactMap { HostPath.resolved($0) }
        self.requirements = requirements
        self.identity = identity
    }

    /// See `CommandRunner.confinement`.
    public var confinement: String {
        Confinement(
            name: "Landlock", hiddenPaths: hiddenPaths, readableFolders: readableFolders, requirements: requirements, identity: identity
        ).summary
    }

    /// See `CommandRunner.run(_:output:)`.
    public func run(_ request: CommandRequest, output: @escaping @Sendable (CommandOutput) async -> Void) async throws -> CommandOutcome {
        let finding = try await prepared()
        try SandboxRefusal.check(finding.coverage, requirements, for: request)
        let meter = OutputMeter(limit: request.limits.outputBytes, output: output)
        let (plan, group, folders) = try await Blocking.run { [hiddenPaths] in
            try RequestCheck.check(request)
            let folders = try RequestCheck.folders(of: request, hiddenPaths: hiddenPaths)
            let (plan, group) = try self.plan(request, finding, folders: folders)
            return (plan, group, folders)
        }
        let result: Result<ChildProcess.End, any Error>
        do {
            let hooks = ChildProcess.Hooks(kill: { group?.killAll() })
            let disk = ChildProcess.Disk(folders: folders, limit: request.limits.diskBytes)
            result = .success(try await ChildProcess.run(plan, timeLimit: request.timeLimit, disk: disk, hooks: hooks, meter: meter))
        } catch {
            result = .failure(error)
        }
        try await Blocking.run { group?.remove() }
        do {
            let end = try result.get()
            if end.filledDisk { return CommandOutcome(termination: .overfilled, omittedBytes: meter.omittedBytes) }
            if end.timedOut { return CommandOutcome(termination: .timedOut, omittedBytes: meter.omittedBytes) }
            return CommandOutcome(termination: .ofExitCode(Int(end.code)), omittedBytes: meter.omittedBytes)
        } catch let error as LaunchError {
            throw CommandRunnerError(.spawnFailed, reason: "The command could not be started: \(error).")
        } catch let error as SystemError {
            throw CommandRunnerError(.spawnFailed, reason: "The command could not be watched: \(error).")
        }
    }

    /// What the trial found.
    public func health() async -> ComponentHealth {
        do {
            let coverage = try await prepared().coverage
            let missing = coverage.missing(of: requirements)
            guard missing.isEmpty else { return .down(SandboxRefusal.reason(missing, coverage)) }
            let weaker = coverage.missing(of: Set(SandboxCoverage.Control.allCases))
            return ComponentHealth(
                .healthy, detail: "Commands run confined by Landlock, without: \(weaker.map(\.title).joined(separator: ", ")).")
        } catch {
            return .down(String(describing: error))
        }
    }

    /// What the trial found, control by control.
    public func coverage() async -> SandboxCoverage {
        do {
            return try await prepared().coverage
        } catch {
            return SandboxCoverage(
                Dictionary(uniqueKeysWithValues: SandboxCoverage.Control.allCases.map { ($0, .notAvailable("\(error)")) }))
        }
    }

    // MARK: - One command

    private func plan(_ request: CommandRequest, _ finding: Finding, folders: [String]) throws -> (LaunchPlan, RunGroup?) {
        var environment = [
            "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folders.first ?? "/", "TMPDIR": folders.first ?? "/", "LANG": "C.UTF-8",
            "PWD": folders.first ?? "/",
        ].merging(request.environment) { $1 }
        environment["PWD"] = folders.first ?? "/"
        let words = request.words
        let path = try RequestCheck.program(words.first ?? "", path: environment["PATH"] ?? "")
        let filter = SystemCallFilter(
            sockets: request.network == .open ? .internet : .none, allowsUnixSockets: request.allowsUnixSockets, hasNamespaces: false)
        do {
            let rules = try finding.rules.make(writable: folders)
            let group = try finding.groups.make(processes: request.limits.processes, memory: request.limits.memoryBytes)
            var limits = LaunchPlan.Limit.perProcess(request.limits)
            if group == nil || !finding.groups.limitsProcesses {
                // The limit counts every process of the user, not only those of the command.
                let others = UserProcesses.count(of: identity?.user ?? HostPath.user)
                limits.append(.init(resource: CInt(MEGA_LIMIT_PROCESSES), value: UInt64(max(1, request.limits.processes) + others)))
            }
            let plan = LaunchPlan(
                path: path, arguments: words, environment: environment, directory: folders.first ?? "/", groups: group?.entries ?? [],
                limits: limits, identity: identity, dropsCapabilities: true, landlock: rules,
                filter: filter.program(for: finding.architecture).words)
            return (plan, group)
        } catch let error as SystemError {
            throw CommandRunnerError(.spawnFailed, reason: "The command's confines could not be prepared: \(error).")
        }
    }

    // MARK: - The trial

    /// Prints a word for every attempt that succeeds and must not, and `checked` when it got to the end.
    private static let script = """
        for f in /etc/.megabot /usr/.megabot /tmp/.megabot /.megabot; do ( : > $f ) 2>/dev/null && echo file_writes; done
        for f in /etc/shadow /etc/gshadow /proc/1/environ /proc/self/environ; do ( read -r line < $f ) 2>/dev/null && echo file_reads; done
        for d in /root /home /tmp /var /proc; do ls $d >/dev/null 2>&1 && echo file_reads; done
        kill -0 $OUTSIDE 2>/dev/null && echo processes
        [ "$(ulimit -c)" = 0 ] || echo limits
        [ "$(ulimit -n)" = 64 ] || echo limits
        echo checked
        """

    private func prepared() async throws -> Finding {
        if let known = probed.withLock({ $0 }), known.foundAt.duration(to: .now) < .seconds(60) { return known }
        let version = LandlockCoverage.kernelVersion
        guard version > 0 else {
            throw CommandRunnerError(
                .sandboxUnavailable, reason: "This kernel has no Landlock (Linux 5.13 or newer, with Landlock among its security modules).")
        }
        guard let architecture = Architecture(identifier: mega_architecture()) else {
            throw CommandRunnerError(
                .sandboxUnavailable, reason: "System calls cannot be filtered on this processor: only x86-64 and 64-bit ARM are known.")
        }
        let (places, groups) = try await Blocking.run { (HiddenPlaces.find(), ControlGroups.probe()) }
        let readable = Set((BubblewrapArguments.systemFolders + readableFolders).compactMap(HostPath.resolved)).sorted()
        let rules = LandlockRules(version: version, hidden: places + hiddenPaths, readable: readable)
        var finding = Finding(rules: rules, groups: groups, architecture: architecture, coverage: SandboxCoverage())
        let text = TextBox()
        let request = CommandRequest(
            command: .shell(Self.script), workingDirectory: "/", environment: ["OUTSIDE": "\(HostPath.processID)"],
            limits: .init(openFiles: 64))
        let (plan, group) = try await Blocking.run { [finding] in try self.plan(request, finding, folders: []) }
        do {
            _ = try await ChildProcess.run(plan, timeLimit: .seconds(20), meter: OutputMeter(limit: 64 << 10) { text.append($0.bytes) })
        } catch let error as LaunchError {
            group?.remove()
            throw CommandRunnerError(.sandboxUnavailable, reason: "Landlock cannot be used here: \(error).")
        }
        try await Blocking.run { group?.remove() }
        let words = text.value.split(whereSeparator: \.isNewline).map(String.init)
        guard words.contains("checked") else {
            throw CommandRunnerError(.sandboxUnavailable, reason: "The trial of Landlock did not end: \(OutputSanitizer.clean(text.value).prefix(300))")
        }
        finding.coverage = LandlockCoverage.report(version: version, groups: groups, identity: identity, failed: words)
        probed.withLock { [finding] in $0 = finding }
        return finding
    }
}
