// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Turns values into sealed columns and identities into keyed hashes, and back.
///
/// The context of a sealed value names its table and its row, so that a value copied to another row does not open there.
struct RecordCodec: Sendable {
    let sealer: any DataSealer

    /// - Parameter owner: The sealer of the person it belongs to; nil when it belongs to nobody in particular.
    func seal(_ value: some Encodable, _ context: String, by owner: (any DataSealer)? = nil) throws -> Data {
        Data(try (owner ?? sealer).seal(Array(try JSONEncoder().encode(value)), context: context))
    }

    /// The sealer for what a person wrote: their own when they are known, the common one for strangers, of whom there can be any number.
    func sealer(for person: PersonID, trust: TrustLabel) async throws -> any DataSealer {
        trust == .owner || trust == .known ? try await sealer.sealer(for: person) : sealer
    }

    /// What `open` returns, or nil when it belonged to a person whose keys were destroyed.
    func unlessForgotten<Value>(_ open: () throws -> Value) throws -> Value? {
        do { return try open() } catch let error as SealError where error.code == .forgotten { return nil }
    }

    func open<Value: Decodable>(_ sealed: Data, _ context: String, as type: Value.Type = Value.self) throws -> Value {
        let bytes = try sealer.open(Array(sealed), context: context)
        do {
            return try JSONDecoder().decode(Value.self, from: Data(bytes))
        } catch {
            throw StoreError(.corrupt, reason: "a stored value cannot be understood (\(context)); restore a backup")
        }
    }

    func seal(text: String, _ context: String, by owner: (any DataSealer)? = nil) throws -> Data {
        Data(try (owner ?? sealer).seal(Array(text.utf8), context: context))
    }

    func open(text sealed: Data, _ context: String) throws -> String {
        String(decoding: try sealer.open(Array(sealed), context: context), as: UTF8.self)
    }

    // Keys are the first 16 bytes of a keyed hash: 2⁶⁴ rows before two are likely to collide.

    func key(_ conversation: ConversationID) -> Data { key(conversation.description, "conversation") }
    func key(_ channel: ChannelID) -> Data { key([channel.platform.rawValue, channel.account], "channel") }
    func key(_ person: PersonID) -> Data { key(person.rawValue, "person") }
    func key(_ message: InboundMessage) -> Data { key([message.conversation.description, message.id], "message") }
    func key(outbox id: OutboundMessage.ID) -> Data { key(id, "outbox") }
    func key(_ approval: ApprovalRequest.ID) -> Data { key(approval.rawValue, "approval") }
    func key(_ grant: ApprovalGrant) -> Data { key([grant.approval.rawValue, grant.id], "grant") }
    func key(memory id: Memory.ID, of person: PersonID) -> Data { key([person.rawValue, id], "memory") }

    /// Tells owners of sealed values apart. It is the owner's own hash, so that nobody can say whose it is once the keys are gone.
    func key(owner: any DataSealer) -> Data { Data(owner.hash([], context: "owner").prefix(16)) }

    /// The owner of a sealed value when that is a person, nil when it is sealed under the common keys.
    ///
    /// - Throws: `SealError`, `forgotten` when the person's keys were destroyed.
    func person(owning sealed: Data) throws -> (any DataSealer)? {
        let owner = try sealer.sealer(of: Array(sealed))
        return key(owner: owner) == key(owner: sealer) ? nil : owner
    }

    func hex(_ bytes: some Sequence<UInt8>) -> String { Hex.encode(bytes) }

    private func key(_ text: String, _ context: String) -> Data { Data(sealer.hash(Array(text.utf8), context: context).prefix(16)) }

    /// Lengths first, so that no two lists of parts look alike.
    private func key(_ parts: [String], _ context: String) -> Data {
        var bytes: [UInt8] = []
        for part in parts {
            let text = Array(part.utf8)
            withUnsafeBytes(of: UInt64(text.count).littleEndian) { bytes.append(contentsOf: $0) }
            bytes += text
        }
        return Data(sealer.hash(bytes, context: context).prefix(16))
    }
}
