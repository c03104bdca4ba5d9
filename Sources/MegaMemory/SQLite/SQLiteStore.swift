// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Dispatch
internal import GRDB
public import Logging
public import MegaCore
import Synchronization

/// Everything the orchestrator keeps, in one SQLite file.
///
/// Text and identities are sealed or hashed under the sealer's keys; states, counts and times are not. Writes of many tasks share
/// transactions (and syncs to disk): each function returns when its own effect is on disk, also ``begin(_:at:)``, so a read that
/// follows in the same task sees it. One process may have the store open at a time.
///
/// Search works over keyed hashes of words, under the keys of whom a line belongs to. Somebody who reads the file without the key learns how
/// many different words a line has and which lines of one person share words, not which words; the order of words is not kept.
public final class SQLiteStore: Ledger, ConversationLog, MemoryStore {
    /// How the database is run.
    public struct Options: Sendable, Hashable {
        /// When a write counts as done.
        public enum Durability: String, Sendable, Hashable {
            /// It survives a power cut.
            case full
            /// It survives a crash of the process; a power cut may take the last writes.
            case normal
        }

        /// When a write counts as done.
        public var durability: Durability
        /// How long to wait for another program (a backup tool, for example) that has the file locked.
        public var busyTimeout: Duration
        /// The most bytes the database may grow to, or nil for as much as the disk holds. Beyond it writes throw `diskFull`.
        public var maximumSize: Int?

        /// Options; the defaults survive a power cut.
        public init(durability: Durability = .full, busyTimeout: Duration = .seconds(5), maximumSize: Int? = nil) {
            self.durability = durability
            self.busyTimeout = busyTimeout
            self.maximumSize = maximumSize
        }
    }

    /// The file.
    public let path: String
    let codec: RecordCodec
    let logger: Logger
    let commits: CommitQueue
    let reads = ReadGate()
    let pool: DatabasePool
    let isIndexing = Mutex(false)
    let owners = TurnOwners()
    /// Only of the process that writes.
    let recent: RecentLines?
    private let lock: Mutex<StoreLock?>

    /// Opens a database, making file and folder (0600, 0700) when there are none, and brings an older one up to date.
    ///
    /// - Throws: `StoreError`: `locked`, `newerVersion`, `wrongKey`, `notPermitted`, `diskFull`, `corrupt`; nothing was changed then.
    public init(path: String, sealer: any DataSealer, options: Options = Options(), logger: Logger) async throws {
        self.path = path
        self.logger = logger
        let codec = RecordCodec(sealer: sealer)
        self.codec = codec
        let opened = try await Self.onThread { try OpenedDatabase(path: path, options: options, codec: codec) }
        pool = opened.pool
        lock = Mutex(opened.lock)
        recent = RecentLines()
        commits = CommitQueue(pool: opened.pool)
        try await indexStoredMemories()
        commits.whenIdle { [weak self] in self?.indexWhenIdle() }
        logger.debug("Store opened", metadata: ["path": "\(path)"])
    }

    /// Opens an existing database for reading only, also while another process has it open. Writes throw `notPermitted`.
    ///
    /// - Throws: `StoreError`: `newerVersion`, `wrongKey`, `notPermitted`, `corrupt`.
    public init(readingFrom path: String, sealer: any DataSealer, options: Options = Options()) async throws {
        self.path = path
        logger = Logger(label: "megabot.store", factory: { _ in SwiftLogNoOpLogHandler() })
        let codec = RecordCodec(sealer: sealer)
        self.codec = codec
        pool = try await Self.onThread { try OpenedDatabase.reading(path: path, options: options, codec: codec) }
        lock = Mutex(nil)
        recent = nil
        commits = CommitQueue(pool: pool)
    }

    /// Finishes the writes under way, writes everything into the main file and lets another process open it. Further calls throw
    /// `closed`.
    public func close() async throws {
        await commits.close()
        await reads.close()
        let pool = pool
        let logger = logger
        try await Self.onThread {
            // SQLite does this by itself only when the last connection of all closes, and GRDB keeps the log for readers.
            do {
                if !pool.configuration.readonly { _ = try pool.writeWithoutTransaction { try $0.checkpoint(.truncate) } }
            } catch {
                logger.notice("the write-ahead log stays for the next start: another program reads the database", metadata: ["error": "\(error)"])
            }
            do { try pool.close() } catch { throw StoreError.from(error) }
        }
        lock.withLock { $0 = nil }
    }

    /// Writes run and transactions committed so far; their ratio tells how well writes share syncs.
    package var commitStatistics: (operations: Int, transactions: Int) {
        let statistics = commits.statistics
        return (statistics.operations, statistics.transactions)
    }

    /// Runs a write; durable on return.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await commits.perform(body)
    }

    /// Runs a read that sees every write that returned before.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try reads.enter()
        defer { reads.leave() }
        do { return try await pool.read(body) } catch { throw StoreError.from(error) }
    }

    static func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result(catching: work)) }
        }
    }
}
