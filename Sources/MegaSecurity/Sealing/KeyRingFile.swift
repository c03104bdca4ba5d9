// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Crypto
import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A key ring as it stands in its file.
///
/// The content is sealed under a random ring key, and that under each master key that opens the ring, in a slot of its own. Two slots
/// stand there only while the master key is being changed, so that either key opens the ring at every moment.
struct KeyRingFile: Codable, Sendable {
    static let longest = 32 << 20
    private static let contentLabel = "megabot key ring 1/"
    private static let slotLabel = Array("megabot key ring slot 1".utf8)

    struct Slot: Codable, Sendable {
        /// Names the master key: eight bytes of a keyed hash.
        var master: Data
        /// The ring key wrapped under it.
        var key: Data
    }

    private var version = 1
    private var slots: [Slot]
    /// Authenticated with the content, so that content and number belong together.
    private(set) var generation: UInt64
    private var content: Data

    /// A new ring that one master key opens.
    init(_ content: KeyRingContent, master: MasterKey) throws {
        slots = []
        generation = content.generation
        self.content = Data()
        let key = SymmetricKey(size: .bits256)
        slots = [try Self.slot(key, master)]
        self.content = try Self.seal(content, under: key)
    }

    init(decoding bytes: [UInt8], path: String) throws {
        do { self = try JSONDecoder().decode(KeyRingFile.self, from: Data(bytes)) } catch { throw Self.damaged(path) }
        guard version == 1 else {
            throw SealError(.keyUnavailable, reason: "the key ring \(path) was written by a newer MegaBot; update this one")
        }
    }

    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return Array(try encoder.encode(self))
    }

    func opens(with master: MasterKey) -> Bool { slots.contains { $0.master == Self.name(of: master) } }
    var slotCount: Int { slots.count }

    func open(with master: MasterKey, path: String) throws -> KeyRingContent {
        let key = try ringKey(master, path: path)
        do {
            let box = try AES.GCM.SealedBox(combined: content)
            let plain = try AES.GCM.open(box, using: key, authenticating: Array("\(Self.contentLabel)\(generation)".utf8))
            let opened = try JSONDecoder().decode(KeyRingContent.self, from: plain)
            guard !opened.common.sealing.isEmpty, !opened.audit.sealing.isEmpty, opened.people.values.allSatisfy({ !$0.sealing.isEmpty })
            else { throw Self.damaged(path) }
            return opened
        } catch {
            throw Self.damaged(path)
        }
    }

    /// Puts another content in, under the same ring key: every slot goes on opening it.
    mutating func replaceContent(_ new: KeyRingContent, master: MasterKey, path: String) throws {
        content = try Self.seal(new, under: try ringKey(master, path: path))
        generation = new.generation
    }

    /// Lets another master key open the ring too.
    mutating func admit(_ other: MasterKey, by master: MasterKey, path: String) throws {
        let key = try ringKey(master, path: path)
        slots.removeAll { $0.master == Self.name(of: other) }
        slots.append(try Self.slot(key, other))
    }

    /// Only this master key opens the ring from now on, and under a new ring key: one that was known is worth nothing.
    mutating func dropOthers(than master: MasterKey, path: String) throws {
        let opened = try open(with: master, path: path)
        let key = SymmetricKey(size: .bits256)
        slots = [try Self.slot(key, master)]
        content = try Self.seal(opened, under: key)
    }

    private func ringKey(_ master: MasterKey, path: String) throws -> SymmetricKey {
        guard let slot = slots.first(where: { $0.master == Self.name(of: master) }) else {
            throw SealError(.otherMasterKey, reason: "the key ring \(path) belongs to another master key; use the one it was made with")
        }
        do {
            return SymmetricKey(data: try AES.GCM.open(try .init(combined: slot.key), using: Self.wrapping(master), authenticating: Self.slotLabel))
        } catch {
            throw Self.damaged(path)
        }
    }

    private static func slot(_ key: SymmetricKey, _ master: MasterKey) throws -> Slot {
        let box = try AES.GCM.seal(key.withUnsafeBytes { Data($0) }, using: wrapping(master), authenticating: slotLabel)
        guard let combined = box.combined else { throw SealError(.keyUnavailable, reason: "a key could not be wrapped") }
        return Slot(master: name(of: master), key: combined)
    }

    private static func seal(_ content: KeyRingContent, under key: SymmetricKey) throws -> Data {
        let box = try AES.GCM.seal(
            try JSONEncoder().encode(content), using: key, authenticating: Array("\(contentLabel)\(content.generation)".utf8))
        guard let combined = box.combined else { throw SealError(.keyUnavailable, reason: "the key ring could not be sealed") }
        return combined
    }

    private static func wrapping(_ master: MasterKey) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: master.secret.revealBytes()), salt: Array("megabot key ring 1".utf8),
            info: Array("wrap".utf8), outputByteCount: 32)
    }

    private static func name(of master: MasterKey) -> Data {
        let key = SymmetricKey(data: master.secret.revealBytes())
        return Data(HMAC<SHA256>.authenticationCode(for: Array("megabot master key name".utf8), using: key).prefix(8))
    }

    static func damaged(_ path: String) -> SealError {
        SealError(.keyUnavailable, reason: "the key ring \(path) is damaged; restore its newest copy (without it the data cannot be read)")
    }
}
