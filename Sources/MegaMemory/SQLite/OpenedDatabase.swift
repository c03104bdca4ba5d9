// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif
import GRDB
import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A database that was locked, opened, found to be ours and brought up to date.
struct OpenedDatabase: Sendable {
    let pool: DatabasePool
    let lock: StoreLock

    static let keyCheck = "meta/key check"

    init(path: String, options: SQLiteStore.Options, codec: RecordCodec) throws {
        try Self.prepareFiles(path)
        lock = try StoreLock(path: path + ".lock")
        do {
            try Self.examine(path, codec: codec)
            pool = try DatabasePool(path: path, configuration: Self.configuration(options))
            try pool.writeWithoutTransaction { database in
                // Not earlier: opening a pool sets NORMAL.
                try database.execute(sql: "PRAGMA synchronous = \(options.durability == .full ? "FULL" : "NORMAL")")
                if let size = options.maximumSize {
                    let page = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 4096
                    try database.execute(sql: "PRAGMA max_page_count = \(max(1, size / page))")
                }
            }
            try Schema.migrator().migrate(pool)
            let check = try codec.seal(text: "megabot", Self.keyCheck)
            try pool.write { database in
                try database.run("INSERT INTO meta (name, value) VALUES ('key check', ?) ON CONFLICT DO NOTHING", [check])
            }
        } catch {
            throw StoreError.from(error, path: path)
        }
    }

    /// A database to read only, whoever else has it open.
    static func reading(path: String, options: SQLiteStore.Options, codec: RecordCodec) throws -> DatabasePool {
        var configuration = configuration(options)
        configuration.readonly = true
        do {
            let pool = try DatabasePool(path: path, configuration: configuration)
            try pool.read { try examine($0, migrator: Schema.migrator(), path: path, codec: codec) }
            return pool
        } catch {
            throw StoreError.from(error, path: path)
        }
    }

    /// Makes the folder and the file for this user alone; SQLite gives its side files the same mode.
    private static func prepareFiles(_ path: String) throws {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
        if !folder.isEmpty, mkdir(folder, 0o700) != 0, errno != EEXIST {
            throw StoreError(
                errno == ENOSPC ? .diskFull : .notPermitted,
                reason: "the data folder \(folder) cannot be made: \(String(cString: strerror(errno))); make it, or choose another")
        }
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else {
            throw StoreError(
                errno == ENOSPC ? .diskFull : .notPermitted,
                reason: "the database \(path) cannot be opened for writing: \(String(cString: strerror(errno))); "
                    + "check the owner and mode of file and folder")
        }
        defer { close(file) }
        var status = stat()
        if fstat(file, &status) == 0, status.st_mode & 0o077 != 0, fchmod(file, 0o600) != 0 {
            throw StoreError(.notPermitted, reason: "the database \(path) may be read by others; run `chmod 600` on it")
        }
    }

    private static func configuration(_ options: SQLiteStore.Options) -> Configuration {
        var configuration = Configuration()
        configuration.label = "megabot.store"
        configuration.maximumReaderCount = 4
        let (seconds, attoseconds) = options.busyTimeout.components
        configuration.busyMode = .timeout(Double(seconds) + Double(attoseconds) * 1e-18)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA temp_store = MEMORY")
            if database.configuration.readonly { return }
            try database.execute(sql: "PRAGMA secure_delete = ON")
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 2000")
        }
        return configuration
    }

    /// Looks at the database without changing it: a refused one stays byte for byte as it was.
    private static func examine(_ path: String, codec: RecordCodec) throws {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA temp_store = MEMORY") }
        let reader = try DatabaseQueue(path: path, configuration: configuration)
        try reader.read { try examine($0, migrator: Schema.migrator(), path: path, codec: codec) }
        try reader.close()
    }

    private static func examine(_ database: Database, migrator: DatabaseMigrator, path: String, codec: RecordCodec) throws {
        let isNew = try database.row("SELECT 1 FROM sqlite_master LIMIT 1") == nil
        if isNew { return }
        guard try database.tableExists("grdb_migrations"), try database.tableExists("meta") else {
            throw StoreError(.corrupt, reason: "\(path) is the database of another program; give the store a file of its own")
        }
        if try migrator.hasBeenSuperseded(database) {
            throw StoreError(
                .newerVersion,
                reason: "this database was written by a newer MegaBot (\(path)); update this one, or restore an older backup")
        }
        try checkKey(database, path: path, codec: codec)
    }

    private static func checkKey(_ database: Database, path: String, codec: RecordCodec) throws {
        guard let row = try database.row("SELECT value FROM meta WHERE name = 'key check'"), let sealed = row["value"] as Data?
        else {
            return
        }
        do {
            _ = try codec.open(text: sealed, keyCheck)
        } catch is SealError {
            throw StoreError(
                .wrongKey,
                reason: "the database \(path) was sealed under another key; use the one it was made with, "
                    + "or move the database away to start anew")
        }
    }
}
