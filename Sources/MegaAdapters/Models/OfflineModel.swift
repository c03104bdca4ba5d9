// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

/// A stand-in for a language model: deterministic, without weights, without network.
///
/// It understands a small set of requests (files, commands, remembering and recalling, searching, help; see
/// `Documentation/OfflineModel.md`), so that memory, tools and approvals can be tried before a real model is connected. It looks at
/// the last message of the person and at the tool results behind it, uses only the tools it is offered, and says plainly what it is.
public struct OfflineModel: LanguageModel {
    /// `offline/patterns`.
    public var id: String { "offline/patterns" }
    /// See `LanguageModel.contextWindow`.
    public let contextWindow: Int

    /// - Parameter contextWindow: What the context assembler may fill, in tokens.
    public init(contextWindow: Int = 32_768) {
        self.contextWindow = contextWindow
    }

    /// See `LanguageModel.generate(_:)`.
    public func generate(_ request: ModelRequest) -> GenerationStream {
        let reply = self.reply(to: request)
        var events = Self.pieces(of: reply.text).map { GenerationEvent.textDelta($0) }
        for (index, call) in reply.toolCalls.enumerated() {
            events.append(.toolCallStarted(index: index, id: call.id, name: call.name))
            let arguments = call.arguments.encodedString()
            events += Self.pieces(of: arguments).map { .toolCallArgumentsDelta(index: index, $0) }
        }
        events.append(.finished(reply.toolCalls.isEmpty ? .stop : .toolCalls))
        return GenerationStream(events)
    }

    /// The whole answer at once.
    func reply(to request: ModelRequest) -> ModelReply {
        let last = request.messages.lastIndex { $0.role == .user }
        let text = last.map { request.messages[$0].text } ?? ""
        let intent = OfflineIntent(text)
        let behind = request.messages[(last.map { $0 + 1 } ?? 0)...]
        let presenter = OfflinePresenter(intent: intent)
        if let result = behind.last(where: { $0.role == .tool }) {
            let calls = behind.flatMap(\.toolCalls)
            let call = calls.last { $0.id == result.toolCallID } ?? calls.last
            return ModelReply(text: presenter.present(result.text, of: call))
        }
        let offered = Set(request.tools.map(\.name))
        guard let (name, arguments) = intent.call(offered: offered) else {
            return ModelReply(text: presenter.answer(offered: offered))
        }
        let call = ToolCall(id: "offline-\(request.messages.count)", name: name, arguments: .object(arguments))
        return ModelReply(text: "", toolCalls: [call], finishReason: .toolCalls)
    }

    /// Small pieces at word boundaries, as a model would write them.
    private static func pieces(of text: String) -> [String] {
        var pieces: [String] = []
        var piece = ""
        for character in text {
            piece.append(character)
            if piece.count >= 48 || (piece.count >= 12 && character.isWhitespace) {
                pieces.append(piece)
                piece = ""
            }
        }
        if !piece.isEmpty { pieces.append(piece) }
        return pieces
    }
}
