// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Finds the program a bare name stands for, in the folders only the system's administrator can write.
struct ProgramLocator: Sendable {
    let folders: [String]

    /// Commands the shell runs by itself and that only print or test.
    private static let builtins: Set<String> = ["echo", "printf", "test", "[", "true", "false", "pwd", ":"]

    /// Whether a bare name or an absolute path is a program of the system.
    func isSystemProgram(_ name: String) -> Bool {
        if Self.builtins.contains(name) { return true }
        if name.contains("/") {
            return folders.contains { name.hasPrefix($0 + "/") && !name.dropFirst($0.count + 1).contains("/") } && access(name, X_OK) == 0
        }
        return folders.contains { access($0 + "/" + name, X_OK) == 0 }
    }
}
