// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// One message that arrived.
public struct Delivery: Sendable, Hashable {
    /// The message's idempotency key.
    public var message: OutboundMessage.ID
    /// What the platform said.
    public var receipt: DeliveryReceipt

    /// Makes a note of an arrival.
    public init(message: OutboundMessage.ID, receipt: DeliveryReceipt) {
        self.message = message
        self.receipt = receipt
    }
}
