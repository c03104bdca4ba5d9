// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// The words that start the sandbox.
struct BubblewrapArguments {
    /// The places every sandbox hides: other people's files, sockets, and what programs leave in temporary folders.
    static let alwaysHidden = ["/tmp", "/var/tmp", "/root", "/home", "/run", "/mnt", "/media", "/srv"]

    var hiddenPaths: [String]
    var supportsDisablingNamespaces: Bool
    /// Absolute path of `prlimit`.
    var limiter: String

    /// - Parameter workingDirectory: Nil for none: then everything is read-only.
    func words(for request: CommandRequest, workingDirectory: String?) -> [String] {
        var words = ["--unshare-all", "--unshare-user"]
        if request.allowsNetwork { words.append("--share-net") }
        if supportsDisablingNamespaces { words.append("--disable-userns") }
        words += ["--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"]
        for (name, value) in Self.environment(request.environment).sorted(by: { $0.key < $1.key }) { words += ["--setenv", name, value] }
        words += ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
        for path in Self.alwaysHidden where HostPath.kind(path) == .directory { words += ["--tmpfs", path] }
        if request.allowsNetwork, let resolver = HostPath.resolved("/etc/resolv.conf"), Self.isHidden(resolver) {
            words += ["--ro-bind", resolver, resolver]
        }
        for path in hiddenPaths where !(workingDirectory.map { Self.contains($0, path) } ?? false) { words += Self.hide(path) }
        if let folder = workingDirectory {
            words += ["--bind", folder, folder]
            for path in hiddenPaths where Self.contains(folder, path) && path != folder { words += Self.hide(path) }
            words += ["--chdir", folder]
        } else {
            words += ["--chdir", "/"]
        }
        words.append("--")
        let limits = request.limits
        words += [
            limiter, "--cpu=\(limits.cpuSeconds)", "--as=\(limits.memoryBytes)", "--nproc=\(limits.processes)", "--fsize=\(limits.fileBytes)",
            "--nofile=\(limits.openFiles)", "--core=0", "--",
        ]
        switch request.command {
        case .shell(let text): words += ["/bin/sh", "-c", text]
        case .program(let argv): words += argv
        }
        return words
    }

    private static func environment(_ given: [String: String]) -> [String: String] {
        ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/tmp", "TMPDIR": "/tmp", "LANG": "C.UTF-8"].merging(given) { $1 }
    }

    private static func hide(_ path: String) -> [String] {
        switch HostPath.kind(path) {
        case .directory: ["--tmpfs", path]
        case .other: ["--ro-bind", "/dev/null", path]
        case .missing: []
        }
    }

    private static func isHidden(_ path: String) -> Bool { alwaysHidden.contains { contains($0, path) } }

    /// Whether `path` is `folder` or lies below it.
    static func contains(_ folder: String, _ path: String) -> Bool {
        path == folder || path.hasPrefix(folder.hasSuffix("/") ? folder : folder + "/")
    }
}
