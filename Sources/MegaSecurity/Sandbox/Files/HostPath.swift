// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Dispatch
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Questions about the host's paths.
enum HostPath {
    enum Kind { case directory, other, missing }

    static func kind(_ path: String) -> Kind {
        var status = stat()
        guard stat(path, &status) == 0 else { return .missing }
        return status.st_mode & S_IFMT == S_IFDIR ? .directory : .other
    }

    /// Whether there is anything, a link that leads nowhere included.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// The path with every link followed, or nil when it is not there.
    static func resolved(_ path: String) -> String? {
        guard let pointer = realpath(path, nil) else { return nil }
        defer { free(pointer) }
        return String(cString: pointer)
    }

    /// Where a link leads, as it is written; nil when it is none.
    static func link(_ path: String) -> String? {
        let bytes = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, initialized in
            initialized = buffer.baseAddress.map { start in
                start.withMemoryRebound(to: CChar.self, capacity: 4096) { max(0, readlink(path, $0, 4096)) }
            } ?? 0
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// The first folder that holds the program.
    static func program(_ name: String, in folders: [String] = ["/usr/bin", "/bin", "/usr/local/bin", "/usr/sbin", "/sbin"]) -> String? {
        folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }

    static var isRoot: Bool { geteuid() == 0 }
    static var user: UInt32 { geteuid() }
    static var processID: Int { Int(getpid()) }
}

/// Runs what may block on a thread of its own.
enum Blocking {
    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try body() }) }
        }
    }

    private static let queue = DispatchQueue(label: "megabot.security.blocking", attributes: .concurrent)
}
