// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Synchronization

/// The last unsolved trouble of a component, for its health.
final class TroubleLog: Sendable {
    private let current = Mutex<String?>(nil)

    var description: String? { current.withLock { $0 } }
    func note(_ trouble: String) { current.withLock { $0 = trouble } }
    func clear() { current.withLock { if $0 != nil { $0 = nil } } }
}
