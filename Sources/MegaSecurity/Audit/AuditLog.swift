// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Dispatch
public import MegaCore
import Synchronization

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Keeps the audit in files of a folder: every record sealed, each linked to the one before by a keyed hash, the whole signed at
/// checkpoints.
///
/// - A record is durable when ``record(_:)`` returns. ``note(_:)`` returns at once; a note stands in front of every later record and is
///   durable with it, or within ``Options/Durability/grouped(within:)``. Whatever arrives while the disk is busy is written together.
/// - ``verify()`` finds an edit, a deletion, a reordering and a missing end, and names the record. Whoever has the public key, and
///   nothing else, can do the same with ``AuditVerifier``.
/// - Not found is the replacement of the whole folder by an older copy of itself; keep a checkpoint elsewhere against that.
///
/// ``AuditReader`` reads while this writes, in this process or another.
public final class AuditLog: AuditSink {
    private struct Waiting {
        var record: AuditRecord
        /// Nil for a note.
        var continuation: CheckedContinuation<Void, any Error>?
    }

    private struct Queue {
        var waiting: [Waiting] = []
        var isFlushing = false
        var isScheduled = false
        /// Notes that could not be kept, told in the next record that can.
        var lost = 0
        /// Why notes are refused.
        var refusal: AuditError?
        /// Why the last write failed.
        var trouble: String?
    }

    /// How long to wait before notes that could not be written are tried again.
    private static let retryPause = DispatchTimeInterval.seconds(1)

    private let sealer: any DataSealer
    private let options: Options
    private let now: @Sendable () -> Date
    private let waiting = Mutex(Queue())
    private let writer: Mutex<AuditWriter>
    private let queue = DispatchQueue(label: "megabot.audit")
    private let folder: String

    /// Opens the audit of a folder, or begins it. Only the newest records are checked, so that it takes no longer the older the audit
    /// is; ``verify()`` checks all.
    ///
    /// - Parameters:
    ///   - folder: Absolute, existing, for this audit alone.
    ///   - sealer: Seals records and links them; a ``KeyRing``'s `auditSealer`.
    ///   - now: For the times of checkpoints and of what is removed.
    /// - Throws: ``AuditError``: damaged when what is there fails the check (move the folder aside and keep it as evidence), in use
    ///   when another process has it.
    public init(
        folder: String, sealer: any DataSealer, options: Options = Options(), now: @escaping @Sendable () -> Date = { Date() }
    ) async throws {
        self.folder = folder
        self.sealer = sealer
        self.options = options
        self.now = now
        writer = Mutex(try await Blocking.run { try AuditWriter(opening: folder, sealer: sealer, options: options, now: now) })
    }

    /// Opens the audit of a folder with a rotation of its own and every other option at its default.
    public convenience init(folder: String, sealer: any DataSealer, rotationBytes: Int) async throws {
        try await self.init(folder: folder, sealer: sealer, options: Options(rotationBytes: rotationBytes))
    }

    deinit {
        let (batch, lost) = waiting.withLock { ($0.waiting, $0.lost) }
        if !batch.isEmpty { _ = write(batch, lost) }
        writer.withLock { $0.close() }
    }

    // MARK: - Recording

    /// See `AuditSink.record(_:)`.
    public func record(_ record: AuditRecord) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            add(Waiting(record: record, continuation: continuation))
        }
    }

    /// See `AuditSink.note(_:)`. When very many wait it waits for the disk like ``record(_:)``. A note that cannot be written is tried
    /// again; when there is no room for more of those, the next record tells how many are missing.
    public func note(_ record: AuditRecord) async throws {
        guard case .grouped(let bound) = options.durability else { return try await self.record(record) }
        let hasRoom = try waiting.withLock { state in
            if let refusal = state.refusal { throw refusal }
            return state.waiting.count < options.waitingNotes
        }
        guard hasRoom else { return try await self.record(record) }
        let isManyAlready = waiting.withLock { state in
            state.waiting.append(Waiting(record: record))
            return state.waiting.count >= 256
        }
        if isManyAlready { start() } else { schedule(after: .nanoseconds(Int(bound.timeInterval * 1e9))) }
    }

    private func add(_ one: Waiting) {
        waiting.withLock { $0.waiting.append(one) }
        start()
    }

    private func start() {
        let starts = waiting.withLock { state in
            defer { state.isFlushing = true }
            return !state.isFlushing
        }
        if starts { queue.async { self.flush() } }
    }

    private func schedule(after pause: DispatchTimeInterval) {
        let isFirst = waiting.withLock { state in
            if state.isScheduled || state.isFlushing { return false }
            state.isScheduled = true
            return true
        }
        guard isFirst else { return }
        queue.asyncAfter(deadline: .now() + pause) { [weak self] in
            guard let self else { return }
            waiting.withLock { $0.isScheduled = false }
            start()
        }
    }

    /// Whether everything could be written so far. Nil when it could.
    public var trouble: String? { waiting.withLock { $0.trouble } }

    // MARK: - Looking

    /// Checks everything that is on the disk, notes included.
    public func verify() async throws -> AuditVerification {
        try await settle()
        let (folder, sealer) = (folder, sealer)
        return try await Blocking.run { try Self.verification(folder, sealer) }
    }

    /// The last records, oldest first.
    public func last(_ count: Int) async throws -> [AuditRecord] {
        try await settle()
        let (folder, sealer) = (folder, sealer)
        return try await Blocking.run { try AuditChain.last(max(0, count), in: AuditFolder(folder), sealer).map { try $0.record(sealer) } }
    }

    /// Writes the notes that wait.
    public func settle() async throws {
        try await onQueue { log in log.flush() }
    }

    /// Signs everything recorded so far.
    public func checkpoint() async throws {
        try await onQueue { log in
            log.flush()
            try log.writer.withLock { try $0.checkpoint() }
        }
    }

    /// Closes the files, after everything given to it before, and signs the end; then the folder can be opened anew. Later records are
    /// refused as unavailable. An audit that is let go without it closes itself as well, but at a moment nobody is told.
    public func close() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            queue.async {
                self.flush()
                self.writer.withLock { writer in
                    // The end is signed at the next opening when it cannot be now.
                    do { try writer.checkpoint() } catch { self.waiting.withLock { $0.trouble = "\(error)" } }
                    writer.close()
                    let refusal = writer.broken
                    self.waiting.withLock { $0.refusal = refusal }
                }
                continuation.resume()
            }
        }
    }

    // MARK: - On the queue

    private func onQueue<Value: Sendable>(_ body: @escaping @Sendable (AuditLog) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
            queue.async { continuation.resume(with: Result { try body(self) }) }
        }
    }

    private func flush() {
        while true {
            let (batch, lost) = waiting.withLock { state -> ([Waiting], Int) in
                defer {
                    state.waiting = []
                    state.lost = 0
                }
                if state.waiting.isEmpty { state.isFlushing = false }
                return (state.waiting, state.waiting.isEmpty ? 0 : state.lost)
            }
            guard !batch.isEmpty else { return }
            if !write(batch, lost) {
                waiting.withLock { $0.isFlushing = false }
                schedule(after: Self.retryPause)
                // Durable ones that came meanwhile are not left to the retry.
                guard waiting.withLock({ $0.waiting.contains { $0.continuation != nil } }) else { return }
            }
        }
    }

    /// False when notes went back to be tried again.
    private func write(_ batch: [Waiting], _ lost: Int) -> Bool {
        var plain: [[UInt8]] = []
        if lost > 0 { plain.append(encode(AuditRecord(.auditGap, at: now(), details: ["lost": "\(lost)"]))) }
        for one in batch { plain.append(encode(one.record)) }
        do {
            try writer.withLock { writer in
                let file = writer.folder.fileNumber
                try writer.append(plain)
                // Now and then: when a file was begun.
                if writer.folder.fileNumber != file, let removed = try writer.prune() {
                    let details = ["first": "\(removed.lowerBound)", "last": "\(removed.upperBound)"]
                    try writer.append([encode(AuditRecord(.auditPruned, at: now(), details: details))])
                }
            }
            waiting.withLock { $0.trouble = nil }
            for one in batch { one.continuation?.resume() }
            return true
        } catch {
            let notes = batch.filter { $0.continuation == nil }
            let isOver = writer.withLock { $0.broken }
            waiting.withLock { state in
                state.trouble = "\(error)"
                let room = isOver == nil ? max(0, options.waitingNotes - state.waiting.count) : 0
                state.lost += lost + max(0, notes.count - room)
                state.waiting = notes.prefix(room) + state.waiting
                if let isOver { state.refusal = isOver }
            }
            for one in batch { one.continuation?.resume(throwing: error) }
            return notes.isEmpty
        }
    }

    private func encode(_ record: AuditRecord) -> [UInt8] {
        let plain = AuditRecordCodec.encode(record, sealer)
        return plain.count > AuditFrame.longestRecord
            ? AuditRecordCodec.encode(AuditExcerpt(sealer: sealer).shortened(record, whole: AuditRecordCodec.encode(record)), sealer) : plain
    }
}

extension AuditLog {
    /// Checks an audit without opening it for writing, also while another process writes it.
    public static func verify(folder: String, sealer: any DataSealer) async throws -> AuditVerification {
        try await Blocking.run { try verification(folder, sealer) }
    }

    /// The public key of a folder's audit, for everybody.
    ///
    /// - Throws: ``AuditError`` when there is none.
    public static func publicKey(folder: String, sealer: any DataSealer) async throws -> AuditPublicKey {
        try await Blocking.run { try signer(folder, sealer).publicKey }
    }

    /// Signs bytes with the audit's key, such as an export. Check it with ``AuditPublicKey/verifies(_:over:)`` or `openssl pkeyutl`.
    public static func signature(over bytes: [UInt8], folder: String, sealer: any DataSealer) async throws -> [UInt8] {
        try await Blocking.run { try signer(folder, sealer).signature(over: bytes) }
    }

    private static func signer(_ folder: String, _ sealer: any DataSealer) throws -> AuditSigner {
        guard let signer = try AuditSigner.load(folder, sealer: sealer) else {
            throw AuditError(.unavailable, reason: "There is no signing key in \(folder); the audit has never been opened for writing.")
        }
        return signer
    }

    fileprivate static func verification(_ folder: String, _ sealer: any DataSealer) throws -> AuditVerification {
        let folder = AuditFolder(folder)
        let publicKey = try AuditSigner.load(folder.path, sealer: sealer)?.publicKey
        var result: AuditVerification?
        // A removal of old files in the middle of the reading moves the origin: then it is read once more.
        for _ in 0..<3 {
            var chain = try chain(folder, sealer)
            chain.publicKey = publicKey
            do { chain.checkpoints = try AuditCheckpointFile.read(folder.path) } catch let error as AuditError where error.code == .damaged {
                return AuditVerification(
                    soundRecords: 0, problem: .init(damage: .edited, record: 0, file: AuditCheckpointFile.name))
            }
            if publicKey == nil, (chain.head?.signed ?? 0) > 0 || !chain.checkpoints.isEmpty {
                return AuditVerification(
                    soundRecords: 0, problem: .init(damage: .deleted, record: 0, file: AuditSigner.keyName))
            }
            let checked = try chain.check().verification
            result = checked
            if checked.isSound { return checked }
            if try head(folder, sealer)?.origin == chain.head?.origin { return checked }
        }
        return result ?? AuditVerification(soundRecords: 0)
    }

    private static func head(_ folder: AuditFolder, _ sealer: any DataSealer) throws -> AuditHead? {
        var failure: SealError?
        // A head that is just being written may be read half old and half new.
        for _ in 0..<8 {
            do {
                return try folder.sealedHead().map { try AuditHead(sealed: $0, sealer: sealer) }
            } catch let error as SealError {
                failure = error
            }
        }
        throw AuditError(.damaged, reason: "The audit head in \(folder.path) cannot be opened: \(failure?.reason ?? "")")
    }

    /// - Parameter wholly: From the first record kept, not only from the mark.
    static func chain(_ folder: AuditFolder, _ sealer: any DataSealer, wholly: Bool = true) throws -> AuditChain {
        var head = try head(folder, sealer)
        let start = (wholly ? head?.origin : head?.checkpoint) ?? .beginning
        let files = folder.files(from: start.file)
        // Records without a head: the head was removed. Its absence must not hide a missing end.
        if head == nil, try files.contains(where: { try folder.reader(of: $0)?.size ?? 0 > 0 }) {
            head = AuditHead.beginning
            head?.number = .max
        }
        return AuditChain(sealer: sealer, folder: folder, files: files, head: head, start: start)
    }
}
