// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// The words that start the sandbox.
struct BubblewrapArguments: Sendable {
    /// The folders of the system that a command may read. Everything else is not there unless it is named.
    static let systemFolders = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc", "/opt", "/nix/store", "/gnu/store"]
    /// The places every sandbox hides: other people's files, sockets, and what programs leave in temporary folders.
    static let alwaysHidden = ["/tmp", "/var/tmp", "/root", "/home", "/run", "/mnt", "/media", "/srv", "/proc", "/sys", "/dev"]
    /// The port of the proxy, in the sandbox's own network, where nothing else is.
    static let proxyPort: UInt16 = 3128
    /// The child's descriptors.
    enum Number {
        static let status = 3
        static let filter = 4
        static let block = 5
    }

    /// What the host hides.
    var hiddenPaths: [String]
    /// What the system keeps from strangers, see ``HiddenPlaces``.
    var hiddenPlaces: [String]
    var readableFolders: [String]
    var supportsDisablingNamespaces: Bool
    var supportsSizes: Bool
    /// Absolute path of `prlimit`, when the number of processes is to be limited that way.
    var limiter: String?

    /// - Parameters:
    ///   - folders: Writable, resolved; the first is the working folder. Empty for the trial: then everything is read-only.
    ///   - waits: Whether the command waits for a byte on the block descriptor.
    func words(for request: CommandRequest, folders: [String], protection: [Protection], waits: Bool) -> [String] {
        var words = ["--unshare-all", "--unshare-user"]
        if request.network == .open { words.append("--share-net") }
        if supportsDisablingNamespaces { words.append("--disable-userns") }
        words += ["--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"]
        words += ["--json-status-fd", "\(Number.status)", "--seccomp", "\(Number.filter)"]
        if waits { words += ["--block-fd", "\(Number.block)"] }
        for (name, value) in Self.environment(request).sorted(by: { $0.key < $1.key }) { words += ["--setenv", name, value] }
        var visible = Self.systemFolders.filter { HostPath.kind($0) != .missing }
        for path in visible {
            if let target = HostPath.link(path) { words += ["--symlink", target, path] } else { words += ["--ro-bind", path, path] }
        }
        words += ["--proc", "/proc", "--dev", "/dev"]
        for path in ["/tmp", "/var/tmp", "/dev/shm"] { words += temporary(path, request.limits.memoryBytes) }
        for path in ["/home", "/root", "/run"] { words += ["--dir", path] }
        words += ["--symlink", "../run", "/var/run"]
        if request.network == .open, let resolver = HostPath.resolved("/etc/resolv.conf"), !Self.contains("/etc", resolver) {
            words += ["--ro-bind", resolver, resolver]
        }
        for path in hiddenPlaces where visible.contains(where: { Self.contains($0, path) }) { words += hide(path) }
        for path in readableFolders { words += ["--ro-bind", path, path] }
        visible += readableFolders
        let hiddenOutside = hiddenPaths.filter { path in !folders.contains { Self.contains($0, path) && $0 != path } }
        for path in hiddenOutside where visible.contains(where: { Self.contains($0, path) }) { words += hide(path) }
        for folder in folders.sorted() { words += ["--bind", folder, folder] }
        for path in hiddenPaths where !hiddenOutside.contains(path) { words += hide(path) }
        for path in protection.flatMap(\.anchored) { words += ["--bind", path, path] }
        for path in protection.flatMap(\.readOnly) { words += ["--ro-bind", path, path] }
        // Root owns the switches of the kernel in /proc/sys and may write them without any capability, so that must not be writable.
        words += ["--remount-ro", "/proc", "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", folders.first ?? "/", "--"]
        if let limiter { words += [limiter, "--nproc=\(max(1, request.limits.processes)):\(max(1, request.limits.processes))", "--"] }
        return words + request.words
    }

    private func temporary(_ path: String, _ bytes: Int) -> [String] {
        (supportsSizes ? ["--size", "\(max(1 << 20, bytes))"] : []) + ["--tmpfs", path]
    }

    static func environment(_ request: CommandRequest) -> [String: String] {
        var base = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/tmp", "TMPDIR": "/tmp", "LANG": "C.UTF-8"]
        if case .allowList = request.network {
            let address = "http://127.0.0.1:\(proxyPort)"
            for name in ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"] { base[name] = address }
            base["NO_PROXY"] = ""
            base["no_proxy"] = ""
        }
        return base.merging(request.environment) { $1 }
    }

    private func hide(_ path: String) -> [String] {
        switch HostPath.kind(path) {
        case .directory: temporary(path, 1 << 20) + ["--remount-ro", path]
        case .other: ["--ro-bind", "/dev/null", path]
        case .missing: []
        }
    }

    /// Whether `path` is `folder` or lies below it.
    static func contains(_ folder: String, _ path: String) -> Bool {
        path == folder || path.hasPrefix(folder.hasSuffix("/") ? folder : folder + "/")
    }
}

extension CommandRequest {
    /// The program and its arguments.
    var words: [String] {
        switch command {
        case .shell(let text): ["/bin/sh", "-c", text]
        case .program(let argv): argv
        }
    }
}
