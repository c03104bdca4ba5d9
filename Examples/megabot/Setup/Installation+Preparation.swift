// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
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
        if !isKeyThere { made.append("made the key \(sealingFile); keep a copy of it elsewhere, without it the data is lost") }
        guard configuration.adapters.webSocket.isEnabled else { return made }
        let credentials = WebSocketCredentials(installation: self)
        if try credentials.create() { made.append("made a WebSocket password, in \(webSocketPassword)") }
        try await credentials.keepKey()
        return made
    }

    /// Opens the key everything is sealed with; makes it when there is none.
    func sealer() async throws -> KeyedSealer {
        if let passphrase = configuration.security.encryption.passphrase {
            return KeyedSealer(masterKey: try await MasterKey.passphrase(passphrase, parametersFile: passphraseFile))
        }
        // A new key for old data would only lead to "wrong key"; say what is really the matter.
        if PrivateFiles.status(keyFile) == nil, PrivateFiles.status(database) != nil {
            throw Complaint(
                "there is a database at \(database), but its key \(keyFile) is missing.",
                mend: "Put the key file back from your copy. Without it the data cannot be read by anybody.")
        }
        return KeyedSealer(masterKey: try await MasterKey.file(keyFile))
    }

    private var sealingFile: String { configuration.security.encryption.passphrase == nil ? keyFile : passphraseFile }
}
