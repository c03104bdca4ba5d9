// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Secrets in the files of one folder, a file each: Docker's `/run/secrets`, or the folder systemd names in `$CREDENTIALS_DIRECTORY`.
///
/// Read only. One line break at the end of a file does not count. Files others may write, links that lead out of the folder, and
/// files of more than 64 KiB are refused.
public struct FileSecretStore: SecretStore {
    /// The most bytes of one secret.
    public static let longestSecret = 64 << 10

    private let folder: String

    /// - Parameter folder: Absolute. It need not exist; then there are no secrets.
    public init(folder: String) { self.folder = folder }

    /// See `SecretStore.secret(named:)`.
    public func secret(named name: SecretName) async throws -> Secret? {
        let folder = folder
        return try await MasterKey.offPool { try Self.read(name, in: folder) }
    }

    /// See `SecretStore.names()`. Files whose names are no secret's name are left out.
    public func names() async throws -> [SecretName] {
        let folder = folder
        return try await MasterKey.offPool { try Self.list(folder) }
    }

    /// See `SecretStore.set(_:named:)`. Always refused.
    public func set(_ secret: Secret, named name: SecretName) async throws { throw readOnly(name) }
    /// See `SecretStore.delete(_:)`. Always refused.
    public func delete(_ name: SecretName) async throws { throw readOnly(name) }

    private func readOnly(_ name: SecretName) -> SecretStoreError {
        SecretStoreError(.readOnly, reason: "The secret \(name) is a file in \(folder) that the container or service manager makes. Change it there.")
    }

    private static func read(_ name: SecretName, in folder: String) throws -> Secret? {
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("The folder of secrets \(folder) cannot be opened")
        }
        defer { close(directory) }
        // Names have no slash, so nothing outside the folder can be named; "." and ".." are no names.
        let file = openat(directory, name.rawValue, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("The secret \(name) in \(folder) cannot be opened")
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw SecretStoreError(.unavailable, reason: "The secret \(name) in \(folder) is no regular file.")
        }
        guard status.st_mode & 0o022 == 0 else {
            throw SecretStoreError(.unavailable, reason: "Others may change the secret \(name) in \(folder). Run `chmod go-w` on it.")
        }
        var bytes = try contents(of: file, name, folder)
        if bytes.last == 0x0A { bytes.removeLast() }
        if bytes.last == 0x0D { bytes.removeLast() }
        return bytes.isEmpty ? nil : Secret(bytes: bytes)
    }

    private static func contents(of file: CInt, _ name: SecretName, _ folder: String) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: longestSecret + 1)
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                #if canImport(Glibc)
                Glibc.read(file, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
                #elseif canImport(Musl)
                Musl.read(file, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
                #else
                Darwin.read(file, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
                #endif
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("The secret \(name) in \(folder) cannot be read") }
            if count == 0 { break }
            filled += count
        }
        guard filled <= longestSecret else {
            throw SecretStoreError(.unacceptableValue, reason: "The secret \(name) in \(folder) has more than \(longestSecret) bytes.")
        }
        return Array(bytes[..<filled])
    }

    private static func list(_ folder: String) throws -> [SecretName] {
        guard let directory = opendir(folder) else {
            if errno == ENOENT { return [] }
            throw failure("The folder of secrets \(folder) cannot be listed")
        }
        defer { closedir(directory) }
        var names: [SecretName] = []
        while let entry = readdir(directory) {
            let text = withUnsafePointer(to: entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if let name = SecretName(text) { names.append(name) }
        }
        return names.sorted()
    }

    private static func failure(_ what: String) -> SecretStoreError {
        SecretStoreError(.unavailable, reason: "\(what): \(String(cString: strerror(errno))).")
    }
}
