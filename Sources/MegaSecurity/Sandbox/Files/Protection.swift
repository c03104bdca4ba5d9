// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension ProtectedPaths {
    /// Names that must not come into being, but cannot be occupied because their mere existence means something: `commondir` makes git take
    /// settings and hooks from elsewhere (gitrepository-layout(5)). What exists is protected; what a command makes is removed afterwards.
    static let removed = [".git/commondir"]
}

/// What has to be mounted over a writable folder so that its protected names hold.
struct Protection: Sendable {
    /// Folders on the way, mounted over themselves so that they cannot be moved away with what they hold; outer ones first.
    private(set) var anchored: [String] = []
    /// Mounted read-only.
    private(set) var readOnly: [String] = []
    private(set) var stubs: [PathStub] = []
    /// Gone when the command has ended.
    private(set) var removed: [String] = []

    /// Looks at the names and occupies those that are free.
    ///
    /// - Throws: `CommandRunnerError` when a name cannot be protected.
    init(of folder: String, names: [String]) throws {
        do {
            for name in names.sorted() { try protect(name, in: folder) }
            if !names.isEmpty {
                for name in ProtectedPaths.removed {
                    if HostPath.exists("\(folder)/\(name)") { try protect(name, in: folder) } else { removed.append("\(folder)/\(name)") }
                }
            }
        } catch {
            release()
            throw error
        }
    }

    /// Removes the stubs, and what must not have come into being.
    func release() {
        for path in removed where HostPath.exists(path) { if unlink(path) != 0 { rmdir(path) } }
        for stub in stubs.reversed() { stub.release() }
    }

    /// Removes the stubs an earlier run of the program left in a folder when it was killed. Those in use stay.
    static func removeLeftovers(in folder: String, names: [String]) {
        for name in names {
            let absolute = name.hasPrefix("/") ? name : folder + "/" + name
            guard BubblewrapArguments.contains(folder, absolute), absolute != folder else { continue }
            var path = folder
            for part in absolute.dropFirst(folder.utf8.count).split(separator: "/") {
                path += "/" + part
                PathStub.removeLeftover(path)
            }
        }
    }

    private mutating func protect(_ name: String, in folder: String) throws {
        let absolute = name.hasPrefix("/") ? name : folder + "/" + name
        guard BubblewrapArguments.contains(folder, absolute), absolute != folder else { return }
        let parts = absolute.dropFirst(folder.utf8.count).split(separator: "/").map(String.init)
        guard !parts.isEmpty, !parts.contains(".."), !parts.contains(".") else {
            throw CommandRunnerError(.spawnFailed, reason: "“\(OutputSanitizer.visible(name))” is no path that can be protected: leave out dots.")
        }
        var path = folder
        for (index, part) in parts.enumerated() {
            path += "/" + part
            if readOnly.contains(path) { return }
            let isLast = index == parts.count - 1
            var status = stat()
            if lstat(path, &status) != 0 || PathStub.isStub(status) {
                try occupy(path)
                return
            }
            switch status.st_mode & S_IFMT {
            case S_IFLNK:
                throw CommandRunnerError(
                    .badWorkingDirectory,
                    reason: "\(path) is a symbolic link, and a link cannot be protected from being replaced. Put the file itself there, or take "
                        + "the name off the protected paths.")
            case S_IFDIR:
                if isLast { readOnly.append(path) } else if !anchored.contains(path) { anchored.append(path) }
            default:
                guard status.st_nlink < 2 else {
                    throw CommandRunnerError(
                        .badWorkingDirectory,
                        reason: "\(path) has a second name (a hard link), under which it could be written. Replace it by a copy of its own.")
                }
                readOnly.append(path)
                return
            }
        }
    }

    private mutating func occupy(_ path: String) throws {
        do {
            guard let stub = try PathStub.occupy(path) else {
                readOnly.append(path)
                return
            }
            stubs.append(stub)
            readOnly.append(path)
        } catch {
            throw CommandRunnerError(
                .badWorkingDirectory, reason: "\(path) cannot be protected: \(error). Make its folder writable for this program.")
        }
    }
}
