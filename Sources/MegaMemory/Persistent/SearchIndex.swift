// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import GRDB
import MegaCore

/// A full-text index over keyed hashes of words (FTS5, BM25).
struct SearchIndex: Sendable {
    struct Hit: Sendable {
        var row: Int64
        /// 0…1 for a row with some of the words, 1…2 for one with all of them.
        var score: Double
    }

    static let lines = SearchIndex(name: "line")
    static let memories = SearchIndex(name: "memory")

    /// More words than these make a query slower, not better.
    private static let maximumTerms = 16

    private let name: String

    /// Owners whose words are looked for in one statement.
    private static let ownersAtOnce = 16

    /// The different words of a query as they stand in the index for texts of one owner.
    static func terms(of query: String, by owner: any DataSealer) -> [String] {
        Set(SearchTerms.terms(of: query, limit: 256)).sorted().map { term($0, by: owner) }
    }

    /// The words of an owner's text as they go into the index: sorted, so that their order in the text is not kept.
    static func document(_ text: String, by owner: any DataSealer) -> String {
        SearchTerms.terms(of: text).map { term($0, by: owner) }.sorted().joined(separator: " ")
    }

    /// 64 bits of a word's keyed hash as 16 hex digits. Equal words of different owners differ.
    private static func term(_ word: String, by owner: any DataSealer) -> String {
        Hex.encode(owner.hash(Array(word.utf8), context: "term").prefix(8))
    }

    func add(_ row: Int64, _ document: String, in scope: String, _ database: Database) throws {
        try database.run("INSERT INTO \(name)_index (rowid, scope, terms) VALUES (?, ?, ?)", [row, scope, document])
    }

    func remove(_ row: Int64, _ database: Database) throws { try database.run("DELETE FROM \(name)_index WHERE rowid = ?", [row]) }

    /// Merges all parts, so that nothing of what was removed waits in old ones.
    func optimize(_ database: Database) throws { try database.run("INSERT INTO \(name)_index (\(name)_index) VALUES ('optimize')") }

    /// The best rows of a scope, best first: those with all words before those with some.
    ///
    /// - Parameter terms: The query's words, once for each owner of rows in the scope.
    func search(_ terms: [[String]], in scope: String, limit: Int, _ database: Database) throws -> [Hit] {
        let useful = try terms.map { try selective($0, database) }.filter { !$0.isEmpty }
        if useful.isEmpty { return [] }
        let all = try match(useful, joinedBy: "AND", in: scope, limit: limit, database)
        var hits = normalised(all, above: 1)
        if hits.count < limit, useful.contains(where: { $0.count > 1 }) {
            let seen = Set(all.map(\.row))
            let some = try match(useful, joinedBy: "OR", in: scope, limit: limit, database)
            hits += normalised(some, above: 0).filter { !seen.contains($0.row) }
        }
        return Array(hits.prefix(limit))
    }

    /// Rows with the words of one of the owners, best first.
    private func match(
        _ terms: [[String]], joinedBy connective: String, in scope: String, limit: Int, _ database: Database
    ) throws -> [Hit] {
        var hits: [Hit] = []
        for start in stride(from: 0, to: terms.count, by: Self.ownersAtOnce) {
            let some = terms[start..<min(start + Self.ownersAtOnce, terms.count)]
            hits += try match(Array(some), joinedBy: connective, scope, limit, database)
        }
        guard terms.count > Self.ownersAtOnce else { return hits }
        return Array(hits.sorted { ($0.score, $0.row) > ($1.score, $1.row) }.prefix(limit))
    }

    private func match(_ terms: [[String]], joinedBy connective: String, _ scope: String, _ limit: Int, _ database: Database) throws -> [Hit] {
        let words = terms.map { "(" + $0.map { "\"\($0)\"" }.joined(separator: " \(connective) ") + ")" }.joined(separator: " OR ")
        return try database.rows(
            """
            SELECT rowid, bm25(\(name)_index, 0.0, 1.0) AS rank FROM \(name)_index WHERE \(name)_index MATCH ?
            ORDER BY rank, rowid DESC LIMIT ?
            """, ["scope : \"\(scope)\" AND terms : (\(words))", limit]
        ).map { Hit(row: $0["rowid"], score: -($0["rank"] as Double)) }
    }

    private func normalised(_ hits: [Hit], above base: Double) -> [Hit] {
        let best = max(hits.map(\.score).max() ?? 0, .leastNonzeroMagnitude)
        return hits.map { Hit(row: $0.row, score: base + max(0, min(1, $0.score / best))) }
    }

    /// The words that tell rows apart: the rarest first, and in a large index none that stands in a fifth of it, unless there is no
    /// other. Words in no row at all are left out.
    private func selective(_ terms: [String], _ database: Database) throws -> [String] {
        let counted = try terms.compactMap { term -> (term: String, rows: Int)? in
            guard let row = try database.row("SELECT doc FROM \(name)_terms WHERE term = ?", [term]) else { return nil }
            return (term, row["doc"])
        }.sorted { $0.rows < $1.rows }
        let last: Int64? = try database.row("SELECT MAX(rowid) AS last FROM \(name)_index")?["last"]
        let ceiling = max(1000, Int(last ?? 0) / 5)
        let rare = counted.filter { $0.rows <= ceiling }
        return (rare.isEmpty ? Array(counted.prefix(1)) : rare).prefix(Self.maximumTerms).map(\.term)
    }
}
