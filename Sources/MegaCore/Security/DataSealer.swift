// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Encrypts and authenticates what is stored.
///
/// Implement this to keep keys somewhere else (a hardware module, a key service). MegaSecurity's `KeyedSealer` is AES-256-GCM under
/// a key hierarchy. Sealing the same bytes twice gives different results; hashing them gives the same.
public protocol DataSealer: Sendable {
    /// Encrypts bytes.
    ///
    /// - Parameter context: What and where it is, such as `turns.message`; authenticated, not stored. Opening needs the same.
    func seal(_ bytes: [UInt8], context: String) throws -> [UInt8]

    /// Decrypts what ``seal(_:context:)`` made.
    ///
    /// - Throws: ``SealError`` when the key or the context is another or a byte was changed.
    func open(_ sealed: [UInt8], context: String) throws -> [UInt8]

    /// A keyed hash of 32 bytes (HMAC-SHA256): equal input gives equal output, and without the key nobody can compute or invert it.
    func hash(_ bytes: [UInt8], context: String) -> [UInt8]

    /// A sealer for what belongs to one person. What it seals is sealed under keys of that person alone, where there are such keys, so
    /// that destroying them makes it unreadable everywhere; it opens that, and what was sealed before there were such keys.
    ///
    /// Waits for the disk only the first time a person is met. The default knows no keys per person and returns the sealer itself.
    func sealer(for person: PersonID) async throws -> any DataSealer

    /// The person's sealer when they have keys already, nil when they have none. Makes no keys and waits for nothing. The default returns nil.
    func existingSealer(for person: PersonID) -> (any DataSealer)?

    /// The sealer of whoever a sealed value belongs to: the one that ``sealer(for:)`` gave, or the common one. So what comes to belong to
    /// a value can be sealed and hashed under the same keys without knowing the person. The default knows no keys per person and returns the
    /// sealer itself.
    ///
    /// - Throws: ``SealError``: `forgotten` when the person's keys were destroyed, or that the value is under no known key.
    func sealer(of sealed: [UInt8]) throws -> any DataSealer

    /// A sealer of its own for whoever knows a secret: what it seals opens with the same secret only, and stays under the same key when keys
    /// are replaced. For values whose secret is kept at another place, sealed; seal what this gives once more with the sealer itself. The
    /// default returns the sealer itself.
    func bound(to secret: [UInt8]) -> any DataSealer

    /// Destroys a person's keys, so that nothing sealed under them opens again, also not in backups of the data. False when there
    /// were none. The default has none.
    @discardableResult
    func destroyKeys(of person: PersonID) async throws -> Bool

    /// The value sealed anew when it was sealed under a key that has been replaced; nil when it is under the newest key already. The
    /// default knows one key only.
    ///
    /// - Throws: ``SealError`` as ``open(_:context:)``.
    func resealed(_ sealed: [UInt8], context: String) throws -> [UInt8]?
}

extension DataSealer {
    /// The sealer itself.
    public func sealer(for person: PersonID) async throws -> any DataSealer { self }
    /// Nil.
    public func existingSealer(for person: PersonID) -> (any DataSealer)? { nil }
    /// The sealer itself.
    public func sealer(of sealed: [UInt8]) throws -> any DataSealer { self }
    /// The sealer itself.
    public func bound(to secret: [UInt8]) -> any DataSealer { self }
    /// False.
    @discardableResult
    public func destroyKeys(of person: PersonID) async throws -> Bool { false }
    /// Nil.
    public func resealed(_ sealed: [UInt8], context: String) throws -> [UInt8]? { nil }
}

/// A store that can move what it holds to the newest keys, a little at a time and while it is in use.
///
/// Every step is durable when it returns, so the work goes on where it was when the process ended.
public protocol Resealable: Sendable {
    /// Looks at the next values and seals those anew that are under an older key.
    ///
    /// - Parameter limit: About how many values to look at.
    func resealNext(limit: Int) async throws -> ResealingProgress

    /// Begins at the first value again, because keys have been rotated. Does nothing when work for these keys has begun or been done.
    ///
    /// - Parameter keys: Names the newest keys; without blanks.
    /// - Returns: Whether there is still something to be looked at for these keys.
    @discardableResult
    func beginResealing(to keys: String) async throws -> Bool
}

/// How far moving to the newest keys has come.
public struct ResealingProgress: Sendable, Hashable {
    /// Values looked at since the beginning.
    public var examined: Int
    /// Of these, sealed anew.
    public var resealed: Int
    /// Of these, damaged: they could not be opened and were left as they are. No key may be destroyed then.
    public var unreadable: Int
    /// Whether everything has been looked at.
    public var isComplete: Bool

    /// Makes a report.
    public init(examined: Int, resealed: Int, unreadable: Int = 0, isComplete: Bool) {
        self.examined = examined
        self.resealed = resealed
        self.unreadable = unreadable
        self.isComplete = isComplete
    }
}

/// Why sealed bytes could not be opened.
public struct SealError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure; open.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The raw value.
        public let rawValue: String
        /// Wraps a raw value.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// Wrong key, wrong context, or changed bytes.
        public static let notAuthentic = Code(rawValue: "notAuthentic")
        /// Not a sealed value of a known version.
        public static let malformed = Code(rawValue: "malformed")
        /// Sealed under a person's key that was destroyed on purpose: nobody can read it any more.
        public static let forgotten = Code(rawValue: "forgotten")
        /// What is there opens with another master key.
        public static let otherMasterKey = Code(rawValue: "otherMasterKey")
        /// The key cannot be read or made.
        public static let keyUnavailable = Code(rawValue: "keyUnavailable")
    }

    /// The kind of failure.
    public let code: Code
    /// What happened and what to do next; no key material.
    public let reason: String
    /// In words, for people and logs.
    public var description: String { reason }

    /// Makes an error.
    public init(_ code: Code, reason: String) {
        self.code = code
        self.reason = reason
    }
}
