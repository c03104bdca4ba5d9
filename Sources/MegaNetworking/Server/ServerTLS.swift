// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// The certificate a server shows, as PEM files.
public struct ServerTLS: Sendable, Hashable {
    /// The server's certificate first, then the intermediate ones.
    public var certificateChainFile: String
    /// The key of the first certificate, in PEM.
    public var privateKeyFile: String

    /// Names the files; they are read when the server starts.
    public init(certificateChainFile: String, privateKeyFile: String) {
        self.certificateChainFile = certificateChainFile
        self.privateKeyFile = privateKeyFile
    }
}
