// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The file of checkpoints, a line each. Used from one queue only.
struct AuditCheckpointFile {
    static let name = "audit.checkpoints"
    /// More than a hundred thousand checkpoints are not read.
    static let longest = 64 << 20

    let folder: String
    private var descriptor: CInt = -1
    private(set) var last: UInt64 = 0

    init(_ folder: String) { self.folder = folder }

    /// The checkpoints there are, and whether the last line is half written.
    ///
    /// - Throws: ``AuditError``: damaged, with the line, when one cannot be read.
    static func read(_ folder: String) throws -> [AuditCheckpoint] {
        guard let bytes = try AuditFolder(folder).contents(of: name, limit: longest) else { return [] }
        var result: [AuditCheckpoint] = []
        // Half a line at the end is what a power cut leaves.
        let whole = bytes.lastIndex(of: 0x0A).map { bytes[...$0] } ?? []
        for (index, line) in whole.split(separator: 0x0A).enumerated() {
            guard let checkpoint = AuditCheckpoint(line: line) else {
                throw AuditError(.damaged, reason: "Line \(index + 1) of \(name) in \(folder) is no checkpoint.")
            }
            result.append(checkpoint)
        }
        return result
    }

    /// Opens for appending; what was half written is cut off.
    mutating func open(_ known: [AuditCheckpoint]) throws {
        last = known.last?.number ?? 0
        let bytes = try AuditFolder(folder).contents(of: Self.name, limit: Self.longest) ?? []
        descriptor = openFile()
        guard descriptor >= 0 else { throw failure("open") }
        let whole = bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        if whole < bytes.count, ftruncate(descriptor, off_t(whole)) != 0 { throw failure("cut") }
    }

    private func openFile() -> CInt {
        #if canImport(Glibc)
        Glibc.open("\(folder)/\(Self.name)", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        #else
        Darwin.open("\(folder)/\(Self.name)", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        #endif
    }

    /// Durable on return.
    mutating func append(_ checkpoint: AuditCheckpoint) throws {
        try FileBytes.write(checkpoint.line, to: descriptor) { throw failure("write") }
        guard fdatasync(descriptor) == 0 else { throw failure("write") }
        last = checkpoint.number
    }

    /// Leaves out what speaks of records that are gone.
    mutating func prune(before number: UInt64) throws {
        let kept = try Self.read(folder).filter { $0.number >= number }
        do { try KeyFile.replace("\(folder)/\(Self.name)", kept.flatMap(\.line)) } catch let error as SealError {
            throw AuditError(.unavailable, reason: error.reason)
        }
        closeFile()
        try open(kept)
    }

    mutating func closeFile() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    private func failure(_ what: String) -> AuditError {
        AuditError(.unavailable, reason: "Cannot \(what) \(Self.name) in \(folder): \(String(cString: strerror(errno))).")
    }
}
