// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// The chain over several files, read from a place on.
struct AuditChain {
    let sealer: any DataSealer
    let folder: AuditFolder
    /// The numbers of the files from the place on, rising.
    let files: [Int]
    let head: AuditHead?
    let start: AuditPlace
    /// What is said about the digest, by rising number; checked where the reading passes.
    var checkpoints: [AuditCheckpoint] = []
    var publicKey: AuditPublicKey?

    struct Result {
        var verification: AuditVerification
        /// Behind the last sound record.
        var end: AuditPlace
        /// Two places at least a step apart, the first at least a step before the end; nearer only to the start.
        var marks: (earlier: AuditPlace, later: AuditPlace)
        /// Where each file begins that was read to its end.
        var starts: [AuditPlace] = []

        fileprivate mutating func mark(every step: Int) {
            guard end.file != marks.later.file || end.offset - marks.later.offset >= step else { return }
            marks = (marks.later, end)
        }
    }

    /// - Parameter step: How far the marks of the result lie apart, in bytes.
    func check(markingEvery step: Int = .max) throws -> Result {
        var result = Result(verification: AuditVerification(soundRecords: 0), end: start, marks: (start, start))
        var headSeen = head == nil || head?.number == start.number
        var waiting = checkpoints[...].drop { $0.number <= start.number }
        // Before the first record there is no checkpoint, so the first one says that none was before it.
        var lastCheckpoint = checkpoints.last { $0.number <= start.number }?.number ?? (start.number == 0 ? 0 : nil)
        func stop(_ damage: AuditVerification.Damage, _ record: UInt64, _ file: Int, name: String? = nil) -> Result {
            result.verification.problem = .init(damage: damage, record: record, file: name ?? AuditFolder.name(file))
            return result
        }
        for file in files {
            let isFirst = file == start.file
            guard let reader = try folder.reader(of: file, from: isFirst ? start.offset : 0) else { continue }
            if isFirst, reader.size < start.offset { return stop(.truncated, start.number, file) }
            result.end.file = file
            result.end.offset = reader.offset
            if !isFirst || start.offset == 0 { result.starts.append(result.end) }
            while reader.offset < reader.size {
                let expected = result.end.number + 1
                guard let frame = try reader.next() else {
                    // Half a record at the very end, never acknowledged, is what a power cut leaves.
                    if file == files.last && headSeen { return finish(result, waiting) }
                    return stop(reader.isCut ? .truncated : .edited, expected, file)
                }
                guard frame.isAuthentic(sealer) else { return stop(.edited, expected, file) }
                if frame.number != expected || !ConstantTime.areEqual(frame.previous, result.end.link) {
                    if frame.number > expected {
                        return stop(try contains(expected, after: reader, in: file) ? .reordered : .deleted, expected, file)
                    }
                    return stop(.reordered, frame.number, file)
                }
                let digest = AuditFrame.digest(frame.bytes, after: result.end.digest)
                if let head, head.number == frame.number {
                    guard ConstantTime.areEqual(head.link, frame.link) else { return stop(.edited, expected, file) }
                    headSeen = true
                }
                if let checkpoint = waiting.first, checkpoint.number <= frame.number {
                    let isSound = checkpoint.number == frame.number && ConstantTime.areEqual(checkpoint.digest, digest)
                    guard isSound, publicKey.map(checkpoint.isSigned(by:)) ?? true, lastCheckpoint == nil || lastCheckpoint == checkpoint.previous
                    else { return stop(.edited, frame.number, file, name: AuditCheckpointFile.name) }
                    lastCheckpoint = checkpoint.number
                    result.verification.signedRecords = checkpoint.number
                    waiting = waiting.dropFirst()
                }
                result.end.number = frame.number
                result.end.link = frame.link
                result.end.digest = digest
                result.end.offset = reader.offset
                result.verification.soundRecords += 1
                result.mark(every: step)
            }
        }
        if !headSeen { return stop(.truncated, result.end.number + 1, files.last ?? start.file) }
        return finish(result, waiting)
    }

    /// What the checkpoints say beyond the records.
    private func finish(_ result: Result, _ waiting: ArraySlice<AuditCheckpoint>) -> Result {
        var result = result
        if !waiting.isEmpty {
            // One speaks of a record that is not there.
            result.verification.problem = .init(damage: .truncated, record: result.end.number + 1, file: AuditFolder.name(result.end.file))
        } else if let head, publicKey != nil, head.signed > (checkpoints.last?.number ?? 0) {
            result.verification.problem = .init(damage: .truncated, record: head.signed, file: AuditCheckpointFile.name)
        }
        return result
    }

    /// Whether a record stands further on.
    private func contains(_ number: UInt64, after reader: AuditFileReader, in file: Int) throws -> Bool {
        while let frame = try reader.next() {
            if frame.number == number { return true }
        }
        for later in files where later > file {
            guard let reader = try folder.reader(of: later) else { continue }
            while let frame = try reader.next() {
                if frame.number == number { return true }
            }
        }
        return false
    }

    /// The last sound records of a folder, oldest first. No more files are read than hold them.
    static func last(_ count: Int, in folder: AuditFolder, from first: Int = 1, _ sealer: any DataSealer) throws -> [AuditFrame] {
        var result: [AuditFrame] = []
        for file in folder.files(from: first).reversed() where result.count < count {
            guard let reader = try folder.reader(of: file) else { continue }
            var frames: [AuditFrame] = []
            let wanted = count - result.count
            while let frame = try reader.next(), frame.isAuthentic(sealer) {
                frames.append(frame)
                // Now and then, so that leaving the front out costs little.
                if frames.count > 2 * wanted + 64 { frames.removeFirst(frames.count - wanted) }
            }
            result = frames.suffix(wanted) + result
        }
        return result
    }
}
