// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The end of an audit that is being written: files, head, checkpoints. Used from one queue only.
struct AuditWriter {
    /// Bytes between two places an opening may begin at: it reads at most about twice as much.
    private static let markStep = 512 << 10

    private(set) var folder: AuditFolder
    private let sealer: any DataSealer
    private let signer: AuditSigner
    private let options: AuditLog.Options
    private let now: @Sendable () -> Date
    private var checkpoints: AuditCheckpointFile
    private var head: AuditHead
    /// Where the next mark will be, once enough records lie behind it.
    private var candidate: AuditPlace
    private var signedAt: Date
    /// Why nothing more can be written.
    private(set) var broken: AuditError?

    /// Opens a folder for writing and checks its end.
    init(opening path: String, sealer: any DataSealer, options: AuditLog.Options, now: @escaping @Sendable () -> Date) throws {
        self.sealer = sealer
        self.options = options
        self.now = now
        signedAt = now()
        var folder = AuditFolder(path)
        var checkpoints = AuditCheckpointFile(path)
        do {
            try folder.openForWriting()
            signer = try AuditSigner.open(path, sealer: sealer)
            let chain = try AuditLog.chain(folder, sealer, wholly: false)
            let result = try chain.check(markingEvery: Self.markStep)
            if let problem = result.verification.problem {
                throw AuditError(
                    .damaged,
                    reason: "The audit in \(path) is not as it was written (\(problem)). Move the folder aside, keep it, and start anew.")
            }
            let known = try AuditCheckpointFile.read(path)
            try checkpoints.open(known)
            // A checkpoint is on the disk before the head speaks of it.
            guard checkpoints.last >= chain.head?.signed ?? 0 else {
                throw AuditError(
                    .damaged, reason: "Checkpoints of the audit in \(path) are missing. Move the folder aside, keep it, and start anew.")
            }
            head = chain.head ?? .beginning
            (head.number, head.link, head.digest) = (result.end.number, result.end.link, result.end.digest)
            head.checkpoint = result.marks.earlier
            head.signed = checkpoints.last
            candidate = result.marks.later
            try folder.useLog(result.end.file, soundBytes: result.end.offset)
            // What a removal that was cut off has left.
            try folder.removeFiles(before: head.origin.file)
            if head.number > head.signed { try Self.sign(&head, &checkpoints, signer, at: now()) }
            try folder.writeHead(try head.sealed(by: sealer))
            self.folder = folder
            self.checkpoints = checkpoints
        } catch {
            folder.closeAll()
            checkpoints.closeFile()
            throw error
        }
    }

    /// Appends records, durable on return. All of them or none.
    mutating func append(_ plain: [[UInt8]]) throws {
        if let broken { throw broken }
        do {
            if folder.size >= options.rotationBytes { try rotate() }
            var next = head
            var bytes: [UInt8] = []
            for record in plain {
                let number = next.number + 1
                let sealed = try sealer.seal(record, context: AuditFrame.context(number))
                let frame = AuditFrame(number: number, previous: next.link, sealed: sealed, sealer: sealer)
                let written = frame.bytes
                (next.number, next.link, next.digest) = (number, frame.link, AuditFrame.digest(written, after: next.digest))
                bytes += written
            }
            try folder.append(bytes)
            let end = AuditPlace(file: folder.fileNumber, offset: folder.size, number: next.number, link: next.link, digest: next.digest)
            if end.file != candidate.file || end.offset - candidate.offset >= Self.markStep {
                next.checkpoint = candidate
                candidate = end
            }
            head = next
            let isDue = head.number - head.signed >= UInt64(options.checkpointRecords)
                || now().timeIntervalSince(signedAt) >= options.checkpointInterval.timeInterval
            if isDue { try sign() }
            try folder.writeHead(try head.sealed(by: sealer))
        } catch {
            if let error = error as? AuditError, error.code == .damaged { broken = error }
            throw error
        }
    }

    /// Signs what has not been signed, so that everybody can check it from now on.
    mutating func checkpoint() throws {
        if let broken { throw broken }
        guard head.number > head.signed else { return }
        try sign()
        try folder.writeHead(try head.sealed(by: sealer))
    }

    private mutating func sign() throws {
        try Self.sign(&head, &checkpoints, signer, at: now())
        signedAt = now()
    }

    private static func sign(_ head: inout AuditHead, _ file: inout AuditCheckpointFile, _ signer: AuditSigner, at now: Date) throws {
        try file.append(
            try AuditCheckpoint(
                number: head.number, digest: head.digest, time: Int64(now.timeIntervalSince1970.rounded(.down)), previous: file.last, signer: signer))
        head.signed = head.number
    }

    /// Goes on in a new file. The end of a file is always signed: what comes after a removal begins at a signed place.
    private mutating func rotate() throws {
        if head.number > head.signed { try sign() }
        try folder.writeHead(try head.sealed(by: sealer))
        try folder.useLog(folder.fileNumber + 1, soundBytes: 0)
    }

    /// Removes files whose time is over.
    ///
    /// - Returns: The numbers of the first and the last record removed; nil when none was.
    mutating func prune() throws -> ClosedRange<UInt64>? {
        let files = folder.files(from: head.origin.file).map { (number: $0, status: folder.status(of: $0)) }
        var total = files.reduce(0) { $0 + $1.status.size }
        var first: Int?
        for file in files where file.number < folder.fileNumber {
            let age = now().timeIntervalSince(file.status.changedAt)
            let isOver = options.retention.maximumAge.map { age > $0.timeInterval } ?? false
            let isTooMuch = options.retention.maximumBytes.map { total > $0 } ?? false
            guard isOver || isTooMuch else { break }
            total -= file.status.size
            first = file.number + 1
        }
        guard let first, let origin = try place(atStartOf: first) else { return nil }
        let removed = head.origin.number + 1...origin.number
        // The head first: a removal that is cut off leaves files that nobody asks for, never a gap.
        head.origin = origin
        if head.checkpoint.file < origin.file { head.checkpoint = origin }
        if candidate.file < origin.file { candidate = origin }
        try folder.writeHead(try head.sealed(by: sealer))
        try folder.removeFiles(before: origin.file)
        try checkpoints.prune(before: origin.number)
        return removed
    }

    /// Where a file begins. The digest up to there is in the checkpoint that was signed then.
    private func place(atStartOf file: Int) throws -> AuditPlace? {
        guard let frame = try folder.reader(of: file)?.next() else { return nil }
        if let checkpoint = try AuditCheckpointFile.read(folder.path).last(where: { $0.number == frame.number - 1 }) {
            return AuditPlace(file: file, offset: 0, number: frame.number - 1, link: frame.previous, digest: checkpoint.digest)
        }
        // From before there were checkpoints.
        let result = try AuditLog.chain(folder, sealer).check()
        return result.verification.isSound ? result.starts.last { $0.file == file } : nil
    }

    /// Later writes are refused.
    mutating func close() {
        if broken == nil { broken = AuditError(.unavailable, reason: "The audit in \(folder.path) is closed. Open it anew.") }
        folder.closeAll()
        checkpoints.closeFile()
    }
}
