// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Crypto
import CryptoExtras
import MegaCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Makes and opens Fernet tokens: AES-128-CBC with PKCS#7 padding, then HMAC-SHA256 over everything before it
/// (https://github.com/fernet/spec).
///
/// With several keys the first one makes new tokens and every one opens old ones, which is how keys are rotated.
public struct FernetCodec: Sendable {
    /// What a token held.
    public struct Opened: Sendable, Hashable {
        /// What was encrypted.
        public var content: [UInt8]
        /// When it was made, by its maker's clock, in seconds since 1970.
        public var timestamp: Int64
        /// The signature: 32 bytes, different for every token.
        public var signature: [UInt8]
    }

    /// Bytes before the ciphertext: version, timestamp, initialisation vector.
    private static let headerSize = 25
    private static let signatureSize = 32
    private static let version: UInt8 = 0x80

    private let primary: FernetKey
    private let keys: [FernetKey]

    /// - Parameters:
    ///   - key: Makes new tokens.
    ///   - older: Also open tokens.
    public init(key: FernetKey, older: [FernetKey] = []) {
        primary = key
        keys = [key] + older
    }

    /// A token for the bytes.
    ///
    /// - Parameters:
    ///   - now: The timestamp it carries, cut to seconds.
    ///   - randomBytes: Gives the initialisation vector; must be unpredictable.
    public func seal(_ content: [UInt8], now: Date, randomBytes: (Int) -> [UInt8]) throws -> String {
        try seal(content, now: now, vector: randomBytes(16))
    }

    func seal(_ content: [UInt8], now: Date, vector: [UInt8]) throws -> String {
        let timestamp = UInt64(bitPattern: Int64(now.timeIntervalSince1970.rounded(.down)))
        let encrypted: Data
        do {
            // As Data: other collections go through unspecialised generics in the library, which costs more than the cipher.
            encrypted = try AES._CBC.encrypt(Data(content), using: primary.encryption, iv: AES._CBC.IV(ivBytes: vector))
        } catch {
            throw FernetError(.malformed, reason: "the content could not be encrypted")
        }
        var token: [UInt8] = []
        token.reserveCapacity(Self.headerSize + encrypted.count + Self.signatureSize)
        token.append(Self.version)
        for shift in stride(from: 56, through: 0, by: -8) {
            token.append(UInt8(truncatingIfNeeded: timestamp >> shift))
        }
        token.append(contentsOf: vector)
        token.append(contentsOf: encrypted)
        var signer = primary.signer
        token.withUnsafeBytes { signer.update(data: $0) }
        signer.finalize().withUnsafeBytes { token.append(contentsOf: $0) }
        return URLSafeBase64.encode(token)
    }

    /// The most bytes of content whose token has no more than so many characters.
    static func contentLimit(ofToken count: Int) -> Int {
        let blocks = (count / 4 * 3 - headerSize - signatureSize) / 16
        // The padding takes at least one byte.
        return max(0, blocks * 16 - 1)
    }

    /// Checks and opens a token.
    ///
    /// - Parameters:
    ///   - timeToLive: The greatest age in seconds; nil accepts any time.
    ///   - skew: By how many seconds the maker's clock may be ahead; only with a time to live.
    /// - Throws: ``FernetError``. The signature is checked before anything is decrypted.
    public func open(_ token: some StringProtocol, now: Date, timeToLive: Int64?, skew: Int64 = 60) throws -> Opened {
        guard let bytes = URLSafeBase64.decode(token) else {
            throw FernetError(.malformed, reason: "the token is not URL-safe base64")
        }
        guard bytes.count >= Self.headerSize + Self.signatureSize, bytes[0] == Self.version else {
            throw FernetError(.malformed, reason: "the token is no Fernet token of version 0x80")
        }
        let signatureStart = bytes.count - Self.signatureSize
        // Every key is tried, whichever fits, so the time taken says nothing about which it was.
        var fitting: FernetKey?
        for key in keys where Self.verify(bytes, signatureStart: signatureStart, key: key) && fitting == nil { fitting = key }
        guard let key = fitting else {
            throw FernetError(.notAuthentic, reason: "the token was not made with this key or was changed")
        }
        let timestamp = Int64(bitPattern: bytes[1..<9].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        if let timeToLive {
            let seconds = Int64(now.timeIntervalSince1970.rounded(.down))
            let (age, overflow) = seconds.subtractingReportingOverflow(timestamp)
            guard !overflow, age >= -skew else {
                throw FernetError(.fromTheFuture, reason: "the token was made later than now; compare the clocks")
            }
            guard age <= timeToLive else {
                throw FernetError(.expired, reason: "the token is older than \(timeToLive) seconds; compare the clocks")
            }
        }
        let ciphertext = bytes.withUnsafeBytes { Data($0[Self.headerSize..<signatureStart]) }
        guard !ciphertext.isEmpty, ciphertext.count % 16 == 0 else {
            throw FernetError(.malformed, reason: "the token's content is not whole blocks")
        }
        do {
            let content = try AES._CBC.decrypt(
                ciphertext, using: key.encryption, iv: AES._CBC.IV(ivBytes: bytes[9..<Self.headerSize]))
            return Opened(content: [UInt8](content), timestamp: timestamp, signature: Array(bytes[signatureStart...]))
        } catch {
            throw FernetError(.malformed, reason: "the token's padding is wrong")
        }
    }

    private static func verify(_ bytes: [UInt8], signatureStart: Int, key: FernetKey) -> Bool {
        var signer = key.signer
        return bytes.withUnsafeBytes { bytes in
            signer.update(data: UnsafeRawBufferPointer(rebasing: bytes[..<signatureStart]))
            return signer.finalize().withUnsafeBytes { expected in
                var difference: UInt8 = 0
                for index in 0..<signatureSize { difference |= expected[index] ^ bytes[signatureStart + index] }
                return difference == 0
            }
        }
    }
}
