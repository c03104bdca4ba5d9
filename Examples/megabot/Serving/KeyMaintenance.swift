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
        let before = keys.status
        do {
            try await keys.reload()
            let after = keys.status
            if before.keysName != after.keysName || before.destroyedKeys != after.destroyedKeys {
                let what = before.keysName != after.keysName ? "rotated" : "destroyed"
                try await audit?.record(
                    AuditRecord(.keysChanged, at: Date(), details: ["change": what, "generation": "\(after.generation)"]))
            }
        } catch {
            logger.error("the key ring cannot be read again; the keys read before stay in use", metadata: ["error": "\(error)"])
            return
        }
        await move()
        if keys.status.destroyedKeys != before.destroyedKeys { await deleteForgotten(includingUnfinished: false) }
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
        try await store.beginResealing(to: keys.status.keysName)
        var progress = try await store.resealNext(limit: 32)
        let before = progress.resealed
        var steps = 0
        while !progress.isComplete {
            try await Task.sleep(for: .milliseconds(20))
            progress = try await store.resealNext(limit: 32)
            steps += 1
        }
        guard steps > 0 || before > 0, progress.resealed + progress.unreadable > 0 else { return }
        logger.notice(
            "stored values are under the newest keys",
            metadata: [
                "where": "\(name)", "looked at": "\(progress.examined)", "moved": "\(progress.resealed)", "damaged": "\(progress.unreadable)",
            ])
    }
}
