// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Logging
import MegaCore
import MegaMemory
import ServiceLifecycle

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Deletes attachments that nothing refers to, at the start and once a day: uploads whose message was refused or never came, and what
/// belonged to messages that are gone.
struct AttachmentMaintenance: Service {
    let attachments: FileBlobStore
    let store: SQLiteStore
    /// How long one that nothing refers to is kept.
    let age: Duration
    let logger: Logger

    func run() async throws {
        // why: the waits end by cancellation only, and that is how the loop ends
        try? await cancelWhenGracefulShutdown {
            while true {
                await clear()
                try await Task.sleep(for: .seconds(86_400))
            }
        }
    }

    private func clear() async {
        do {
            // Before the list is made: what is put from now on is younger.
            let limit = Date().addingTimeInterval(-Double(age.components.seconds))
            let count = try await attachments.removeUnused(keeping: store.referencedAttachments(), notSince: limit)
            if count > 0 { logger.notice("deleted attachments that nothing referred to", metadata: ["count": "\(count)"]) }
        } catch is CancellationError {
            return
        } catch {
            logger.error("attachments that nothing refers to could not be found; none was deleted", metadata: ["error": "\(error)"])
        }
    }
}
