// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where `megabot kill` leaves its orders for the daemon: a file for each, and a bell that the daemon listens at.
///
/// An order that nobody picks up stays and holds from the daemon's next start. One that cannot be read counts as "stop everything".
struct KillFolder: Sendable {
    /// One order.
    struct Order: Codable, Sendable {
        var scopes: [KillSwitch.Scope]
        var isRelease: Bool
        var by: String
        var reason: String?
    }

    /// What the daemon made of it.
    struct Answer: Codable, Sendable {
        var text: String
        var stopped: Int
        var stillRunning: Int
        var isFailure: Bool
    }

    let path: String
    var bell: String { Paths.join(path, "bell") }

    init(_ installation: Installation) { path = Paths.join(installation.dataDirectory, "kill") }

    /// Makes the folder, 0700.
    func prepare() throws { try PrivateFiles.makeDirectory(path) }

    // MARK: The command's side

    /// Leaves an order. Returns its name.
    func leave(_ order: Order) throws -> String {
        try prepare()
        // Names sort in the order of their times.
        let time = String(UInt64(max(0, Date().timeIntervalSince1970) * 1000))
        let name = String(repeating: "0", count: max(0, 16 - time.count)) + time + "-" + String(UInt64.random(in: 0 ... .max), radix: 36)
        guard try PrivateFiles.create(file(name, "order"), String(decoding: try JSONEncoder().encode(order), as: UTF8.self)) else {
            throw Complaint("an order of that name is there already.", mend: "Try again.")
        }
        return name
    }

    /// Rings the bell; false when no daemon listens.
    func ring() -> Bool {
        let descriptor = open(bell, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var byte: UInt8 = 1
        // A full bell has rung already.
        return write(descriptor, &byte, 1) == 1 || errno == EAGAIN
    }

    /// What the daemon answered, once; nil while it has not.
    func takeAnswer(to name: String) throws -> Answer? {
        guard let text = try PrivateFiles.read(file(name, "answer")) else { return nil }
        PrivateFiles.remove(file(name, "answer"))
        return try JSONDecoder().decode(Answer.self, from: Data(text.utf8))
    }

    // MARK: The daemon's side

    /// The orders that wait, in their order.
    func waiting() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".order") }.map { String($0.dropLast(6)) }.sorted()
    }

    /// What an order says; everything is to stop when that cannot be told.
    func order(_ name: String) -> Order {
        do {
            guard let text = try PrivateFiles.read(file(name, "order")) else { throw Complaint("it is gone.") }
            guard text.utf8.count <= 64 << 10 else { throw Complaint("it is too long.") }
            return try JSONDecoder().decode(Order.self, from: Data(text.utf8))
        } catch {
            return Order(scopes: [.all], isRelease: false, by: "unknown", reason: "a kill order could not be read: \(error)")
        }
    }

    /// Tells what became of an order, and takes it away unless it failed: it is tried again at the next ring or start.
    func settle(_ name: String, _ answer: Answer) throws {
        try PrivateFiles.replace(file(name, "answer"), String(decoding: try JSONEncoder().encode(answer), as: UTF8.self))
        if !answer.isFailure { PrivateFiles.remove(file(name, "order")) }
    }

    /// Takes away answers nobody waits for any more.
    func removeAnswers() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: path) where name.hasSuffix(".answer") { PrivateFiles.remove(Paths.join(path, name)) }
    }

    private func file(_ name: String, _ kind: String) -> String { Paths.join(path, "\(name).\(kind)") }
}
