// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Dispatch
public import MegaCore
#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The rules people gave in chats, kept in one file: a sealed rule a line, readable by its owner only, replaced as a whole.
///
/// Every line is bound to its place and to the number of lines, so that a rule that was changed, moved, added or taken out by
/// anybody without the key stops the start. Not found is the replacement of the whole file by an older copy, or its removal; the
/// file has to lie outside every folder a tool can write.
public final class PolicyFile: Sendable {
    /// Most bytes the file may have.
    public static let longestFile = 4 << 20

    private let path: String
    private let sealer: any DataSealer
    private let queue = DispatchQueue(label: "megabot.policy-file")

    /// - Parameters:
    ///   - path: Absolute. Its folder exists; the file is made with the first rule.
    ///   - sealer: Seals each rule; the file opens under the same key only.
    public init(path: String, sealer: any DataSealer) {
        self.path = path
        self.sealer = sealer
    }

    /// The rules in the file, for looking at.
    ///
    /// - Throws: ``PolicyError`` with the line that cannot be read.
    public func rules() throws -> [PolicyRule] { try load() }

    /// Reads all rules. A missing file has none.
    ///
    /// - Throws: ``PolicyError`` with the line that cannot be read. Nothing is skipped: a lost deny would be an allow.
    func load() throws -> [PolicyRule] {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        let lines = try lines()
        return try lines.enumerated().map { index, line in
            do {
                let plain = try sealer.open(try Self.sealed(line), context: Self.context(index + 1, of: lines.count))
                return try decoder.decode(PolicyRule.self, from: Data(plain))
            } catch {
                throw unreadable(line: index + 1)
            }
        }
    }

    private static func sealed(_ line: [UInt8]) throws -> [UInt8] {
        guard let sealed = Data(base64Encoded: Data(line)) else { throw SealError(.malformed, reason: "no sealed line") }
        return Array(sealed)
    }

    private func unreadable(line: Int) -> PolicyError {
        PolicyError(
            .storeUnavailable,
            reason: "Line \(line) of the policy file \(path) cannot be read: it was changed, lines were added or removed, or it "
                + "was sealed under another key. Restore the file from a backup, or remove it and give its rules again.")
    }

    /// The sealed lines as they stand in the file.
    private func lines() throws -> [[UInt8]] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return [] }
            throw failure("read")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw failure("read") }
        guard status.st_nlink == 1 else {
            throw PolicyError(
                .storeUnavailable, reason: "The policy file \(path) has a second name (hard link). Find it with `find -samefile` and remove it.")
        }
        guard status.st_mode & 0o022 == 0 else {
            throw PolicyError(.storeUnavailable, reason: "Others may write the policy file \(path). Run `chmod 600` on it after checking its rules.")
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure("read") }
            if count == 0 { break }
            bytes.append(contentsOf: buffer[..<count])
            guard bytes.count <= Self.longestFile else {
                throw PolicyError(.storeUnavailable, reason: "The policy file \(path) is larger than \(Self.longestFile) bytes.")
            }
        }
        return bytes.split(separator: 0x0A).map(Array.init)
    }

    /// Binds a line to its place, and to the number of lines so that none can be taken off the end.
    private static func context(_ line: Int, of count: Int) -> String { "policies/\(line) of \(count)" }

    /// Adds a rule, durable on return.
    func append(_ rule: PolicyRule) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            queue.async { continuation.resume(with: Result { try self.write(try self.load() + [rule]) }) }
        }
    }

    private func write(_ rules: [PolicyRule]) throws {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try replace(
            try rules.enumerated().map { index, rule in
                try sealer.seal(Array(try encoder.encode(rule)), context: Self.context(index + 1, of: rules.count))
            })
    }

    private func replace(_ lines: [[UInt8]]) throws {
        var bytes: [UInt8] = []
        for line in lines {
            bytes.append(contentsOf: Data(line).base64EncodedData())
            bytes.append(0x0A)
        }
        // A longer one would be refused at the next start.
        guard bytes.count <= Self.longestFile else {
            throw PolicyError(.storeUnavailable, reason: "The policy file \(path) is full. Move rules to the configuration.")
        }
        let temporary = path + ".new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw failure("write") }
        var isDone = false
        defer {
            close(descriptor)
            if !isDone { unlink(temporary) }
        }
        try FileBytes.write(bytes, to: descriptor) { throw failure("write") }
        guard fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw failure("write") }
        isDone = true
        guard FileBytes.syncFolder(of: path) else { throw failure("write") }
    }

    fileprivate func reseal() async throws -> ResealingProgress {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<ResealingProgress, any Error>) in
            queue.async {
                continuation.resume(
                    with: Result {
                        var moved = 0
                        let lines = try self.lines()
                        let new = try lines.enumerated().map { index, line in
                            do {
                                let sealed = try Self.sealed(line)
                                guard let new = try self.sealer.resealed(sealed, context: Self.context(index + 1, of: lines.count)) else { return sealed }
                                moved += 1
                                return new
                            } catch {
                                throw self.unreadable(line: index + 1)
                            }
                        }
                        if moved > 0 { try self.replace(new) }
                        return ResealingProgress(examined: lines.count, resealed: moved, isComplete: true)
                    })
            }
        }
    }

    private func failure(_ verb: String) -> PolicyError {
        let reason = String(cString: strerror(errno))
        return PolicyError(.storeUnavailable, reason: "Cannot \(verb) the policy file \(path): \(reason).")
    }
}

extension PolicyFile: Resealable {
    /// True: the file is small and looked at as a whole every time.
    @discardableResult
    public func beginResealing(to keys: String) async throws -> Bool { true }

    /// Seals the lines anew that are under an older key, all at once. Adding rules through the same `PolicyFile` goes on meanwhile; another
    /// one over the same file must not be written through at the same time.
    public func resealNext(limit: Int) async throws -> ResealingProgress { try await reseal() }
}
