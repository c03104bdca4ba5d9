// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser
import Logging
import MegaCore
import MegaMemory
import MegaSecurity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Looks after the keys data is sealed under. Works while the daemon runs.",
        subcommands: [Status.self, Rotate.self, RotateMaster.self, Retire.self, Forget.self])

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Shows how many keys there are and how old the newest is.")
        @OptionGroup var options: InstallationOptions

        func run() async throws {
            try await reporting {
                let status = try await KeyCommand.ring(try await options.load()).status
                Console.line("key ring generation \(status.generation)")
                Console.line("common keys: \(status.commonKeys), the newest since \(status.newestKeyAt.formatted(.iso8601))")
                Console.line("audit keys: \(status.auditKeys)")
                Console.line("people with keys of their own: \(status.people)")
                Console.line("keys destroyed because a person was forgotten: \(status.destroyedKeys)")
            }
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes new keys. New values are sealed under them; the running daemon, or its next start, moves the old ones over.")
        @OptionGroup var options: InstallationOptions

        func run() async throws {
            try await reporting {
                let installation = try await options.load()
                let ring = try await KeyCommand.ring(installation)
                try await ring.rotate()
                try await KeyCommand.note("rotated", installation, ring)
                Console.line("new keys are in use; replace your copy of \(ring.path)")
            }
        }
    }

    struct RotateMaster: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate-master", abstract: "Changes the key the ring is sealed under. No data is touched.")
        @OptionGroup var options: InstallationOptions

        func run() async throws {
            try await reporting {
                let installation = try await options.load()
                let ring = try await KeyCommand.ring(installation)
                try await ring.rotateMaster()
                try await KeyCommand.note("master key changed", installation, ring)
                let isFile = installation.configuration.security.encryption.passphrase == nil
                Console.line("the master key was changed; replace your copies of \(isFile ? installation.keyFile : installation.passphraseFile) and \(ring.path)")
            }
        }
    }

    struct Retire: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Destroys the keys that were replaced, after moving to the newest ones whatever is still under them. The daemon must not run.")
        @OptionGroup var options: InstallationOptions
        @Flag(help: "Really: backups from before the last rotation can be read no more.") var yes = false

        func run() async throws {
            try await reporting {
                let installation = try await options.load()
                guard yes else {
                    throw Complaint("backups made before the last rotation can be read by nobody afterwards.", mend: "Add --yes to do it.")
                }
                let ring = try await KeyCommand.ring(installation)
                let store: SQLiteStore
                do {
                    store = try await SQLiteStore(path: installation.database, sealer: ring.sealer, logger: Logger(label: "megabot.key"))
                } catch let error as StoreError where error.code == .locked {
                    throw Complaint("the daemon runs and may still use the old keys.", mend: "Stop it and run this again.")
                }
                try PrivateFiles.makeDirectory(installation.blobs)
                let stores: [(name: String, store: any Resealable)] = [
                    ("the database", store), ("the attachments", try await FileBlobStore(directory: installation.blobs, sealer: ring.sealer)),
                    ("the rules", PolicyFile(path: installation.policies, sealer: ring.sealer)),
                    ("the labels of files", try FlowGuard(keeping: FileLabelFile(path: installation.fileLabels, sealer: ring.sealer))),
                ]
                for (name, store) in stores {
                    // Begun anew, since what was damaged then may have been restored.
                    try await store.beginResealing(to: "retire-\(ring.status.generation)")
                    var progress = try await store.resealNext(limit: 256)
                    while !progress.isComplete { progress = try await store.resealNext(limit: 256) }
                    guard progress.unreadable == 0 else {
                        throw Complaint(
                            "\(progress.unreadable) values in \(name) are damaged; the old keys stay.",
                            mend: "Restore them from a backup, and run this again.")
                    }
                }
                let count = try await ring.retireOldKeys()
                try await store.close()
                try await KeyCommand.note("old keys destroyed", installation, ring)
                Console.line("destroyed \(count) old keys; replace your copy of \(ring.path)")
            }
        }
    }

    struct Forget: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Destroys a person's keys: what they wrote, what was answered and done for them and what is remembered of them can be read nowhere any more, backups included.")
        @OptionGroup var options: InstallationOptions
        @Argument(help: "The person, as megabot audit show names them.") var person: String
        @Flag(help: "Really.") var yes = false

        func run() async throws {
            try await reporting {
                let installation = try await options.load()
                guard yes else { throw Complaint("this cannot be undone by anybody.", mend: "Add --yes to do it.") }
                let ring = try await KeyCommand.ring(installation)
                let person = PersonID(rawValue: person)
                let isUnknown = !ring.people.contains(person)
                let complaint = Complaint(
                    "\(person) has no keys and nothing that is kept.", mend: "Names are written as megabot audit show has them, such as websocket:owner.")
                var deleted: Int?
                do {
                    let store = try await SQLiteStore(path: installation.database, sealer: ring.sealer, logger: Logger(label: "megabot.key"))
                    deleted = try await store.forgetPerson(person, at: Date())
                    try await store.close()
                    if isUnknown, deleted == 0 { throw complaint }
                } catch let error as StoreError where error.code == .locked {
                    guard try await ring.forget(person) else { throw complaint }
                }
                try await KeyCommand.note("person forgotten", installation, ring, event: .personForgotten)
                Console.line(
                    deleted.map { "forgotten; \($0) rows deleted" }
                        ?? "forgotten: nothing of theirs can be read any more. The daemon, which runs, deletes the unreadable rows within seconds")
                Console.line("replace your copy of \(ring.path)")
            }
        }
    }

    fileprivate static func ring(_ installation: Installation) async throws -> KeyRing {
        guard PrivateFiles.status(installation.keyRingFile) != nil || PrivateFiles.status(installation.database) != nil else {
            throw Complaint("there are no keys at \(installation.keyRingFile) yet.", mend: "Make them: megabot init")
        }
        return try await installation.keyRing()
    }

    /// A running daemon tells its audit itself.
    fileprivate static func note(
        _ change: String, _ installation: Installation, _ ring: KeyRing, event: AuditRecord.Event = .keysChanged
    ) async throws {
        guard installation.configuration.security.isAuditEnabled else { return }
        do {
            let audit = try await Assembly.audit(installation, sealer: ring.auditSealer)
            try await audit.record(
                AuditRecord(event, at: Date(), details: ["change": change, "generation": "\(ring.status.generation)", "by": "megabot key"]))
            await audit.close()
        } catch let error as AuditError where error.code == .inUse {
            return
        }
    }
}
