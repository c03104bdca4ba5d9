// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import GRDB

/// The tables, version by version. A published version is never changed again, only followed by another.
///
/// Plain columns hold numbers, states and times; everything a person wrote or is known by is sealed (`payload`, `error`, `failure`)
/// or a keyed hash (`dedupe`, `conversation`, `key`, `person`, `channel`, `owner`).
enum Schema {
    static let versions = ["1-ledger", "2-search", "3-approvals", "4-owners"]

    /// The steps up to a version; all of them unless told otherwise (tests make older databases).
    static func migrator(upTo last: String? = nil) -> DatabaseMigrator {
        let steps = ["1-ledger": ledger, "2-search": search, "3-approvals": approvals, "4-owners": owners]
        var migrator = DatabaseMigrator()
        for version in versions {
            if let statements = steps[version] { migrator.registerMigration(version) { try $0.execute(sql: statements) } }
            if version == last { break }
        }
        return migrator
    }

    private static let ledger = """
        CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;

        CREATE TABLE turns (
            id INTEGER PRIMARY KEY AUTOINCREMENT, dedupe BLOB NOT NULL UNIQUE, conversation BLOB NOT NULL, state INTEGER NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0, received REAL NOT NULL, updated REAL NOT NULL, payload BLOB NOT NULL, failure BLOB);
        CREATE INDEX turns_by_state ON turns (state);
        CREATE INDEX turns_by_conversation ON turns (conversation);

        CREATE TABLE journal (turn INTEGER NOT NULL REFERENCES turns (id) ON DELETE CASCADE, step INTEGER NOT NULL,
            payload BLOB NOT NULL, PRIMARY KEY (turn, step)) WITHOUT ROWID;

        CREATE TABLE outbox (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, key BLOB NOT NULL UNIQUE, conversation BLOB NOT NULL, turn INTEGER,
            state INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL, payload BLOB, error BLOB);
        CREATE INDEX outbox_pending ON outbox (sequence) WHERE state = 0;
        CREATE INDEX outbox_pending_by_turn ON outbox (turn) WHERE state = 0;
        CREATE INDEX outbox_dead ON outbox (sequence) WHERE state = 2;
        CREATE INDEX outbox_by_conversation ON outbox (conversation);

        CREATE TABLE cursors (channel BLOB PRIMARY KEY, payload BLOB NOT NULL) WITHOUT ROWID;

        CREATE TABLE approvals (
            id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, turn INTEGER NOT NULL, conversation BLOB NOT NULL,
            open INTEGER NOT NULL, payload BLOB NOT NULL);
        CREATE INDEX approvals_open ON approvals (id) WHERE open = 1;
        CREATE INDEX approvals_by_conversation ON approvals (conversation);

        CREATE TABLE lines (
            id INTEGER PRIMARY KEY AUTOINCREMENT, conversation BLOB NOT NULL, turn INTEGER, role TEXT NOT NULL, trust TEXT NOT NULL,
            time REAL NOT NULL, kept INTEGER NOT NULL, payload BLOB NOT NULL);
        CREATE INDEX lines_by_conversation ON lines (conversation);

        CREATE TABLE memories (
            id INTEGER PRIMARY KEY AUTOINCREMENT, key BLOB NOT NULL UNIQUE, person BLOB NOT NULL, created REAL NOT NULL,
            payload BLOB NOT NULL);
        CREATE INDEX memories_by_person ON memories (person, created);
        """

    private static let search = """
        CREATE VIRTUAL TABLE line_index USING fts5 (scope, terms, tokenize = 'ascii');
        CREATE VIRTUAL TABLE line_terms USING fts5vocab (line_index, 'row');
        CREATE VIRTUAL TABLE memory_index USING fts5 (scope, terms, tokenize = 'ascii');
        CREATE VIRTUAL TABLE memory_terms USING fts5vocab (memory_index, 'row');
        INSERT INTO meta (name, value) VALUES ('lines indexed', 0), ('memories indexed', 0);
        """

    private static let approvals = """
        CREATE TABLE grants (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, open INTEGER NOT NULL, payload BLOB NOT NULL);
        CREATE INDEX grants_open ON grants (id) WHERE open = 1;
        """

    // Words are hashed under the keys of whom a line or a memory belongs to, no longer under the common one: the index begins anew.
    private static let owners = """
        CREATE TABLE line_owners (conversation BLOB NOT NULL, owner BLOB NOT NULL, payload BLOB NOT NULL,
            PRIMARY KEY (conversation, owner)) WITHOUT ROWID;
        DROP TABLE line_terms;
        DROP TABLE line_index;
        DROP TABLE memory_terms;
        DROP TABLE memory_index;
        CREATE VIRTUAL TABLE line_index USING fts5 (scope, terms, tokenize = 'ascii');
        CREATE VIRTUAL TABLE line_terms USING fts5vocab (line_index, 'row');
        CREATE VIRTUAL TABLE memory_index USING fts5 (scope, terms, tokenize = 'ascii');
        CREATE VIRTUAL TABLE memory_terms USING fts5vocab (memory_index, 'row');
        UPDATE meta SET value = 0 WHERE name IN ('lines indexed', 'memories indexed');
        """
}
