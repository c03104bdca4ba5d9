// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// Checks an audit with its public key alone, on a copy of its folder and without any secret.
///
/// The records stay sealed; what is checked is that they are those the daemon signed, in their order. Numbers and links name a deleted
/// or moved record exactly, an edited one up to the two checkpoints around it. Records behind the last checkpoint are counted but not
/// vouched for. That the newest checkpoints were cut off together with their records can only be seen by who kept a later checkpoint.
public enum AuditVerifier {
    /// Checks a folder.
    ///
    /// - Parameter key: From the owner by a way the folder did not take; the one in the folder proves nothing by itself.
    /// - Throws: ``AuditError`` (unavailable) when files cannot be read.
    public static func verify(folder: String, key: AuditPublicKey) async throws -> AuditVerification {
        try await Blocking.run { try check(AuditFolder(folder), key) }
    }

    private static func check(_ folder: AuditFolder, _ key: AuditPublicKey) throws -> AuditVerification {
        var result = AuditVerification(soundRecords: 0)
        func found(_ damage: AuditVerification.Damage, _ record: UInt64, through: UInt64? = nil, _ file: String) -> AuditVerification {
            result.problem = .init(damage: damage, record: record, through: through, file: file)
            return result
        }
        let checkpoints: [AuditCheckpoint]
        do { checkpoints = try AuditCheckpointFile.read(folder.path) } catch let error as AuditError where error.code == .damaged {
            return found(.edited, 0, AuditCheckpointFile.name)
        }
        var previous: UInt64?
        for checkpoint in checkpoints {
            guard checkpoint.isSigned(by: key), previous == nil || previous == checkpoint.previous, checkpoint.number > previous ?? 0 else {
                return found(.edited, checkpoint.number, AuditCheckpointFile.name)
            }
            previous = checkpoint.number
        }
        let files = folder.allFiles()
        guard let first = files.first, let opening = try folder.reader(of: first)?.next() else {
            return checkpoints.isEmpty ? result : found(.truncated, 1, AuditFolder.name(1))
        }
        // Old files may have been removed in their time: then a checkpoint speaks of the place before the first record left.
        var end = (number: UInt64(0), link: AuditFrame.firstLink, digest: AuditFrame.firstLink)
        if first == 1 {
            guard checkpoints.first.map({ $0.previous == 0 }) ?? true else { return found(.deleted, 0, AuditCheckpointFile.name) }
        } else {
            end.number = opening.number &- 1
            end.link = opening.previous
            guard let origin = checkpoints.first(where: { $0.number == end.number }), origin == checkpoints.first else {
                return found(.deleted, end.number, AuditFolder.name(first))
            }
            end.digest = origin.digest
            result.signedRecords = origin.number
        }
        var waiting = checkpoints.drop { $0.number <= end.number }
        for file in files {
            guard let reader = try folder.reader(of: file) else { continue }
            while reader.offset < reader.size {
                let expected = end.number + 1
                guard let frame = try reader.next() else {
                    if file == files.last, waiting.isEmpty { return result }
                    return found(reader.isCut ? .truncated : .edited, expected, AuditFolder.name(file))
                }
                guard frame.number == expected, frame.previous == end.link else {
                    let damage: AuditVerification.Damage = frame.number > expected ? .deleted : frame.number < expected ? .reordered : .edited
                    return found(damage, expected, AuditFolder.name(file))
                }
                end = (frame.number, frame.link, AuditFrame.digest(frame.bytes, after: end.digest))
                if let checkpoint = waiting.first, checkpoint.number == frame.number {
                    guard checkpoint.digest == end.digest else {
                        // Which of them it is cannot be said, so only those under the signature before are sound.
                        result.soundRecords -= Int(frame.number - result.signedRecords - 1)
                        return found(.edited, result.signedRecords + 1, through: frame.number, AuditFolder.name(file))
                    }
                    result.signedRecords = frame.number
                    waiting = waiting.dropFirst()
                }
                result.soundRecords += 1
                result.unsignedRecords = result.signedRecords == frame.number ? 0 : result.unsignedRecords + 1
            }
        }
        if !waiting.isEmpty { return found(.truncated, end.number + 1, AuditFolder.name(files.last ?? first)) }
        return result
    }
}
