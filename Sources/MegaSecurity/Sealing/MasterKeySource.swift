// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

/// Where a master key comes from, and goes to when it is changed.
public enum MasterKeySource: Sendable {
    /// A file of 32 bytes, mode 0600; made when there is none.
    case file(String)
    /// A passphrase and the file with salt, cost and wrapped key; made when there is none.
    case passphrase(Secret, parametersFile: String, cost: MasterKey.PassphraseCost = .moderate)
    /// A key the host keeps. The host stores a new one itself; see ``KeyRing/admit(_:)`` and ``KeyRing/dropOtherMasters(than:)``.
    case given(MasterKey)

    /// The key.
    ///
    /// - Throws: `SealError` when it cannot be read or made, or the passphrase is wrong.
    public func load() async throws -> MasterKey {
        switch self {
        case .file(let path): try await MasterKey.file(path)
        case .passphrase(let passphrase, let path, let cost):
            try await MasterKey.passphrase(passphrase, parametersFile: path, cost: cost)
        case .given(let key): key
        }
    }

    /// The file that is replaced when the key changes.
    var path: String? {
        switch self {
        case .file(let path), .passphrase(_, let path, _): path
        case .given: nil
        }
    }

    /// What the file would hold for a key.
    func encoded(_ key: MasterKey) throws -> [UInt8] {
        switch self {
        case .file, .given: key.secret.revealBytes()
        case .passphrase(let passphrase, _, let cost): try MasterKey.wrapped(key, under: passphrase, cost: cost)
        }
    }

    /// The key in a file that was prepared; nil when there is none.
    func read(_ path: String) throws -> MasterKey? {
        switch self {
        case .file, .given: try MasterKey.read(path)
        case .passphrase(let passphrase, _, _): try MasterKey.unwrapped(path, with: passphrase)
        }
    }
}
