// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension String {
    /// Whether an ASCII text stands in it; compares bytes, which is many times faster than comparing characters.
    func holds(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard count > 0, utf8.count >= count else { return false }
        let wanted = text.utf8Start
        let found = utf8.withContiguousStorageIfAvailable { bytes -> Bool in
            let first = wanted[0]
            var at = 0
            let last = bytes.count - count
            while at <= last {
                if bytes[at] == first {
                    var matched = 1
                    while matched < count, bytes[at + matched] == wanted[matched] { matched += 1 }
                    if matched == count { return true }
                }
                at += 1
            }
            return false
        }
        return found ?? contains(text.description)
    }
}
