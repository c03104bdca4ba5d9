// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Dispatch
public import MegaCore
import Synchronization

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// The keys data is sealed under, in one small file sealed under the master key.
///
/// ```
/// master key ─ wraps ─> ring key ─ seals ─> common keys, the audit's keys, one line of keys per person
/// ```
///
/// - Sealing: `sealer` for what belongs to nobody in particular, ``sealer(for:)`` for what belongs to one person, ``auditSealer`` for
///   the audit.
/// - Rotation: ``rotate()`` adds new keys. New values are sealed under them at once, older ones still open; `Resealable` stores move them
///   over. ``rotateMaster()`` changes the master key and touches nothing else.
/// - Forgetting: ``forget(_:)`` destroys a person's keys, and with them everything sealed under them, in every backup of the data.
///   That is why the ring itself belongs into no backup that keeps older versions: keep one copy of it, and replace that copy.
///
/// Several processes may use one ring: each change reads the file, changes it and replaces it under a lock. ``reload()`` takes over
/// what others changed. A process that is killed at any moment leaves a ring that opens.
public final class KeyRing: Sendable {
    /// What to do when there is no ring yet.
    public enum Missing: Sendable {
        /// Begin one with new keys.
        case create
        /// Begin one whose first key is the master key itself: what was sealed under `KeyedSealer(masterKey:)` still opens.
        case adoptMasterKey
        /// Throw: there is data, so there has to be a ring.
        case fail
    }

    private struct State {
        var snapshot: KeyRingSnapshot
        var master: MasterKey
    }

    /// The file.
    public let path: String
    private let source: MasterKeySource
    private let now: @Sendable () -> Date
    private let state: Mutex<State>
    private let newPeople = Mutex<Set<String>>([])
    private let queue = DispatchQueue(label: "megabot.key-ring")
    /// Told before every change on the disk, for tests of what a kill there leaves.
    private let willChange: @Sendable (String) throws -> Void

    /// Opens a ring, or begins one, and finishes what a killed ``rotateMaster()`` left.
    ///
    /// - Parameters:
    ///   - path: Absolute; its folder exists.
    ///   - source: Where the master key is; made when there is none.
    /// - Throws: `SealError` (`keyUnavailable`, `otherMasterKey`) when ring or master key are missing, damaged or do not belong together.
    public static func open(
        _ path: String, source: MasterKeySource, ifMissing missing: Missing = .create, now: @escaping @Sendable () -> Date = { Date() }
    ) async throws -> KeyRing { try await open(path, source: source, ifMissing: missing, now: now, willChange: { _ in }) }

    static func open(
        _ path: String, source: MasterKeySource, ifMissing missing: Missing, now: @escaping @Sendable () -> Date,
        willChange: @escaping @Sendable (String) throws -> Void
    ) async throws -> KeyRing {
        let master = try await source.load()
        return try await MasterKey.offPool {
            try KeyRing(path, source: source, master: master, missing: missing, now: now, willChange: willChange)
        }
    }

    private init(
        _ path: String, source: MasterKeySource, master: MasterKey, missing: Missing, now: @escaping @Sendable () -> Date,
        willChange: @escaping @Sendable (String) throws -> Void
    ) throws {
        self.path = path
        self.source = source
        self.now = now
        self.willChange = willChange
        let lock = try KeyRingLock(path)
        defer { lock.release() }
        let file: KeyRingFile
        if let bytes = try KeyFile.read(path, limit: KeyRingFile.longest) {
            file = try KeyRingFile(decoding: bytes, path: path)
        } else {
            let content = try Self.beginning(missing, path: path, master: master, at: now())
            file = try KeyRingFile(content, master: master)
            try willChange("begin the ring")
            try KeyFile.replace(path, try file.encoded())
        }
        let (opened, usedMaster) = try Self.settle(file, path: path, source: source, master: master, willChange: willChange)
        state = Mutex(State(snapshot: KeyRingSnapshot(opened), master: usedMaster))
    }

    private static func beginning(_ missing: Missing, path: String, master: MasterKey, at now: Date) throws -> KeyRingContent {
        switch missing {
        case .fail:
            throw SealError(
                .keyUnavailable, reason: "the key ring \(path) is missing; put it back from your copy (without it the data cannot be read)")
        case .adoptMasterKey:
            let key = KeyRingContent.StoredKey(bytes: Data(master.secret.revealBytes()), createdAt: now)
            let line = KeyRingContent.Line(hashing: key, sealing: [key])
            return KeyRingContent(common: line, audit: line)
        case .create:
            let keys = (0..<4).map { _ in KeyRingContent.StoredKey.random(at: now) }
            return KeyRingContent(
                common: .init(hashing: keys[0], sealing: [keys[1]]), audit: .init(hashing: keys[2], sealing: [keys[3]]))
        }
    }

    // MARK: - Sealers

    /// For what belongs to nobody in particular. Opens what any key of the ring sealed.
    public var sealer: KeyedSealer { KeyedSealer(keys: RingKeys(ring: self, owner: .common), ring: self) }

    /// For the audit, whose records are chained and therefore never sealed anew: its old keys stay.
    public var auditSealer: KeyedSealer { KeyedSealer(keys: RingKeys(ring: self, owner: .audit), ring: self) }

    /// For what belongs to one person: sealed under keys of their own. Opens what these and the common keys sealed. The person's first
    /// key is on the disk when this returns.
    public func sealer(for person: PersonID) async throws -> KeyedSealer {
        if state.withLock({ $0.snapshot.line(.person(person.rawValue)) == nil }) { try await admit(person) }
        return KeyedSealer(keys: RingKeys(ring: self, owner: .person(person.rawValue)), ring: self)
    }

    /// The sealer of a person who has keys; nil when there are none.
    func existingSealer(for person: PersonID) -> KeyedSealer? {
        let owner = KeyRingSnapshot.Owner.person(person.rawValue)
        return snapshot.line(owner).map { _ in KeyedSealer(keys: RingKeys(ring: self, owner: owner), ring: self) }
    }

    /// The sealer of the owner of a key.
    func owner(of id: UInt32) -> KeyedSealer? {
        snapshot.owner(of: id).map { KeyedSealer(keys: RingKeys(ring: self, owner: $0), ring: self) }
    }

    /// A key for something that is sealed in another way, such as a ``SecretVault``. It stays the same when the keys or the master key are
    /// changed.
    ///
    /// - Parameter purpose: A constant of the code; another one gives another key.
    public func derivedKey(for purpose: String) -> MasterKey {
        MasterKey(unchecked: Secret(bytes: sealer.hash(Array(purpose.utf8), context: "derived keys")))
    }

    fileprivate var snapshot: KeyRingSnapshot { state.withLock { $0.snapshot } }

    /// Of many new people at once all go into one change of the file.
    private func admit(_ person: PersonID) async throws {
        newPeople.withLock { _ = $0.insert(person.rawValue) }
        try await onQueue { ring in
            guard ring.snapshot.line(.person(person.rawValue)) == nil else { return }
            let names = ring.newPeople.withLock { names in
                defer { names = [] }
                return names.union([person.rawValue])
            }
            try ring.change("add a person's key") { content, taken in
                for name in names where content.people[name] == nil {
                    let (hashing, sealing) = (
                        KeyRingContent.StoredKey.random(at: ring.now()), KeyRingContent.freshKey(avoiding: taken, at: ring.now()))
                    taken.insert(RootKey(Array(sealing.bytes)).id)
                    content.people[name] = .init(hashing: hashing, sealing: [sealing])
                }
            }
        }
    }

    // MARK: - Changes

    /// New keys for everything: common, audit and every person. What is sealed from now on is sealed under them.
    public func rotate() async throws {
        try await onQueue { ring in
            try ring.change("rotate the keys") { content, taken in
                func fresh() -> KeyRingContent.StoredKey {
                    let key = KeyRingContent.freshKey(avoiding: taken, at: ring.now())
                    taken.insert(RootKey(Array(key.bytes)).id)
                    return key
                }
                content.common.sealing.append(fresh())
                content.audit.sealing.append(fresh())
                for name in content.people.keys { content.people[name]?.sealing.append(fresh()) }
            }
        }
    }

    /// Destroys a person's keys: what was sealed under them cannot be opened any more, here and in every backup of the data. False
    /// when the person had none. A person who comes back gets new keys.
    @discardableResult
    public func forget(_ person: PersonID) async throws -> Bool {
        try await onQueue { ring in
            try ring.change("destroy a person's keys", erasing: true) { content, _ in
                guard let line = content.people.removeValue(forKey: person.rawValue) else { return false }
                content.destroyed += line.sealing.map { RootKey(Array($0.bytes)).id }
                return true
            }
        }
    }

    /// Destroys the common and the people's keys that are no longer in use. Only when every store has moved its values to the newest keys:
    /// what is still sealed under an older one is lost. The audit's keys stay.
    ///
    /// - Returns: How many keys were destroyed.
    @discardableResult
    public func retireOldKeys() async throws -> Int {
        try await onQueue { ring in
            try ring.change("destroy old keys", erasing: true) { content, _ in
                var count = 0
                func trim(_ line: inout KeyRingContent.Line) {
                    count += line.sealing.count - 1
                    line.sealing = Array(line.sealing.suffix(1))
                }
                trim(&content.common)
                for name in content.people.keys {
                    guard var line = content.people[name] else { continue }
                    trim(&line)
                    content.people[name] = line
                }
                return count
            }
        }
    }

    /// Changes the master key: the ring is wrapped under a new random one, which takes the place of the old in its file. No data is
    /// touched. Killed in the middle, the ring opens with whichever key the file holds, and the next ``open(_:source:ifMissing:now:)``
    /// finishes it.
    ///
    /// - Throws: `SealError` when the source is ``MasterKeySource/given(_:)``, or files cannot be written.
    public func rotateMaster() async throws {
        guard let place = source.path else {
            throw SealError(.keyUnavailable, reason: "this master key is kept by the host, which has to change it with admit and dropOtherMasters")
        }
        try await onQueue { ring in
            let lock = try KeyRingLock(ring.path)
            defer { lock.release() }
            let (opened, content, master) = try ring.readFile()
            var file = opened
            let new = MasterKey.random()
            try ring.willChange("write the new master key beside the old")
            try KeyFile.replace(place + ".next", try ring.source.encoded(new))
            try file.admit(new, by: master, path: ring.path)
            try ring.willChange("let both master keys open the ring")
            try KeyFile.replace(ring.path, try file.encoded())
            try ring.willChange("put the new master key in the place of the old")
            try KeyFile.move(place + ".next", to: place, erasing: true)
            try file.dropOthers(than: new, path: ring.path)
            try ring.willChange("let only the new master key open the ring")
            try KeyFile.replace(ring.path, try file.encoded(), erasing: true)
            ring.state.withLock { $0 = State(snapshot: KeyRingSnapshot(content, older: $0.snapshot), master: new) }
        }
    }

    /// Lets another master key open the ring as well, for hosts that keep theirs: admit the new one, store it, then drop the old one.
    public func admit(_ other: MasterKey) async throws {
        try await onQueue { ring in
            let lock = try KeyRingLock(ring.path)
            defer { lock.release() }
            let (opened, _, master) = try ring.readFile()
            var file = opened
            try file.admit(other, by: master, path: ring.path)
            try ring.willChange("let both master keys open the ring")
            try KeyFile.replace(ring.path, try file.encoded())
        }
    }

    /// Only this master key opens the ring from now on.
    public func dropOtherMasters(than master: MasterKey) async throws {
        try await onQueue { ring in
            let lock = try KeyRingLock(ring.path)
            defer { lock.release() }
            var file = try ring.readFile().0
            try file.dropOthers(than: master, path: ring.path)
            try ring.willChange("let only the new master key open the ring")
            try KeyFile.replace(ring.path, try file.encoded(), erasing: true)
            ring.state.withLock { $0.master = master }
        }
    }

    /// Takes over what another process changed. True when there was something.
    @discardableResult
    public func reload() async throws -> Bool {
        try await onQueue { ring in
            let lock = try KeyRingLock(ring.path)
            defer { lock.release() }
            let before = ring.snapshot.content.generation
            let (_, content, master) = try ring.readFile()
            ring.state.withLock { $0 = State(snapshot: KeyRingSnapshot(content, older: $0.snapshot), master: master) }
            return content.generation != before
        }
    }

    /// What the ring holds, without keys.
    public var status: KeyRingStatus {
        let (content, master) = state.withLock { ($0.snapshot.content, $0.master) }
        return KeyRingStatus(content, master: master)
    }

    /// The people who have keys of their own.
    public var people: Set<PersonID> { Set(snapshot.content.people.keys.map { PersonID(rawValue: $0) }) }

    // MARK: - On the queue

    private func onQueue<Value: Sendable>(_ body: @escaping @Sendable (KeyRing) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try body(self) }) }
        }
    }

    /// Reads, changes and replaces the file under the lock.
    private func change<Value>(
        _ what: String, erasing: Bool = false, _ body: (inout KeyRingContent, inout Set<UInt32>) throws -> Value
    ) throws -> Value {
        let lock = try KeyRingLock(path)
        defer { lock.release() }
        let (opened, before, master) = try readFile()
        var (file, content) = (opened, before)
        var taken = KeyRingSnapshot(content, older: snapshot).takenIDs
        let value = try body(&content, &taken)
        content.generation += 1
        try file.replaceContent(content, master: master, path: path)
        let bytes = try file.encoded()
        guard bytes.count < KeyRingFile.longest else {
            throw SealError(.keyUnavailable, reason: "the key ring \(path) is full; forget people who are gone")
        }
        try willChange(what)
        try KeyFile.replace(path, bytes, erasing: erasing)
        state.withLock { $0 = State(snapshot: KeyRingSnapshot(content, older: $0.snapshot), master: master) }
        return value
    }

    /// The file as it is now; when another process has changed the master key, that is read anew.
    private func readFile() throws -> (KeyRingFile, KeyRingContent, MasterKey) {
        guard let bytes = try KeyFile.read(path, limit: KeyRingFile.longest) else {
            throw SealError(.keyUnavailable, reason: "the key ring \(path) has disappeared; put it back from your copy")
        }
        let file = try KeyRingFile(decoding: bytes, path: path)
        var master = state.withLock { $0.master }
        if !file.opens(with: master), let place = source.path, let changed = try source.read(place) { master = changed }
        return (file, try file.open(with: master, path: path), master)
    }

    /// Finishes or takes back a change of the master key that was cut off.
    private static func settle(
        _ file: KeyRingFile, path: String, source: MasterKeySource, master: MasterKey, willChange: (String) throws -> Void
    ) throws -> (KeyRingContent, MasterKey) {
        var (file, master) = (file, master)
        // Another process changed the master key after this one read it.
        if !file.opens(with: master), let place = source.path, let changed = try source.read(place) { master = changed }
        if let place = source.path, let next = try source.read(place + ".next") {
            if file.opens(with: next) {
                try willChange("put the new master key in the place of the old")
                try KeyFile.move(place + ".next", to: place, erasing: true)
                master = next
            } else {
                try willChange("take the new master key back")
                try KeyFile.remove(place + ".next")
            }
        }
        // A host that keeps its master key says itself when the other one is done with.
        if file.slotCount > 1, source.path != nil {
            try file.dropOthers(than: master, path: path)
            try willChange("let only the new master key open the ring")
            try KeyFile.replace(path, try file.encoded(), erasing: true)
        }
        return (try file.open(with: master, path: path), master)
    }
}

/// One owner's view of a ring.
private struct RingKeys: RootKeys {
    let ring: KeyRing
    let owner: KeyRingSnapshot.Owner

    var current: RootKey {
        get throws {
            guard let key = ring.snapshot.line(owner)?.sealing.last else { throw Self.gone }
            return key
        }
    }

    var hashing: RootKey {
        get throws {
            guard let key = ring.snapshot.line(owner)?.hashing else { throw Self.gone }
            return key
        }
    }

    func find(_ id: UInt32) -> FoundKey { ring.snapshot.find(id, for: owner) }

    private static let gone = SealError(.forgotten, reason: "the keys of this person were destroyed; ask for a new sealer")
}
