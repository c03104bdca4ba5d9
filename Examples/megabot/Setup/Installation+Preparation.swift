// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import MegaMemory
import MegaSecurity

extension Installation {
    /// Makes what is missing: folders, key, credentials. Safe to repeat.
    ///
    /// - Returns: What was made, a line each.
    func prepare() async throws -> [String] {
        var made: [String] = []
        if try PrivateFiles.makeDirectory(dataDirectory) { made.append("made the data directory \(dataDirectory)") }
        guard let status = PrivateFiles.status(dataDirectory), status.isDirectory else {
            throw Complaint("\(dataDirectory) cannot be read.", mend: "Check its owner.")
        }
        if status.isExposed {
            throw Complaint("the data directory \(dataDirectory) is open to other users.", mend: "Run: chmod 700 \(dataDirectory)")
        }
        if try PrivateFiles.makeDirectory(workspace) { made.append("made the workspace \(workspace)") }
        let isKeyThere = PrivateFiles.status(sealingFile) != nil
        _ = try await sealer()
        if !isKeyThere {
            made.append("made the \(hasPassphrase ? "passphrase's file" : "key") \(sealingFile) and the key ring \(keyRingFile); keep a copy of both elsewhere, without them the data is lost")
        }
        guard configuration.adapters.webSocket.isEnabled else { return made }
        let credentials = WebSocketCredentials(installation: self)
        if try credentials.create() { made.append("made a WebSocket password, in \(webSocketPassword)") }
        try await credentials.keepKey()
        return made
    }

    /// Opens the keys everything is sealed with; makes them when there are none.
    func sealer() async throws -> KeyedSealer { try await keyRing().sealer }

    /// Opens the ring of keys; makes it when there is neither a ring nor data.
    func keyRing() async throws -> KeyRing { try await explaining { try await openedKeyRing() } }

    /// Says of a key that is not the right one what this installation's key is, and how to come by the right one.
    func explaining<Value>(_ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch let error as SealError where error.code == .otherMasterKey {
            throw Complaint(error.reason + ".", mend: keyAdvice)
        } catch let error as StoreError where error.code == .wrongKey {
            throw Complaint(error.reason + ".", mend: keyAdvice)
        }
    }

    private var keyAdvice: String {
        configuration.security.encryption.passphrase == nil
            ? "Put back the key file \(keyFile) and the key ring \(keyRingFile) that belong to these data, or set security.encryption.passphrase if they were made with one."
            : "Give the passphrase these data were made with in security.encryption.passphrase, and put back \(passphraseFile) and \(keyRingFile) that "
                + "belong to it. Data made without a passphrase want security.encryption.passphrase removed."
    }

    private func openedKeyRing() async throws -> KeyRing {
        let source = try keySource()
        if PrivateFiles.status(keyRingFile) != nil { return try await KeyRing.open(keyRingFile, source: source, ifMissing: .fail) }
        guard PrivateFiles.status(database) != nil else { return try await KeyRing.open(keyRingFile, source: source) }
        // Data from before there was a ring is sealed under the master key itself; other data has lost its ring.
        let master = try await source.load()
        do {
            try await SQLiteStore(readingFrom: database, sealer: KeyedSealer(masterKey: master)).close()
        } catch let error as StoreError where error.code == .wrongKey {
            throw Complaint(
                "the database \(database) cannot be opened: its key ring \(keyRingFile) is missing, or the \(hasPassphrase ? "passphrase" : "key") is another.",
                mend: "Put both back from your copies. Without them the data cannot be read by anybody.")
        }
        return try await KeyRing.open(keyRingFile, source: source, ifMissing: .adoptMasterKey)
    }

    /// The vault of secrets: under the passphrase when there is one, else under a key of the ring, so that it stays readable when the master
    /// key is changed.
    func secretVault() async throws -> SecretVault {
        if let passphrase = configuration.security.encryption.passphrase { return try SecretVault(path: vault, key: .passphrase(passphrase)) }
        // New keys for an old vault would only lead to "wrong key"; say what is really the matter.
        if let missing = [keyFile, keyRingFile].first(where: { PrivateFiles.status($0) == nil }), PrivateFiles.status(vault) != nil {
            // A vault can be older than the ring; then the ring is made below.
            if missing == keyFile || PrivateFiles.status(database) != nil {
                throw Complaint(
                    "there is a vault of secrets at \(vault), but its key \(missing) is missing.",
                    mend: "Put it back from your copy. Without it nobody can read what is there.")
            }
        }
        let opened = try SecretVault(path: vault, key: .masterKey(try await keyRing().derivedKey(for: "vault")))
        // Earlier versions kept it under the key file itself.
        if PrivateFiles.status(vault) != nil { try await opened.takeOver(from: .masterKey(try await MasterKey.file(keyFile))) }
        return opened
    }

    private func keySource() throws -> MasterKeySource {
        if let passphrase = configuration.security.encryption.passphrase {
            let sealed = [keyRingFile, database].first { PrivateFiles.status($0) != nil }
            if PrivateFiles.status(passphraseFile) == nil, let sealed {
                let isByFile = PrivateFiles.status(keyFile) != nil
                throw Complaint(
                    "a passphrase is configured, but \(sealed) was not made with it: \(passphraseFile), which belongs to every passphrase, is not there.",
                    mend: isByFile
                        ? "There is the key file \(keyFile): remove security.encryption.passphrase."
                        : "Put \(passphraseFile) back from your copy. Without it the passphrase opens nothing.")
            }
            return .passphrase(passphrase, parametersFile: passphraseFile)
        }
        // A new key for old data would only lead to "wrong key"; say what is really the matter.
        if PrivateFiles.status(keyFile) == nil, PrivateFiles.status(passphraseFile) != nil {
            throw Complaint(
                "the data in \(dataDirectory) were made with a passphrase, and none is configured.",
                mend: "Give it in security.encryption.passphrase, best from a variable: ${MEGABOT_PASSPHRASE}")
        }
        if PrivateFiles.status(keyFile) == nil, PrivateFiles.status(database) != nil {
            throw Complaint(
                "there is a database at \(database), but its key \(keyFile) is missing.",
                mend: "Put the key file back from your copy. Without it the data cannot be read by anybody.")
        }
        return .file(keyFile)
    }

    var hasPassphrase: Bool { configuration.security.encryption.passphrase != nil }
    private var sealingFile: String { hasPassphrase ? passphraseFile : keyFile }
}
