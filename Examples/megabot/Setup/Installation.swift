// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// A configuration and the places that follow from it.
struct Installation: Sendable {
    let configuration: MegaConfiguration
    let configurationPath: String
    let files: ConfigurationFiles

    /// Relative paths start here.
    var baseDirectory: String { Paths.directory(of: configurationPath) }
    var dataDirectory: String { Paths.absolute(configuration.system.dataDirectory, in: baseDirectory) }
    var workspace: String { Paths.absolute(configuration.workspace.path, in: baseDirectory) }
    var keyFile: String { Paths.absolute(configuration.security.encryption.keyFile, in: dataDirectory) }
    /// Salt and cost of the passphrase, and the key wrapped under it.
    var passphraseFile: String { Paths.join(dataDirectory, "master.json") }
    /// The keys data is sealed under, sealed under the key of ``keyFile`` or the passphrase.
    var keyRingFile: String { Paths.join(dataDirectory, "keys.ring") }
    var database: String { Paths.join(dataDirectory, "megabot.db") }
    var auditLog: String { Paths.join(dataDirectory, "audit") }
    /// What people attached to their messages, sealed.
    var blobs: String { Paths.join(dataDirectory, "blobs") }
    /// Rules given with `!allow` and `!deny`, sealed.
    var policies: String { Paths.join(dataDirectory, "policies.sealed") }
    /// Which files of the workspace were written under untrusted influence, sealed.
    var fileLabels: String { Paths.join(dataDirectory, "file-labels.sealed") }
    /// The vault of secrets, sealed.
    var vault: String { Paths.join(dataDirectory, "secrets.vault") }
    var pidFile: String { Paths.join(dataDirectory, "megabot.pid") }
    var webSocketPassword: String { Paths.join(dataDirectory, "websocket.password") }
    /// The key made of the password in ``webSocketPassword``.
    var webSocketKey: String { Paths.join(dataDirectory, "websocket.key") }
    var webSocketSalt: String { Paths.join(dataDirectory, "websocket.salt") }

    /// What commands must not see: the daemon's own files, wherever they lie.
    var hiddenPaths: [String] { [dataDirectory, keyFile, configurationPath] + [files.dotEnvironmentPath].compactMap(\.self) + secretFolders }

    /// Tells the daemon of this installation from others, to anybody: the salt, which the server tells every client before it is known.
    ///
    /// - Throws: When there is no salt.
    func identity() throws -> String {
        try WebSocketCredentials(installation: self).salt().map { String(UInt16($0) | 0x100, radix: 16).dropFirst() }.joined()
    }

    /// Where a client on this machine reaches the daemon, as host and port.
    var authority: String {
        let socket = configuration.adapters.webSocket
        let host = socket.host == "0.0.0.0" ? "127.0.0.1" : socket.host == "::" ? "[::1]" : socket.host
        return host.contains(":") && !host.hasPrefix("[") ? "[\(host)]:\(socket.port)" : "\(host):\(socket.port)"
    }
}
