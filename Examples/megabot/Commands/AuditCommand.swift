// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser
import MegaCore
import MegaSecurity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Checks, shows and hands on the record of what happened. Works while the daemon runs.",
        subcommands: [Verify.self, Show.self, Export.self, Key.self])

    /// Which records.
    struct Selection: ParsableArguments {
        @Option(help: "Only of this turn.") var turn: Int64?
        @Option(help: "Only of this person.") var person: String?
        @Option(help: "Only so far back: 90s, 30m, 2h, 7d.") var since: String?
        @Option(help: "Only these events or areas, such as tool or tool.decided.") var event: [String] = []

        func filter(now: Date) throws -> AuditFilter {
            AuditFilter(
                turn: turn.map { TurnID(rawValue: $0) }, person: person.map { PersonID(rawValue: $0) },
                since: try since.map { now.addingTimeInterval(-(try Self.seconds($0))) }, events: event)
        }

        var isEmpty: Bool { turn == nil && person == nil && since == nil && event.isEmpty }

        func validate() throws {
            if let since { _ = try Self.seconds(since) }
        }

        private static func seconds(_ text: String) throws -> Double {
            let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
            guard let last = text.last, let unit = units[last], let count = Int(text.dropLast()), (1...1_000_000).contains(count) else {
                throw ValidationError("\"\(text)\" is no time; write 90s, 30m, 2h or 7d.")
            }
            return Double(count) * unit
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Checks that every record is there, in its place and as it was written. Exit code 1 when it is not.",
            discussion: "With --public-key and --folder no secret is needed: give both to whoever shall check the audit.")
        @OptionGroup var options: InstallationOptions
        @Option(help: "Check with this public key (PEM) alone.") var publicKey: String?
        @Option(help: "The audit's folder, or a copy of it.") var folder: String?

        func run() async throws {
            try await reporting {
                let result: AuditVerification
                if let publicKey {
                    let folder: String
                    if let given = self.folder { folder = Paths.absolute(given, in: Paths.currentDirectory) } else { folder = try await options.load().auditLog }
                    guard let data = FileManager.default.contents(atPath: Paths.absolute(publicKey, in: Paths.currentDirectory)), data.count < 4096 else {
                        throw Complaint("\(publicKey) cannot be read.")
                    }
                    result = try await AuditVerifier.verify(folder: folder, key: try AuditPublicKey(pem: String(decoding: data, as: UTF8.self)))
                } else {
                    let installation = try await options.load()
                    let folder = self.folder.map { Paths.absolute($0, in: Paths.currentDirectory) } ?? installation.auditLog
                    try AuditCommand.expectAudit(folder)
                    result = try await AuditLog.verify(folder: folder, sealer: try await installation.keyRing().auditSealer)
                }
                if let problem = result.problem {
                    Console.line("NOT SOUND: \(problem)")
                    Console.line("\(result.soundRecords) records before it are as they were written")
                    throw ExitCode(1)
                }
                Console.line("sound: \(result.soundRecords) records, signed up to record \(result.signedRecords)")
                if publicKey != nil, result.unsignedRecords > 0 {
                    Console.line("the last \(result.unsignedRecords) are under no signature yet: the public key alone cannot vouch for them, nor for what may have stood behind them")
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Shows what happened, oldest first, in UTC.")
        @OptionGroup var options: InstallationOptions
        @OptionGroup var selection: Selection
        @Option(help: "How many at most, the newest.") var last: Int?
        @Flag(help: "Go on with what happens from now on, until interrupted.") var follow = false

        func validate() throws {
            if let last, !(1...1_000_000).contains(last) { throw ValidationError("--last must be from 1 to 1000000.") }
        }

        func run() async throws {
            try await reporting {
                let installation = try await options.load()
                try AuditCommand.expectAudit(installation.auditLog)
                let sealer = try await installation.keyRing().auditSealer
                let filter = try selection.filter(now: Date())
                var timeline = AuditTimeline()
                func show(_ entries: [AuditEntry]) {
                    for entry in entries { for line in timeline.lines(of: entry) { Console.line(line) } }
                }
                var reader = try await AuditReader(folder: installation.auditLog, sealer: sealer, since: filter.since)
                // Without a choice of any kind the newest are what is wanted.
                let count = last ?? (selection.isEmpty ? 50 : nil)
                var newest: [AuditEntry] = []
                while true {
                    let (entries, isAtEnd) = try await reader.next(filter)
                    if let count {
                        newest = Array((newest + entries).suffix(count))
                    } else {
                        show(entries)
                    }
                    if isAtEnd { break }
                }
                show(newest)
                while follow {
                    try await Task.sleep(for: .milliseconds(300))
                    show(try await reader.next(filter).entries)
                }
            }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes records as JSON Lines; with --output also their signature and the public key beside them.",
            discussion: """
                Check an export with OpenSSL 3:
                openssl pkeyutl -verify -pubin -inkey FILE.pub -rawin -in FILE -sigfile FILE.sig
                """)
        @OptionGroup var options: InstallationOptions
        @OptionGroup var selection: Selection
        @Flag(help: "JSON Lines, which is the only form there is.") var json = false
        @Option(help: "The file to write; FILE.sig and FILE.pub are written beside it.") var output: String?

        func run() async throws {
            try await reporting {
                let installation = try await options.load()
                try AuditCommand.expectAudit(installation.auditLog)
                let sealer = try await installation.keyRing().auditSealer
                let filter = try selection.filter(now: Date())
                guard let output else {
                    try await AuditExport.each(folder: installation.auditLog, sealer: sealer, filter: filter) {
                        Console.line($0.json.encodedString())
                    }
                    return
                }
                let export = try await AuditExport(folder: installation.auditLog, sealer: sealer, filter: filter, at: Date())
                let path = Paths.absolute(output, in: Paths.currentDirectory)
                for (end, bytes) in [("", export.bytes), (".sig", export.signature), (".pub", Array(export.publicKey.pem.utf8))] {
                    try PrivateFiles.replace(path + end, bytes: bytes)
                }
                Console.line("\(export.count) records in \(path), signed by \(export.publicKey.fingerprint)")
            }
        }
    }

    struct Key: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Prints the public key that checks the audit and its exports.")
        @OptionGroup var options: InstallationOptions

        func run() async throws {
            try await reporting {
                let installation = try await options.load()
                try AuditCommand.expectAudit(installation.auditLog)
                let key = try await AuditLog.publicKey(folder: installation.auditLog, sealer: try await installation.keyRing().auditSealer)
                Console.text(key.pem)
                Console.error("fingerprint \(key.fingerprint)")
            }
        }
    }

    fileprivate static func expectAudit(_ folder: String) throws {
        guard PrivateFiles.status(folder) != nil else {
            throw Complaint("there is no audit at \(folder) yet.", mend: "The first start begins it: megabot serve")
        }
    }
}
