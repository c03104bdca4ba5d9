// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import CSodium
import MegaCore
import Synchronization

/// The first bytes of a vault: format, where the key comes from, cost and salt, and a check that tells a wrong key from a damaged file.
struct VaultHeader: Sendable, Hashable {
    enum Source: UInt8, Sendable { case passphrase = 1, masterKey = 2 }

    static let size = 4 + 1 + 8 + 8 + 16 + 16
    private static let mark = Array("MBV1".utf8)

    var source: Source
    var cost: MasterKey.PassphraseCost
    var salt: [UInt8]
    /// A keyed hash of what is before it.
    var check: [UInt8]

    init(source: Source, cost: MasterKey.PassphraseCost, salt: [UInt8], check: [UInt8] = []) {
        self.source = source
        self.cost = cost
        self.salt = salt
        self.check = check
    }

    init(_ file: [UInt8], path: String) throws {
        guard file.count >= Self.size, file.starts(with: Self.mark), let source = Source(rawValue: file[4]) else {
            throw SecretStoreError(.damaged, reason: "\(path) is no vault, or of a newer MegaBot. Give the path of the vault, or restore it from a backup.")
        }
        func number(_ start: Int) -> UInt64 { file[start..<(start + 8)].reduce(0) { $0 << 8 | UInt64($1) } }
        self.source = source
        cost = MasterKey.PassphraseCost(operations: number(5), memory: Int(clamping: number(13)))
        salt = Array(file[21..<37])
        check = Array(file[37..<53])
        // A hostile file must not make this machine compute for hours.
        guard source == .masterKey || cost.isAcceptable else {
            throw SecretStoreError(.damaged, reason: "The vault \(path) asks for a cost outside the limits. Restore it from a backup.")
        }
    }

    /// What the check is made of.
    var checked: [UInt8] {
        func bytes(_ number: UInt64) -> [UInt8] { stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> UInt64($0)) } }
        return Self.mark + [source.rawValue] + bytes(cost.operations) + bytes(UInt64(clamping: cost.memory)) + salt
    }

    var encoded: [UInt8] { checked + check }
}

/// Makes the key of a vault; the last one made is kept, because making it costs.
final class VaultKey: Sendable {
    private enum Material: Sendable {
        case passphrase(LockedBytes, MasterKey.PassphraseCost)
        case masterKey(LockedBytes)
    }

    private let material: Material
    private let last = Mutex<(checked: [UInt8], key: LockedBytes)?>(nil)

    init(_ key: SecretVault.Key) throws {
        switch key {
        case .passphrase(let passphrase, let cost):
            guard !passphrase.isEmpty else { throw SecretStoreError(.wrongKey, reason: "The passphrase of the vault is empty. Choose one.") }
            guard cost.isAcceptable else { throw SecretStoreError(.unavailable, reason: "The cost of the vault's passphrase is outside the limits.") }
            material = .passphrase(try LockedBytes(copying: passphrase), cost)
        case .masterKey(let key): material = .masterKey(try LockedBytes(copying: key.secret))
        }
    }

    /// A new vault's header and key.
    func make() throws -> (VaultHeader, LockedBytes) {
        var salt = [UInt8](repeating: 0, count: 16)
        randombytes_buf(&salt, salt.count)
        var header =
            switch material {
            case .passphrase(_, let cost): VaultHeader(source: .passphrase, cost: cost, salt: salt)
            case .masterKey: VaultHeader(source: .masterKey, cost: MasterKey.PassphraseCost(operations: 0, memory: 0), salt: salt)
            }
        let key = try derive(header)
        header.check = try Self.check(header, key)
        return (header, key)
    }

    /// The key of a vault that is there.
    func open(_ header: VaultHeader, path: String) throws -> LockedBytes {
        switch (material, header.source) {
        case (.passphrase, .passphrase), (.masterKey, .masterKey): break
        case (.passphrase, .masterKey):
            throw SecretStoreError(.wrongKey, reason: "The vault \(path) opens with the key file, not with a passphrase.")
        case (.masterKey, .passphrase):
            throw SecretStoreError(.wrongKey, reason: "The vault \(path) opens with a passphrase, not with the key file.")
        }
        let key = try derive(header)
        let check = try Self.check(header, key)
        guard sodium_memcmp(check, header.check, check.count) == 0 else {
            let what = header.source == .passphrase ? "passphrase" : "key"
            throw SecretStoreError(.wrongKey, reason: "Wrong \(what) for the vault \(path), or its first bytes were changed. Try again with the right one.")
        }
        return key
    }

    private func derive(_ header: VaultHeader) throws -> LockedBytes {
        if let last = last.withLock({ $0 }), last.checked == header.checked { return last.key }
        let size = Int(crypto_aead_xchacha20poly1305_ietf_keybytes())
        let key = try LockedBytes(count: size) { output in
            let result: Int32
            switch material {
            case .passphrase(let passphrase, _):
                result = passphrase.withBytes { words in
                    words.withMemoryRebound(to: CChar.self, capacity: passphrase.count) { words in
                        crypto_pwhash(
                            output, UInt64(size), words, UInt64(passphrase.count), header.salt, header.cost.operations, header.cost.memory,
                            crypto_pwhash_alg_argon2id13())
                    }
                }
            case .masterKey(let master):
                let label = Array("megabot vault 1".utf8) + header.salt
                result = master.withBytes { crypto_generichash(output, size, label, UInt64(label.count), $0, master.count) }
            }
            guard result == 0 else {
                throw SecretStoreError(
                    .unavailable, reason: "Not enough memory to check the passphrase (\(header.cost.memory >> 20) MiB are needed). Free some.")
            }
        }
        last.withLock { $0 = (header.checked, key) }
        return key
    }

    private static func check(_ header: VaultHeader, _ key: LockedBytes) throws -> [UInt8] {
        var check = [UInt8](repeating: 0, count: 16)
        let input = header.checked
        let result = key.withBytes { crypto_generichash(&check, 16, input, UInt64(input.count), $0, key.count) }
        guard result == 0 else { throw SecretStoreError(.unavailable, reason: "The key of the vault could not be checked.") }
        return check
    }
}
