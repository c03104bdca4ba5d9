// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// How far a path given to a command reaches.
enum PathReach: Int, Comparable {
    /// In a folder for temporary files.
    case temporary
    /// Something a build makes anew from what is here.
    case buildOutput
    /// Something that has to be downloaded again.
    case dependencies
    /// Somewhere below the current folder.
    case relative
    /// Somewhere else.
    case elsewhere
    /// It begins with a variable that may be empty, or is one.
    case variable
    /// Below a home folder.
    case inHome
    /// All of the current folder, or what is above it.
    case everythingHere
    /// Below a folder of the system.
    case inSystem
    /// A home folder.
    case home
    /// A folder of the system itself.
    case system
    /// The root of the file system.
    case root

    static func < (left: PathReach, right: PathReach) -> Bool { left.rawValue < right.rawValue }

    private static let systemFolders: Set<String> = [
        "bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "libexec", "opt", "proc", "root", "run", "sbin", "srv", "sys", "usr", "var", "home",
        "mnt", "media", "System", "Library", "Applications", "Users", "Volumes", "private", "nix", "snap", "boot.ini",
    ]
    /// Folders below which things belong to people, not to the system.
    private static let sharedFolders: Set<String> = ["home", "Users", "mnt", "media", "srv", "opt", "Volumes", "run"]

    private static let buildFolders: Set<String> = [
        "dist", "build", "target", "out", ".next", ".nuxt", ".svelte-kit", "coverage", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache",
        ".build", "DerivedData", ".gradle", ".turbo", ".parcel-cache", ".nyc_output", "htmlcov", ".tox", "_build", "cmake-build-debug",
        "cmake-build-release", ".cache", "tmp", "temp", "_site", "public/build", ".eggs", "obj",
    ]
    private static let dependencyFolders: Set<String> = ["node_modules", "vendor", ".venv", "venv", "Pods", "bower_components", "Carthage", ".yarn"]

    /// Variables that hold a folder for temporary files.
    private static let temporaryVariables: Set<String> = ["TMPDIR", "TMP", "TEMP", "RUNNER_TEMP", "XDG_RUNTIME_DIR"]

    static func of(_ word: ShellWord) -> PathReach {
        var path = word.pattern
        if path.utf8.contains(0x5C) || path.utf8.dropFirst().first == 0x3A { path = windows(path) }
        if path == "$HOME" || path == "~" || path == "$HOME/" || path == "~/" || path == "%USERPROFILE%" || path == "$env:USERPROFILE" || path == "$PWD/.." { return .home }
        let isHome = path.hasPrefix("~/") || path.hasPrefix("$HOME/") || path.hasPrefix("$env:USERPROFILE/") || path.hasPrefix("%USERPROFILE%/")
        if isHome || path.hasPrefix("~") && !path.utf8.contains(0x2F) && word.dynamics.contains(.tilde) {
            let parts = components(String(path.drop { $0 != "/" }))
            guard let parts else { return .system }
            if parts.isEmpty || parts == ["*"] || parts == [".*"] || parts == [".[!.]*"] { return .home }
            return .inHome
        }
        if path.hasPrefix("$") {
            let name = path.dropFirst().prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            let rest = path.dropFirst(1 + name.count)
            if name == "PWD" || name == "OLDPWD" {
                guard let parts = components(String(rest)) else { return .system }
                return parts.isEmpty || parts == ["*"] ? .everythingHere : .relative
            }
            if temporaryVariables.contains(String(name)), rest.hasPrefix("/") {
                guard let parts = components(String(rest)), !parts.isEmpty, parts != ["*"] else { return .inSystem }
                return .temporary
            }
            return .variable
        }
        if path.hasPrefix("/") { return absolute(path) }
        return relative(path, word)
    }

    private static func absolute(_ path: String) -> PathReach {
        guard let parts = components(path) else { return .root }
        guard let first = parts.first else { return .root }
        if first == "*" || first == ".*" || first == "?*" { return .root }
        let rest = parts.dropFirst()
        if first == "tmp" { return rest.isEmpty || rest.first == "*" ? .inSystem : .temporary }
        if (first == "var" && rest.first == "tmp") || (first == "private" && (rest.first == "tmp" || rest.first == "var")) || (first == "dev" && rest.first == "shm") {
            let inner = rest.dropFirst()
            return inner.isEmpty || inner.first == "*" ? .inSystem : .temporary
        }
        guard systemFolders.contains(first) else { return .elsewhere }
        if rest.isEmpty || rest.first == "*" { return .system }
        if first == "home" || first == "Users" {
            if rest.count == 1 || (rest.count == 2 && rest.last == "*") { return .home }
            return .inHome
        }
        if first == "root" { return .inHome }
        if sharedFolders.contains(first) { return .elsewhere }
        if first == "usr" || first == "var" || first == "System" || first == "Library" {
            if rest.count == 1 || (rest.count == 2 && rest.last == "*") { return .system }
        }
        return .inSystem
    }

    private static func relative(_ path: String, _ word: ShellWord) -> PathReach {
        var trimmed = path[...]
        while trimmed.hasSuffix("/") { trimmed = trimmed.dropLast() }
        while trimmed.hasPrefix("./") { trimmed = trimmed.dropFirst(2) }
        if trimmed.isEmpty || trimmed == "." || trimmed == ".." || trimmed == "*" || trimmed == ".*" || trimmed == "*.*" || trimmed == ".[!.]*" || trimmed == "**" || trimmed == "**/*" {
            return .everythingHere
        }
        if trimmed.split(separator: "/").contains("..") {
            // What is left when every `..` has taken back the folder in front of it.
            var depth = 0
            var climbs = false
            for part in trimmed.split(separator: "/") where part != "." {
                depth += part == ".." ? -1 : 1
                if depth < 0 { climbs = true }
            }
            return depth <= 0 || trimmed.hasSuffix("/*") && depth <= 1 ? .everythingHere : climbs ? .elsewhere : .relative
        }
        guard word.dynamics.intersection([.unknown]).isEmpty else { return .relative }
        let parts = trimmed.split(separator: "/")
        if let last = parts.last, buildFolders.contains(String(last)), !word.dynamics.contains(.glob) { return .buildOutput }
        if parts.contains(where: { dependencyFolders.contains(String($0)) }) { return .dependencies }
        if let first = parts.first, parts.count > 1, buildFolders.contains(String(first)), first != "tmp" { return .buildOutput }
        return .relative
    }

    /// The parts of an absolute path, `.` and `..` resolved; nil when it climbs above the root.
    private static func components(_ path: String) -> [String]? {
        var result: [String] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." {
                if result.isEmpty { return nil }
                result.removeLast()
            } else {
                result.append(String(part))
            }
        }
        return result
    }

    private static func windows(_ path: String) -> String {
        var text = path.replacing("\\", with: "/")
        let letters = Array(text.utf8.prefix(3))
        if letters.count >= 2, letters[1] == 0x3A, ShellBytes.isNameStart(letters[0]) {
            text = String(text.dropFirst(2))
            let lower = text.lowercased()
            if lower.hasPrefix("/windows") || lower.hasPrefix("/program files") || lower.hasPrefix("/programdata") { return "/usr" + (lower == "/windows" ? "" : "/" + lower.dropFirst()) }
            if lower.hasPrefix("/users") { return "/home" + text.dropFirst(6) }
            if text.isEmpty { return "/" }
        }
        return text
    }

    /// Devices that are disks or parts of disks.
    static func isDisk(_ path: String) -> Bool {
        guard path.hasPrefix("/dev/") else { return path.lowercased().hasPrefix("\\\\.\\physicaldrive") }
        let name = path.dropFirst(5)
        for prefix in ["sd", "hd", "vd", "xvd", "nvme", "mmcblk", "disk", "rdisk", "mapper/", "dm-", "md", "loop", "zvol/", "mem", "kmem", "disk/"]
        where name.hasPrefix(prefix) { return true }
        return false
    }
}
