// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Dispatch
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
public import MegaCore
import Synchronization

/// Keeps the audit in files of a folder: every record sealed, each linked to the one before by a keyed hash.
///
/// A record is durable when ``record(_:)`` returns. Records that arrive while the disk is busy are written together, so that many
/// writers wait for one flush. ``verify()`` finds an edit, a deletion, a reordering and a missing end, and names the record. Not
/// found is the replacement of the whole folder by an older copy of itself; keep the head elsewhere against that.
public final class AuditLog: AuditSink {
    private struct Waiting {
        var record: AuditRecord
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct Queue {
        var waiting: [Waiting] = []
        var isFlushing = false
    }

    /// What only the serial queue touches.
    private struct Writer {
        var folder: AuditFolder
        var head = AuditHead(number: 0, link: AuditFrame.firstLink)
        /// Where the next checkpoint will be, once enough records lie behind it.
        var candidate = AuditPlace.beginning
        var broken: AuditError?
    }

    /// Bytes between two checkpoints: an opening reads at most about twice as much.
    private static let checkpointStep = 512 << 10

    private let sealer: any DataSealer
    private let rotation: Int
    private let waiting = Mutex(Queue())
    private let writer: Mutex<Writer>
    private let queue = DispatchQueue(label: "megabot.audit")

    /// Opens the audit of a folder, or begins it. Only the newest records are checked, so that it takes no longer the older the audit
    /// is; ``verify()`` checks all.
    ///
    /// - Parameters:
    ///   - folder: Absolute, existing, for this audit alone.
    ///   - rotationBytes: A new file is begun when one has grown this long.
    /// - Throws: ``AuditError``: damaged when what is there fails the check (move the folder aside and keep it as evidence), in use
    ///   when another process has it.
    public init(folder: String, sealer: any DataSealer, rotationBytes: Int = 16 << 20) async throws {
        self.sealer = sealer
        rotation = max(4096, rotationBytes)
        let opened = try await Blocking.run { try Self.open(folder, sealer) }
        writer = Mutex(opened)
    }

    deinit { writer.withLock { $0.folder.closeAll() } }

    /// See `AuditSink.record(_:)`.
    public func record(_ record: AuditRecord) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let starts = waiting.withLock { state in
                state.waiting.append(Waiting(record: record, continuation: continuation))
                defer { state.isFlushing = true }
                return !state.isFlushing
            }
            if starts { queue.async { self.flush() } }
        }
    }

    /// Closes the files, after everything given to ``record(_:)`` before; then the folder can be opened anew. Later records are refused
    /// as unavailable. An audit that is let go without it closes itself as well, but at a moment nobody is told.
    public func close() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            queue.async {
                self.writer.withLock { writer in
                    let reason = "The audit in \(writer.folder.path) is closed. Open it anew."
                    writer.folder.closeAll()
                    if writer.broken == nil { writer.broken = AuditError(.unavailable, reason: reason) }
                }
                continuation.resume()
            }
        }
    }

    /// Checks everything that is on the disk.
    public func verify() async throws -> AuditVerification {
        try await onQueue { writer, sealer in try Self.chain(writer.folder, sealer).check().verification }
    }

    /// The last records, oldest first.
    public func last(_ count: Int) async throws -> [AuditRecord] {
        try await onQueue { writer, sealer in
            try AuditChain.last(max(0, count), in: writer.folder, sealer).map { frame in
                let bytes = try sealer.open(frame.sealed, context: Self.context(frame.number))
                return try JSONDecoder().decode(AuditRecord.self, from: Data(bytes))
            }
        }
    }

    /// Checks an audit nobody has open, without opening it for writing.
    public static func verify(folder: String, sealer: any DataSealer) async throws -> AuditVerification {
        try await Blocking.run { try chain(AuditFolder(folder), sealer).check().verification }
    }

    // MARK: - On the queue

    private func onQueue<Value: Sendable>(_ body: @escaping @Sendable (inout Writer, any DataSealer) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
            queue.async { continuation.resume(with: Result { try self.writer.withLock { try body(&$0, self.sealer) } }) }
        }
    }

    private func flush() {
        while true {
            let batch = waiting.withLock { state -> [Waiting] in
                defer { state.waiting = [] }
                if state.waiting.isEmpty { state.isFlushing = false }
                return state.waiting
            }
            guard !batch.isEmpty else { return }
            writer.withLock { writer in write(batch, &writer) }
        }
    }

    private func write(_ batch: [Waiting], _ writer: inout Writer) {
        if let broken = writer.broken {
            for one in batch { one.continuation.resume(throwing: broken) }
            return
        }
        var head = writer.head
        var bytes: [UInt8] = []
        var accepted: [CheckedContinuation<Void, any Error>] = []
        for one in batch {
            do {
                let frame = try frame(for: one.record, after: head)
                head = AuditHead(number: frame.number, link: frame.link)
                bytes += frame.bytes
                accepted.append(one.continuation)
            } catch {
                one.continuation.resume(throwing: error)
            }
        }
        guard !accepted.isEmpty else { return }
        do {
            if writer.folder.size >= rotation { try writer.folder.useLog(writer.folder.fileNumber + 1, soundBytes: 0) }
            try writer.folder.append(bytes)
            let end = AuditPlace(file: writer.folder.fileNumber, offset: writer.folder.size, number: head.number, link: head.link)
            head.checkpoint = writer.head.checkpoint
            if end.file != writer.candidate.file || end.offset - writer.candidate.offset >= Self.checkpointStep {
                head.checkpoint = writer.candidate
                writer.candidate = end
            }
            writer.head = head
            try writer.folder.writeHead(try head.sealed(by: sealer))
            for continuation in accepted { continuation.resume() }
        } catch {
            if let error = error as? AuditError, error.code == .damaged { writer.broken = error }
            for continuation in accepted { continuation.resume(throwing: error) }
        }
    }

    private func frame(for record: AuditRecord, after head: AuditHead) throws -> AuditFrame {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var plain = [UInt8](try encoder.encode(record))
        if plain.count > AuditFrame.longestRecord {
            plain = [UInt8](try encoder.encode(AuditExcerpt(sealer: sealer).shortened(record, whole: plain)))
        }
        let number = head.number + 1
        return AuditFrame(number: number, previous: head.link, sealed: try sealer.seal(plain, context: Self.context(number)), sealer: sealer)
    }

    private static func context(_ number: UInt64) -> String { "audit/record/\(number)" }

    private static func head(_ folder: AuditFolder, _ sealer: any DataSealer) throws -> AuditHead? {
        do {
            return try folder.sealedHead().map { try AuditHead(sealed: $0, sealer: sealer) }
        } catch let error as SealError {
            throw AuditError(.damaged, reason: "The audit head in \(folder.path) cannot be opened: \(error.reason)")
        }
    }

    /// - Parameter wholly: From the first record on, not only from the checkpoint.
    private static func chain(_ folder: AuditFolder, _ sealer: any DataSealer, wholly: Bool = true) throws -> AuditChain {
        var head = try head(folder, sealer)
        let start = wholly ? .beginning : head?.checkpoint ?? .beginning
        let files = folder.files(from: start.file)
        // Records without a head: the head was removed. Its absence must not hide a missing end.
        if head == nil, try files.contains(where: { try folder.reader(of: $0)?.size ?? 0 > 0 }) {
            head = AuditHead(number: .max, link: AuditFrame.firstLink)
        }
        return AuditChain(sealer: sealer, folder: folder, files: files, head: head, start: start)
    }

    private static func open(_ path: String, _ sealer: any DataSealer) throws -> Writer {
        var writer = Writer(folder: AuditFolder(path))
        do {
            try writer.folder.openForWriting()
            let chain = try chain(writer.folder, sealer, wholly: false)
            let result = try chain.check(markingEvery: checkpointStep)
            if let problem = result.verification.problem {
                throw AuditError(.damaged, reason: "The audit in \(path) is not as it was written (\(problem)). Move the folder aside, keep it, and start anew.")
            }
            writer.head = AuditHead(number: result.end.number, link: result.end.link, checkpoint: result.marks.earlier)
            writer.candidate = result.marks.later
            try writer.folder.useLog(result.end.file, soundBytes: result.end.offset)
            try writer.folder.writeHead(try writer.head.sealed(by: sealer))
            return writer
        } catch {
            writer.folder.closeAll()
            throw error
        }
    }
}
