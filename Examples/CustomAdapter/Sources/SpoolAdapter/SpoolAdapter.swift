// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import MegaCore

/// An adapter of one's own: a folder is the platform.
///
/// A file `in/CHAT.ID.txt` is a message; it is removed when the message is stored, which is this platform's acknowledgement. A
/// reply becomes `out/CHAT.KEY.txt`, where KEY is the message's idempotency key: writing it twice leaves one file, so this adapter
/// delivers exactly once.
public struct SpoolAdapter: MessagingAdapter {
    public let channel: ChannelID
    public let capabilities = AdapterCapabilities(delivery: .exactlyOnce)
    private let inFolder: URL
    private let outFolder: URL
    private let interval: Duration

    /// - Parameters:
    ///   - folder: Where `in` and `out` are, or will be made.
    ///   - interval: How often `in` is looked through.
    public init(folder: URL, account: String = "default", interval: Duration = .milliseconds(50)) throws {
        channel = ChannelID(platform: "spool", account: account)
        inFolder = folder.appending(path: "in")
        outFolder = folder.appending(path: "out")
        self.interval = interval
        for folder in [inFolder, outFolder] {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
    }

    public func run(delivering inbox: Inbox) async throws {
        while true {
            for file in try messageFiles() {
                try await inbox.deliver(try message(from: file))
                // Stored: only now may the platform forget it.
                try FileManager.default.removeItem(at: file)
            }
            try await Task.sleep(for: interval)
        }
    }

    public func send(_ message: OutboundMessage) async throws -> DeliveryReceipt {
        let name = "\(message.conversation.chat).\(message.id).txt"
        do {
            try Data(message.text.utf8).write(to: outFolder.appending(path: name), options: .atomic)
        } catch {
            throw DeliveryError(.retry(after: .seconds(1)), reason: "the spool folder cannot be written: \(error.localizedDescription)")
        }
        return DeliveryReceipt(platformMessageID: name, deliveredAt: Date())
    }

    public func health() async -> ComponentHealth {
        FileManager.default.isWritableFile(atPath: outFolder.path) ? .healthy : .down("the spool folder is not writable")
    }

    /// By name: a folder keeps no order of its own.
    private func messageFiles() throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: inFolder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "txt" }.sorted { $0.lastPathComponent < $1.lastPathComponent }
    }

    private func message(from file: URL) throws -> InboundMessage {
        let parts = file.deletingPathExtension().lastPathComponent.split(separator: ".", maxSplits: 1).map(String.init)
        return InboundMessage(
            id: parts.last ?? "", conversation: ConversationID(channel: channel, chat: parts.first ?? ""),
            sender: Participant(id: "owner"), content: [.text(try String(contentsOf: file, encoding: .utf8))], timestamp: Date())
    }
}
