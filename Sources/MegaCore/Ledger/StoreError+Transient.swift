// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension StoreError {
    /// Whether the same call may succeed later without anybody changing the call.
    public var isTransient: Bool {
        switch code {
        case .notFound, .illegalTransition, .newerVersion, .wrongKey, .corrupt, .closed, .tooLarge: false
        default: true
        }
    }
}
