// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import CLauncher
public import MegaCore
import Synchronization

/// Runs commands in a bubblewrap sandbox.
///
/// Inside: own user, process, network, mount, IPC, host-name and control group namespaces; of the host's files only the system's own,
/// read-only and without what strangers may not read; the chosen folders writable, except their protected names; no capabilities; a
/// filter of system calls; no network, or destinations of a list through a proxy; nothing inherited from the environment, no
/// descriptors; limits on processor time, memory, file size, descriptors and processes.
///
/// What the machine can do is tried at the first use, see ``coverage()``. When a required control does not hold, nothing is run.
public final class BubblewrapRunner: CommandRunner {
    /// What is required unless the host says otherwise: everything but a limit on the memory of all processes together, which needs
    /// control groups that an ordinary user often has not got.
    public static let standardRequirements = Set(SandboxCoverage.Control.allCases).subtracting([.totalMemory])

    /// Absolute paths that are invisible inside, such as the folder of the assistant's own data.
    public let hiddenPaths: [String]
    /// Folders beside the system's that can be read inside.
    public let readableFolders: [String]
    /// Names no command can change: relative to every writable folder, or absolute. See ``ProtectedPaths``.
    public let protectedPaths: [String]
    /// Controls without which nothing is run.
    public let requirements: Set<SandboxCoverage.Control>

    private let identity: CommandIdentity?
    private let bubblewrapPath: String?
    private let probed = Mutex<BubblewrapProbe.Finding?>(nil)

    /// - Parameters:
    ///   - hiddenPaths: See ``hiddenPaths``. Links in them are followed.
    ///   - readableFolders: See ``readableFolders``. Links in them are followed; those that are not there are left out.
    ///   - protectedPaths: See ``protectedPaths``. A slash at the end means a folder.
    ///   - requirements: See ``requirements``.
    ///   - identity: The user commands run as. Only root can change it.
    ///   - bubblewrapPath: The sandbox program, or nil to look for `bwrap` in the system's folders.
    public init(
        hiddenPaths: [String] = [], readableFolders: [String] = [], protectedPaths: [String] = ProtectedPaths.standard,
        requirements: Set<SandboxCoverage.Control> = BubblewrapRunner.standardRequirements, identity: CommandIdentity? = nil,
        bubblewrapPath: String? = nil
    ) {
        self.hiddenPaths = hiddenPaths.map { HostPath.resolved($0) ?? $0 }
        self.readableFolders = readableFolders.compactMap { HostPath.resolved($0) }
        self.protectedPaths = protectedPaths
        self.requirements = requirements
        self.identity = identity
        self.bubblewrapPath = bubblewrapPath
    }

    /// See `CommandRunner.confinement`.
    public var confinement: String {
        Confinement(
            name: "bubblewrap", hiddenPaths: hiddenPaths, readableFolders: readableFolders, protectedPaths: protectedPaths,
            requirements: requirements, identity: identity
        ).summary
    }

    /// See `CommandRunner.run(_:output:)`.
    public func run(_ request: CommandRequest, output: @escaping @Sendable (CommandOutput) async -> Void) async throws -> CommandOutcome {
        let setup = try await prepared().setup(for: request, requirements)
        let meter = OutputMeter(limit: request.limits.outputBytes, output: output)
        return try await run(request, setup, meter)
    }

    private func run(_ request: CommandRequest, _ setup: BubblewrapSetup, _ meter: OutputMeter) async throws -> CommandOutcome {
        let run = try await Blocking.run { [hiddenPaths, protectedPaths] in
            try RequestCheck.check(request)
            if case .program(let argv) = request.command {
                _ = try RequestCheck.program(argv[0], path: BubblewrapArguments.environment(request)["PATH"] ?? "")
            }
            let folders = try RequestCheck.folders(of: request, hiddenPaths: hiddenPaths)
            return try BubblewrapRun(request, setup, folders: folders, protectedPaths: protectedPaths)
        }
        let result: Result<ChildProcess.End, any Error>
        do {
            result = .success(
                try await ChildProcess.run(
                    run.plan, statusPipe: run.status.reading, timeLimit: request.timeLimit,
                    disk: .init(folders: run.folders, limit: request.limits.diskBytes), hooks: run.hooks, meter: meter))
        } catch {
            result = .failure(error)
        }
        try await Blocking.run { run.finish() }
        return try BubblewrapRun.outcome(of: result, meter)
    }

    /// Removes what an earlier run that was killed left of protected names in folders: the empty folders that keep them occupied while
    /// a command runs. Call it at the start; the next command would do it as well.
    ///
    /// - Throws: Nothing but `CancellationError`; what cannot be removed stays.
    public func removeLeftovers(in folders: [String]) async throws {
        try await Blocking.run { [protectedPaths] in
            for folder in folders { if let resolved = HostPath.resolved(folder) { Protection.removeLeftovers(in: resolved, names: protectedPaths) } }
        }
    }

    /// What the trial of the sandbox found.
    public func health() async -> ComponentHealth {
        do {
            let finding = try await prepared()
            let missing = finding.coverage.missing(of: requirements)
            guard missing.isEmpty else { return .down(SandboxRefusal.reason(missing, finding.coverage)) }
            let weaker = finding.coverage.missing(of: Set(SandboxCoverage.Control.allCases))
            return ComponentHealth(
                .healthy,
                detail: weaker.isEmpty ? "Commands run confined." : "Commands run confined, without: \(weaker.map(\.title).joined(separator: ", ")).")
        } catch {
            return .down(String(describing: error))
        }
    }

    /// What the trial of the sandbox found, control by control.
    public func coverage() async -> SandboxCoverage {
        do {
            var coverage = try await prepared().coverage
            if protectedPaths.isEmpty { coverage[.protectedPaths] = .notAsked }
            return coverage
        } catch {
            return SandboxCoverage(
                Dictionary(uniqueKeysWithValues: SandboxCoverage.Control.allCases.map { ($0, .notAvailable("\(error)")) }))
        }
    }

    private func prepared() async throws -> BubblewrapProbe.Finding {
        if let known = probed.withLock({ $0 }), known.isFresh { return known }
        let known = probed.withLock { $0 }
        let finding = try await BubblewrapProbe.run(
            bubblewrapPath: bubblewrapPath, hiddenPaths: hiddenPaths, readableFolders: readableFolders, identity: identity, known: known)
        // A missing sandbox is looked for again next time, so that installing it needs no restart.
        probed.withLock { $0 = finding }
        return finding
    }
}
