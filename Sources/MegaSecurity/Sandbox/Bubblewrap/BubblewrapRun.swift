// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import CLauncher
import MegaCore
import Synchronization

/// What the trial found out about the machine, ready to be used.
struct BubblewrapSetup: Sendable {
    var bubblewrap: String
    var arguments: BubblewrapArguments
    var groups: ControlGroups
    var architecture: Architecture
    var identity: CommandIdentity?
}

/// One command in the sandbox: what is made for it, and what has to go afterwards.
final class BubblewrapRun: Sendable {
    let plan: LaunchPlan
    /// What it may write.
    let folders: [String]
    let status: (reading: Descriptor, writing: Descriptor)
    private let request: CommandRequest
    private let block: (reading: Descriptor, writing: Descriptor)?
    private let protection: [Protection]
    private let group: RunGroup?
    private let proxy: EgressProxy?
    private let isKnown = Atomic<Bool>(false)

    /// - Parameter folders: Writable; empty for the trial.
    init(_ request: CommandRequest, _ setup: BubblewrapSetup, folders: [String], protectedPaths: [String]) throws {
        self.request = request
        self.folders = folders
        var protection: [Protection] = []
        var group: RunGroup?
        do {
            for folder in folders { protection.append(try Protection(of: folder, names: protectedPaths)) }
            group = try setup.groups.make(processes: request.limits.processes, memory: request.limits.memoryBytes)
            status = try Descriptor.pipe()
            var sockets = SystemCallFilter.Sockets.internet
            if case .allowList(let policy) = request.network {
                block = try Descriptor.pipe()
                proxy = try EgressProxy(policy: policy)
                sockets = .internet
            } else {
                (block, proxy) = (nil, nil)
            }
            let filter = SystemCallFilter(sockets: sockets, allowsUnixSockets: request.allowsUnixSockets, hasNamespaces: true)
            let bytes = filter.program(for: setup.architecture).bytes
            let memory = try Descriptor(owning: bytes.withUnsafeBytes { mega_memory("filter", $0.baseAddress, $0.count) })
            if let block {
                // The sandbox waits on it, so reading must block.
                try block.reading.makeBlocking()
            }
            plan = LaunchPlan(
                path: setup.bubblewrap,
                arguments: ["bwrap"] + setup.arguments.words(for: request, folders: folders, protection: protection, waits: block != nil),
                environment: ["PATH": "/usr/bin:/bin"],
                descriptors: [status.writing, memory] + (block.map { [$0.reading] } ?? []), groups: group?.entries ?? [],
                limits: LaunchPlan.Limit.perProcess(request.limits), identity: setup.identity)
        } catch {
            for part in protection { part.release() }
            group?.remove()
            if let error = error as? SystemError {
                throw CommandRunnerError(.spawnFailed, reason: "The sandbox could not be prepared: \(error).")
            }
            throw error
        }
        self.protection = protection
        self.group = group
    }

    /// What happens beside the command.
    var hooks: ChildProcess.Hooks {
        ChildProcess.Hooks(status: { [self] in try learned($0) }, kill: { [group] in group?.killAll() })
    }

    /// The sandbox has said something; the number of its first process comes before anything runs.
    private func learned(_ text: String) throws -> Descriptor? {
        guard !isKnown.load(ordering: .relaxed), let pid = Self.number("child-pid", in: text) else { return nil }
        isKnown.store(true, ordering: .relaxed)
        if let proxy, let block {
            var port = BubblewrapArguments.proxyPort
            do {
                try proxy.start(on: try Descriptor(owning: LaunchedChildren.helping { mega_listen_in(CInt(pid), &port) }))
            } catch {
                throw CommandRunnerError(.sandboxUnavailable, reason: "The proxy cannot be put into the sandbox's network: \(error).")
            }
            try block.writing.write([1])
        }
        let process = mega_open_process(CInt(pid))
        return process >= 0 ? try Descriptor(owning: process) : nil
    }

    /// Removes everything that was made for it. Blocks for a moment.
    func finish() {
        proxy?.stop()
        group?.remove()
        for part in protection { part.release() }
    }

    // MARK: - The end

    static func outcome(of result: Result<ChildProcess.End, any Error>, _ meter: OutputMeter) throws -> CommandOutcome {
        let end: ChildProcess.End
        do {
            end = try result.get()
        } catch let error as LaunchError {
            throw CommandRunnerError(.spawnFailed, reason: "The sandbox could not be started: \(error).")
        } catch let error as SystemError {
            throw CommandRunnerError(.spawnFailed, reason: "The sandbox could not be watched: \(error).")
        }
        if end.filledDisk { return CommandOutcome(termination: .overfilled, omittedBytes: meter.omittedBytes) }
        if end.timedOut { return CommandOutcome(termination: .timedOut, omittedBytes: meter.omittedBytes) }
        // The exit code is reported on the status descriptor, which no command has, and only when the command was started.
        guard let code = number("exit-code", in: end.status) else {
            if end.code > 128 { return CommandOutcome(termination: .signalled(Int(end.code) - 128), omittedBytes: meter.omittedBytes) }
            throw CommandRunnerError(
                .spawnFailed, reason: "The sandbox could not be set up: \(OutputSanitizer.clean(meter.firstError).prefix(300))")
        }
        return CommandOutcome(termination: .ofExitCode(code), omittedBytes: meter.omittedBytes)
    }

    /// A whole number of the status, whose lines are JSON objects with plain names.
    static func number(_ name: String, in text: String) -> Int? {
        for line in text.split(separator: "\n") {
            guard let document = try? JSONValue(parsing: Array(line.utf8)), let number = document[name]?.integerValue else { continue }
            return Int(exactly: number)
        }
        return nil
    }
}
