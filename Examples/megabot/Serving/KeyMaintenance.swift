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

/// Takes over what `megabot key` changed in the ring, and moves what is stored to the newest keys, a little at a time.
struct KeyMaintenance: Service {
    let keys: KeyRing
    let store: SQLiteStore
    let audit: AuditLog?
    let logger: Logger

    func run() async throws {
        // why: the waits end by cancellation only, and that is how the loop ends
        try? await cancelWhenGracefulShutdown {
            var changedAt = Self.changeTime(keys.path)
            await move()
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
    }

    /// Moves values to the newest keys until there are none left, with pauses, so that messages come first.
    private func move() async {
        guard keys.status.commonKeys > 1 else { return }
        do {
            try await store.beginResealing(to: keys.status.keysName)
            var progress = try await store.resealNext(limit: 32)
            guard !progress.isComplete else { return }
            logger.info("moving stored values to the newest keys")
            while !progress.isComplete {
                try await Task.sleep(for: .milliseconds(20))
                progress = try await store.resealNext(limit: 32)
            }
            logger.notice(
                "stored values are under the newest keys",
                metadata: ["looked at": "\(progress.examined)", "moved": "\(progress.resealed)", "damaged": "\(progress.unreadable)"])
        } catch is CancellationError {
            return
        } catch {
            logger.error("moving to the newest keys goes on at the next start", metadata: ["error": "\(error)"])
        }
    }
}
