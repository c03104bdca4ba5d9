// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Synchronization

/// The highest number seen.
final class Counter: Sendable {
    private let highest = Mutex(0)
    var value: Int { highest.withLock { $0 } }
    func raise(to number: Int) { highest.withLock { $0 = max($0, number) } }
}
