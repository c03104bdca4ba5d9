// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Proof that a platform took a message.
public struct DeliveryReceipt: Sendable, Hashable, Codable {
    /// The id the platform gave it, where it gives one.
    public var platformMessageID: String?
    /// When the platform took it.
    public var deliveredAt: Date

    /// Makes a receipt.
    public init(platformMessageID: String? = nil, deliveredAt: Date) {
        self.platformMessageID = platformMessageID
        self.deliveredAt = deliveredAt
    }
}
