// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Crypto
import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The key an audit is signed with. It lies in the audit's folder, sealed; its public half lies beside it for everybody.
struct AuditSigner {
    static let keyName = "audit.key"
    static let publicName = "audit.pub"
    private static let context = "audit/signing key"

    private let key: Curve25519.Signing.PrivateKey

    /// Reads the folder's key, or makes one.
    static func open(_ folder: String, sealer: any DataSealer) throws -> AuditSigner {
        let signer: AuditSigner
        if let known = try load(folder, sealer: sealer) {
            signer = known
        } else {
            signer = AuditSigner(key: Curve25519.Signing.PrivateKey())
            let sealed = try sealer.seal(Array(signer.key.rawRepresentation), context: context)
            do {
                try KeyFile.create("\(folder)/\(keyName)", sealed)
            } catch KeyFile.AlreadyExists.alreadyExists {
                throw AuditError(.inUse, reason: "Another process made the signing key in \(folder) just now. Try again.")
            } catch let error as SealError {
                throw AuditError(.unavailable, reason: error.reason)
            }
        }
        let text = Array(signer.publicKey.pem.utf8)
        do {
            if try KeyFile.read("\(folder)/\(publicName)", limit: 4096) != text { try KeyFile.replace("\(folder)/\(publicName)", text) }
        } catch let error as SealError {
            throw AuditError(.unavailable, reason: error.reason)
        }
        return signer
    }

    /// The folder's key; nil when there is none.
    static func load(_ folder: String, sealer: any DataSealer) throws -> AuditSigner? {
        do {
            guard let sealed = try KeyFile.read("\(folder)/\(keyName)", limit: 4096) else { return nil }
            let bytes = try sealer.open(sealed, context: context)
            return AuditSigner(key: try Curve25519.Signing.PrivateKey(rawRepresentation: bytes))
        } catch let error as SealError {
            throw AuditError(.damaged, reason: "The signing key in \(folder) cannot be opened: \(error.reason)")
        } catch is CryptoKitError {
            throw AuditError(.damaged, reason: "The signing key in \(folder) is no key. Restore it from a backup.")
        }
    }

    var publicKey: AuditPublicKey { AuditPublicKey(key: key.publicKey) }

    func signature(over bytes: [UInt8]) throws -> [UInt8] { Array(try key.signature(for: bytes)) }
}

/// The public key of an audit (Ed25519): with it anybody can check checkpoints and exports, and forge neither.
public struct AuditPublicKey: Sendable {
    /// SubjectPublicKeyInfo for Ed25519 (RFC 8410) up to the key itself.
    private static let prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
    private static let header = "-----BEGIN PUBLIC KEY-----"
    private static let footer = "-----END PUBLIC KEY-----"

    private let key: Curve25519.Signing.PublicKey

    init(key: Curve25519.Signing.PublicKey) { self.key = key }

    /// Reads a key as PEM, as `openssl` writes and reads it.
    ///
    /// - Throws: ``AuditError`` when it is no Ed25519 public key.
    public init(pem: String) throws {
        let lines = pem.split(whereSeparator: \.isNewline)
        guard lines.count == 3, lines[0] == Self.header, lines[2] == Self.footer, let der = Data(base64Encoded: String(lines[1])),
            der.count == 44, der.starts(with: Self.prefix)
        else { throw AuditError(.unavailable, reason: "This is no Ed25519 public key in PEM form.") }
        do {
            key = try Curve25519.Signing.PublicKey(rawRepresentation: der.suffix(32))
        } catch {
            throw AuditError(.unavailable, reason: "This is no Ed25519 public key in PEM form.")
        }
    }

    /// The key as PEM.
    public var pem: String {
        "\(Self.header)\n\(Data(Self.prefix + key.rawRepresentation).base64EncodedString())\n\(Self.footer)\n"
    }

    /// A short name to compare by eye: the first 16 bytes of the key's SHA-256, in hex.
    public var fingerprint: String { Hex.encode(SHA256.hash(data: key.rawRepresentation).prefix(16)) }

    /// Whether a signature over bytes was made with the private half.
    public func verifies(_ signature: [UInt8], over bytes: [UInt8]) -> Bool { key.isValidSignature(signature, for: bytes) }
}
