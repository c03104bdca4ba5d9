// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import CLauncher
import MegaCore
import Synchronization

/// Tries what the sandbox promises, by running a script inside that attempts what must fail.
enum BubblewrapProbe {
    /// What the trial found.
    struct Finding: Sendable {
        var setup: BubblewrapSetup
        var coverage: SandboxCoverage
        var foundAt: ContinuousClock.Instant

        /// Files that strangers may not read come and go; the rest of the finding stays true.
        var isFresh: Bool { foundAt.duration(to: .now) < .seconds(60) }

        /// The setup, when it fulfils what is required.
        func setup(for request: CommandRequest, _ requirements: Set<SandboxCoverage.Control>) throws -> BubblewrapSetup {
            try SandboxRefusal.check(coverage, requirements, for: request)
            return setup
        }
    }

    /// Prints a word for every attempt that succeeds and must not, and `checked` when it got to the end.
    private static let script = """
        for f in /etc/.megabot /usr/.megabot /.megabot /dev/.megabot /proc/sys/kernel/hostname /proc/self/comm; do ( : > $f ) 2>/dev/null && echo file_writes; done
        for d in /home /root /run /sys /var/lib /mnt /srv; do [ -z "$(ls -A $d 2>/dev/null)" ] || echo file_reads; done
        status=$(cat /proc/self/status 2>/dev/null)
        case "$status" in *CapEff:*0000000000000000*) ;; *) echo namespaces ;; esac
        case "$status" in *CapBnd:*0000000000000000*) ;; *) echo namespaces ;; esac
        case "$status" in *NoNewPrivs:*1*) ;; *) echo namespaces ;; esac
        case "$status" in *Seccomp:*2*) ;; *) echo system_calls ;; esac
        while IFS=: read -r name rest; do case "$name" in *lo|*Inter*|*face*) ;; *) echo network ;; esac; done < /proc/net/dev
        [ "$$" -lt 100 ] || echo processes
        [ "$(ulimit -c)" = 0 ] || echo limits
        [ "$(ulimit -n)" = 64 ] || echo limits
        env | while IFS='=' read -r name rest; do case "$name" in HOME|LANG|PATH|PWD|TMPDIR|_|OLDPWD|SHLVL) ;; *) echo environment ;; esac; done
        for n in 3 4 5 6 7 8 9; do [ -e /proc/self/fd/$n ] && [ "$(readlink /proc/$$/fd/$n)" ] && echo descriptors; done
        echo checked
        """

    static func run(
        bubblewrapPath: String?, hiddenPaths: [String], readableFolders: [String], identity: CommandIdentity?, known: Finding?
    ) async throws -> Finding {
        let places = try await Blocking.run { HiddenPlaces.find() }
        if var known {
            known.setup.arguments.hiddenPlaces = places
            known.foundAt = .now
            return known
        }
        var setup = try await self.setup(bubblewrapPath: bubblewrapPath, hiddenPaths, readableFolders, places, identity)
        var coverage = try await tried(setup)
        describe(&coverage, &setup)
        coverage[.destinations] = await destinations(setup)
        return Finding(setup: setup, coverage: coverage, foundAt: .now)
    }

    private static func setup(
        bubblewrapPath: String?, _ hiddenPaths: [String], _ readableFolders: [String], _ places: [String], _ identity: CommandIdentity?
    ) async throws -> BubblewrapSetup {
        guard let bubblewrap = bubblewrapPath ?? HostPath.program("bwrap"), HostPath.kind(bubblewrap) == .other else {
            throw CommandRunnerError(
                .sandboxUnavailable,
                reason: "bubblewrap (bwrap) is not installed, so no command can be run. Install it (apt-get install bubblewrap), or choose Landlock, "
                    + "which does less (tools.commands.sandbox: landlock).")
        }
        guard let architecture = Architecture(identifier: mega_architecture()) else {
            throw CommandRunnerError(
                .sandboxUnavailable, reason: "System calls cannot be filtered on this processor: only x86-64 and 64-bit ARM are known.")
        }
        let text = TextBox()
        let help = LaunchPlan(path: bubblewrap, arguments: ["bwrap", "--help"], environment: ["PATH": "/usr/bin:/bin"])
        do {
            _ = try await ChildProcess.run(help, timeLimit: .seconds(20), meter: OutputMeter(limit: 64 << 10) { text.append($0.bytes) })
        } catch let error as LaunchError {
            throw CommandRunnerError(.sandboxUnavailable, reason: "\(bubblewrap) cannot be run: \(error).")
        }
        let options = text.value
        for needed in ["--json-status-fd", "--seccomp", "--block-fd"] where !options.contains(needed) {
            throw CommandRunnerError(
                .sandboxUnavailable, reason: "\(bubblewrap) does not know \(needed). Install bubblewrap 0.4 or newer.")
        }
        return BubblewrapSetup(
            bubblewrap: bubblewrap,
            arguments: BubblewrapArguments(
                hiddenPaths: hiddenPaths, hiddenPlaces: places, readableFolders: readableFolders,
                supportsDisablingNamespaces: options.contains("--disable-userns"), supportsSizes: options.contains("--size "), limiter: nil),
            groups: try await Blocking.run { ControlGroups.probe() }, architecture: architecture, identity: identity)
    }

    /// Runs the script and takes its word for what does not hold.
    private static func tried(_ setup: BubblewrapSetup) async throws -> SandboxCoverage {
        var setup = setup
        // What the host lets commands read would look like a leak.
        setup.arguments.readableFolders = []
        let request = CommandRequest(command: .shell(script), workingDirectory: "/", timeLimit: .seconds(20), limits: .init(openFiles: 64))
        let (end, text) = try await output(request, setup)
        guard !end.timedOut else { throw CommandRunnerError(.sandboxUnavailable, reason: "The sandbox did not start within 20 seconds.") }
        let words = text.split(whereSeparator: \.isNewline).map(String.init)
        guard BubblewrapRun.number("exit-code", in: end.status) == 0, words.contains("checked") else {
            throw CommandRunnerError(
                .sandboxUnavailable,
                reason: "The sandbox does not work on this machine: \(OutputSanitizer.clean(text).prefix(300)) "
                    + "In a container, allow user namespaces (for Docker: --security-opt seccomp=unconfined or --privileged).")
        }
        var coverage = SandboxCoverage()
        for control in SandboxCoverage.Control.allCases {
            coverage[control] = words.contains(control.rawValue) ? .notAvailable("it was tried and does not hold") : .applied("")
        }
        return coverage
    }

    /// Says how each control is done, and finds a way to limit the number of processes.
    private static func describe(_ coverage: inout SandboxCoverage, _ setup: inout BubblewrapSetup) {
        var words: [SandboxCoverage.Control: String] = [
            .fileReads: "only the system's own files, without the \(setup.arguments.hiddenPlaces.count) that strangers may not read",
            .fileWrites: "only the chosen folders and private temporary ones",
            .protectedPaths: "mounted read-only, those that do not exist yet as well",
            .network: "a network namespace of its own",
            .processes: "a process namespace of its own, which dies whole",
            .namespaces: "no capabilities, no new privileges, no namespaces inside"
                + (setup.arguments.supportsDisablingNamespaces ? " (refused twice)" : ""),
            .systemCalls: "a filter of \(SystemCall.privileged.count + SystemCall.absent.count) calls, sockets by family",
            .limits: "processor time, address space, file size, descriptors, no core files",
            .environment: "built from nothing", .descriptors: "standard input, output and error only",
        ]
        if setup.groups.limitsProcesses {
            words[.processCount] = "a control group for each command"
        } else if HostPath.isRoot, setup.identity == nil || setup.identity?.user == 0 {
            coverage[.processCount] = .notAvailable("root is bound by no limit, and the pids control group cannot be used; run as an ordinary user")
        } else if let limiter = HostPath.program("prlimit") {
            setup.arguments.limiter = limiter
            words[.processCount] = "a limit of the user inside"
        } else {
            coverage[.processCount] = .notAvailable("prlimit is not installed (apt-get install util-linux)")
        }
        if setup.groups.limitsMemory {
            words[.totalMemory] = "a control group for each command"
        } else {
            coverage[.totalMemory] = .notAvailable("the memory control group cannot be used; each process is limited by itself")
        }
        for (control, text) in words { if case .applied = coverage[control] { coverage[control] = .applied(text) } }
    }

    /// Whether a socket can be put into the sandbox's network.
    private static func destinations(_ setup: BubblewrapSetup) async -> SandboxCoverage.State {
        let request = CommandRequest(
            command: .shell("exit 7"), workingDirectory: "/", network: .allowList(.nothing), timeLimit: .seconds(20))
        do {
            let (end, _) = try await output(request, setup)
            return BubblewrapRun.number("exit-code", in: end.status) == 7
                ? .applied("a proxy of this program listens in the sandbox's network") : .notAvailable("the sandbox did not wait for its proxy")
        } catch {
            return .notAvailable("\(error)")
        }
    }

    private static func output(_ request: CommandRequest, _ setup: BubblewrapSetup) async throws -> (ChildProcess.End, String) {
        let text = TextBox()
        let meter = OutputMeter(limit: 64 << 10) { text.append($0.bytes) }
        let run = try await Blocking.run { try BubblewrapRun(request, setup, folders: [], protectedPaths: []) }
        let result: Result<ChildProcess.End, any Error>
        do {
            result = .success(
                try await ChildProcess.run(run.plan, statusPipe: run.status.reading, timeLimit: request.timeLimit, hooks: run.hooks, meter: meter))
        } catch let error as LaunchError {
            result = .failure(CommandRunnerError(.sandboxUnavailable, reason: "\(setup.bubblewrap) cannot be run: \(error)."))
        } catch {
            result = .failure(error)
        }
        try await Blocking.run { run.finish() }
        return (try result.get(), text.value)
    }
}

/// Bytes gathered from a closure.
final class TextBox: Sendable {
    private let bytes = Mutex<[UInt8]>([])
    func append(_ more: [UInt8]) { bytes.withLock { $0.append(contentsOf: more) } }
    var value: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }
}
