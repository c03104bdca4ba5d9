// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import CSodium
import MegaCore

/// What is in an open vault, in locked memory: entries of a name's length (1 byte), the name, the value's length (4 bytes, the highest
/// first) and the value, sorted by name.
struct VaultContents {
    /// Bytes of the nonce and the authenticator.
    private static let nonceSize = Int(crypto_aead_xchacha20poly1305_ietf_npubbytes())
    private static let tagSize = Int(crypto_aead_xchacha20poly1305_ietf_abytes())

    /// As the file has it; nil for a vault that is made now.
    let header: VaultHeader?
    private let bytes: LockedBytes
    private let path: String

    /// Opens a file's bytes: header, nonce, sealed entries.
    init(opening file: [UInt8], with key: VaultKey, path: String) throws {
        let header = try VaultHeader(file, path: path)
        let opened = try key.open(header, path: path)
        let body = file.dropFirst(VaultHeader.size)
        guard body.count >= Self.nonceSize + Self.tagSize else { throw Self.damaged(path) }
        let nonce = Array(body.prefix(Self.nonceSize))
        let sealed = Array(body.dropFirst(Self.nonceSize))
        let label = Array(file.prefix(VaultHeader.size))
        bytes = try LockedBytes(count: sealed.count - Self.tagSize) { plain in
            let result = opened.withBytes { key in
                crypto_aead_xchacha20poly1305_ietf_decrypt(
                    plain, nil, nil, sealed, UInt64(sealed.count), label, UInt64(label.count), nonce, key)
            }
            guard result == 0 else { throw Self.damaged(path) }
        }
        self.header = header
        self.path = path
        _ = try entries()
    }

    private init(_ bytes: LockedBytes, header: VaultHeader?, path: String) {
        self.bytes = bytes
        self.header = header
        self.path = path
    }

    func names() throws -> [SecretName] { try entries().map(\.name) }

    func secret(named name: SecretName) throws -> Secret? {
        guard let entry = try entries().first(where: { $0.name == name }) else { return nil }
        return bytes.withBytes { bytes in Secret(bytes: entry.value.map { bytes[$0] }) }
    }

    /// The contents with one value set, or taken out when it is nil.
    static func replacing(_ name: SecretName, with value: [UInt8]?, in old: VaultContents?) throws -> VaultContents {
        let kept = try old?.entries().filter { $0.name != name } ?? []
        var places = kept.map { (name: $0.name, old: Optional($0.value), count: $0.value.count) }
        if let value { places.append((name, nil, value.count)) }
        places.sort { $0.name < $1.name }
        let total = places.reduce(0) { $0 + 5 + $1.name.rawValue.utf8.count + $1.count }
        guard total <= VaultFile.longest - 1024 else {
            throw SecretStoreError(.unacceptableValue, reason: "The vault is full: it holds at most \(VaultFile.longest) bytes. Delete secrets that are not needed.")
        }
        let bytes = try LockedBytes(count: total) { target in
            var index = 0
            func put(_ byte: UInt8) {
                target[index] = byte
                index += 1
            }
            for place in places {
                put(UInt8(place.name.rawValue.utf8.count))
                for byte in place.name.rawValue.utf8 { put(byte) }
                for shift in [24, 16, 8, 0] { put(UInt8(truncatingIfNeeded: place.count >> shift)) }
                if let range = place.old, let old {
                    old.bytes.withBytes { source in for position in range { put(source[position]) } }
                } else if let value {
                    for byte in value { put(byte) }
                }
            }
        }
        return VaultContents(bytes, header: old?.header, path: old?.path ?? "")
    }

    /// The bytes of a file, under a fresh nonce.
    func sealed(with key: VaultKey, header: VaultHeader?) throws -> [UInt8] {
        let (header, opened) = try header.map { ($0, try key.open($0, path: path)) } ?? key.make()
        let label = header.encoded
        var nonce = [UInt8](repeating: 0, count: Self.nonceSize)
        randombytes_buf(&nonce, nonce.count)
        var sealed = [UInt8](repeating: 0, count: bytes.count + Self.tagSize)
        let result = opened.withBytes { key in
            bytes.withBytes { plain in
                crypto_aead_xchacha20poly1305_ietf_encrypt(
                    &sealed, nil, plain, UInt64(bytes.count), label, UInt64(label.count), nil, nonce, key)
            }
        }
        guard result == 0 else { throw SecretStoreError(.unavailable, reason: "The vault could not be sealed.") }
        return label + nonce + sealed
    }

    private func entries() throws -> [(name: SecretName, value: Range<Int>)] {
        let end = bytes.count
        return try bytes.withBytes { bytes in
            var entries: [(name: SecretName, value: Range<Int>)] = []
            var index = 0
            while index < end {
                let nameEnd = index + 1 + Int(bytes[index])
                guard nameEnd + 4 <= end, let name = SecretName(String(decoding: (index + 1..<nameEnd).map { bytes[$0] }, as: UTF8.self)) else {
                    throw Self.damaged(path)
                }
                let count = (nameEnd..<nameEnd + 4).reduce(0) { $0 << 8 | Int(bytes[$1]) }
                guard nameEnd + 4 + count <= end else { throw Self.damaged(path) }
                entries.append((name, (nameEnd + 4)..<(nameEnd + 4 + count)))
                index = nameEnd + 4 + count
            }
            return entries
        }
    }

    private static func damaged(_ path: String) -> SecretStoreError {
        SecretStoreError(.damaged, reason: "The vault \(path) was changed or is damaged. Restore it from a backup; the key is right.")
    }
}
