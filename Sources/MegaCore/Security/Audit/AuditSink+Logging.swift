// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Logging

extension AuditSink {
    /// Tells of what has happened already. Trouble with the audit holds nothing up then; it is told to the log.
    func note(_ record: AuditRecord, orLogTo logger: Logger) async {
        do {
            try await note(record)
        } catch {
            logger.error("the audit takes no records", metadata: ["event": "\(record.event.rawValue)", "error": "\(error)"])
        }
    }
}
