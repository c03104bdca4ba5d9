// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension ConversationID {
    /// Reads ``description`` back; nil when a text has another form.
    public init?(text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map {
            String($0).replacing("%3A", with: ":").replacing("%25", with: "%")
        }
        guard (3...4).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.init(
            channel: ChannelID(platform: Platform(rawValue: parts[0]), account: parts[1]), chat: parts[2],
            thread: parts.count == 4 ? parts[3] : nil)
    }
}
