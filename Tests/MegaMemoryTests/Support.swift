// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import Logging
import MegaCore
@testable import MegaMemory
import MegaSecurity
import MegaTesting

/// A folder of its own for one test, removed afterwards.
final class Scratch: Sendable {
    let folder: String
    var database: String { folder + "/store.db" }
    let key = MasterKey.random()

    init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/megabot-store-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func open(key other: MasterKey? = nil, options: SQLiteStore.Options = .init(), at path: String? = nil) async throws
        -> SQLiteStore
    {
        let sealer = KeyedSealer(masterKey: other ?? key)
        return try await SQLiteStore(path: path ?? database, sealer: sealer, options: options, logger: Logger(label: "test"))
    }

    var blobFolder: String { folder + "/blobs" }

    func blobs(key other: MasterKey? = nil, limit: Int = 1 << 20) async throws -> FileBlobStore {
        try await FileBlobStore(directory: blobFolder, sealer: KeyedSealer(masterKey: other ?? key), limit: limit)
    }

    /// Every byte of every file in the folder.
    func bytes() throws -> [String: Data] {
        try FileManager.default.contentsOfDirectory(atPath: folder).reduce(into: [:]) {
            $0[$1] = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + $1))
        }
    }
}

enum Sample {
    static let chat = ConversationID(platform: "test", chat: "chat-xylophone")
    static let now = Date(timeIntervalSinceReferenceDate: 800_000_000)

    static func message(_ id: String, _ text: String = "hello", in chat: ConversationID = chat) -> InboundMessage {
        InboundMessage(
            id: id, conversation: chat, sender: Participant(id: "sender-xylophone", displayName: "name-xylophone"),
            content: [.text(text)], timestamp: now, trust: .owner, metadata: ["m": "xylophone"])
    }

    static func reply(_ id: String, _ text: String = "answer", in chat: ConversationID = chat) -> OutboundMessage {
        OutboundMessage(id: id, conversation: chat, content: [.text(text)])
    }
}

extension Ledger {
    @discardableResult
    func take(_ message: InboundMessage, cursor: String? = nil) async throws -> TurnID {
        switch try await record(message, from: "person-xylophone", cursor: cursor, at: Sample.now) {
        case .accepted(let turn): turn.id
        case .duplicate(let id): id
        }
    }

    /// One whole turn.
    func run(_ id: String, _ text: String = "hello", answer: String = "answer", in chat: ConversationID = Sample.chat) async throws
    {
        let turn = try await take(Sample.message(id, text, in: chat))
        try await begin(turn, at: Sample.now)
        let reply = Sample.reply("\(chat.chat)/\(id)", answer, in: chat)
        try await finish(turn, journal: [.modelReply(ModelReply(text: answer))], replies: [reply], at: Sample.now)
        try await markDelivered([MegaCore.Delivery(message: reply.id, receipt: DeliveryReceipt(deliveredAt: Sample.now))])
    }
}

func code(of work: () async throws -> Void) async -> StoreError.Code? {
    do {
        try await work()
        return nil
    } catch let error as StoreError {
        return error.code
    } catch {
        return StoreError.Code(rawValue: "\(error)")
    }
}
