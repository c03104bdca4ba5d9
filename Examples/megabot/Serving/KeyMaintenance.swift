// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Logging
import MegaCore
import MegaMemory
import MegaSecurity
import ServiceLifecycle

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Takes over what `megabot key` changed in the ring: moves what is stored to the newest keys, a little at a time, and deletes what nobody can
/// read any more.
struct KeyMaintenance: Service {
    let keys: KeyRing
    let database: SQLiteStore
    let stores: [(name: String, store: any Resealable)]
    let audit: AuditLog?
    let logger: Logger

    func run() async throws {
        // why: the waits end by cancellation only, and that is how the loop ends
        try? await cancelWhenGracefulShutdown {
            var changedAt = Self.changeTime(keys.path)
            // What an earlier version wrote, and what a stop cut off.
            await move()
            await deleteForgotten(includingUnfinished: true)
            while true {
                try await Task.sleep(for: .seconds(2))
                let now = Self.changeTime(keys.path)
                guard now != changedAt else { continue }
                changedAt = now
                await follow()
            }
        }
    }

    private static func changeTime(_ path: String) -> Date? {
        // why: a file that is being replaced is looked at again
        (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
    }

    private func follow() async {
        let (before, people) = (keys.status, keys.people)
        do {
            try await keys.reload()
            try await record(before, people)
        } catch {
            logger.error("the key ring cannot be read again; the keys read before stay in use", metadata: ["error": "\(error)"])
            return
        }
        await move()
        if keys.status.destroyedKeys != before.destroyedKeys { await deleteForgotten(includingUnfinished: false) }
    }

    /// Whoever changed the ring cannot write the audit while this process does.
    private func record(_ before: KeyRingStatus, _ people: Set<PersonID>) async throws {
        let after = keys.status
        var changes: [String] = []
        if before.keysName != after.keysName { changes.append("rotated") }
        if before.masterName != after.masterName { changes.append("master key changed") }
        for change in changes {
            try await audit?.record(AuditRecord(.keysChanged, at: Date(), details: ["change": change, "generation": "\(after.generation)"]))
        }
        for person in people.subtracting(keys.people).sorted(by: { $0.rawValue < $1.rawValue }) {
            try await audit?.record(
                AuditRecord(.personForgotten, at: Date(), person: person, details: ["change": "keys destroyed", "generation": "\(after.generation)"]))
        }
    }

    private func deleteForgotten(includingUnfinished: Bool) async {
        guard keys.status.destroyedKeys > 0 else { return }
        do {
            let count = try await database.deleteForgotten(
                includingUnfinished: includingUnfinished, once: "\(keys.status.destroyedKeys) \(includingUnfinished)")
            if count > 0 { logger.notice("deleted what belonged to people who were forgotten", metadata: ["rows": "\(count)"]) }
        } catch {
            logger.error("what belonged to people who were forgotten is deleted at the next start", metadata: ["error": "\(error)"])
        }
    }

    /// Moves values to the newest keys until there are none left, with pauses, so that messages come first.
    private func move() async {
        for (name, store) in stores {
            do {
                try await move(store, name)
            } catch is CancellationError {
                return
            } catch {
                logger.error("moving to the newest keys goes on at the next start", metadata: ["where": "\(name)", "error": "\(error)"])
            }
        }
    }

    private func move(_ store: any Resealable, _ name: String) async throws {
        guard try await store.beginResealing(to: keys.status.keysName) else { return }
        var progress = try await store.resealNext(limit: 32)
        while !progress.isComplete {
            try await Task.sleep(for: .milliseconds(20))
            progress = try await store.resealNext(limit: 32)
        }
        guard progress.resealed + progress.unreadable > 0 else { return }
        logger.notice(
            "stored values are under the newest keys",
            metadata: [
                "where": "\(name)", "looked at": "\(progress.examined)", "moved": "\(progress.resealed)", "damaged": "\(progress.unreadable)",
            ])
    }
}
