// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Testing
@testable import MegaSecurity

/// A few tools of a made-up office and a session to try calls in.
struct FlowDesk {
    static let page = tool(
        "page", "Returns the content of a page at a given address.", [.network, .readsUntrusted], .web, isPrivate: false,
        ["url": .destination], [:])
    static let notes = tool("notes", "Searches notes by name.", [.readsPrivateData, .readsUntrusted], .web, [:], ["query": "Words to look for"])
    static let rooms = tool("rooms", "Lists all rooms.", [.readsPrivateData, .readsUntrusted], .web, [:], [:])
    static let catalogue = tool("catalogue", "Lists the shop's goods.", [], .tool, isPrivate: false, [:], ["town": "Town"])
    static let profile = tool("profile", "Returns the person's own data.", .readsPrivateData, .owner, [:], [:])
    static let contacts = tool("contacts", "Finds contacts by name.", .readsPrivateData, .tool, [:], ["name": "Name"])
    static let mail = tool(
        "mail", "Sends a mail.", .sendsMessages, .owner, ["to": .recipient, "files": .identifier],
        ["to": "Mail addresses", "subject": "Subject", "body": "Text", "files": "Ids of files"], content: ["subject", "body"])
    static let say = tool(
        "say", "Sends a message to a room.", .sendsMessages, .owner, ["room": .name], ["room": "The room to write to", "body": "Text"],
        content: ["body"])
    static let join = tool(
        "join", "Adds a member to a room.", .changesAccount, .owner, ["member": .name, "room": .name],
        ["member": "The member to add", "room": "The room"])
    static let event = tool(
        "event", "Creates a new entry in the calendar and mails the guests.", [.changesAccount, .sendsMessages], .owner, ["guests": .recipient],
        ["title": "Title", "start": "Start", "end": "End", "note": "Note", "guests": "Mail addresses of the guests"], content: ["title", "note"])
    static let make = tool(
        "make", "Creates a new note.", .writesFiles, .owner, [:], ["name": "The name of the note", "text": "Its text"], content: ["name", "text"])
    static let append = tool(
        "append", "Appends text to a note.", [.writesFiles, .readsUntrusted], .web, ["note_id": .identifier],
        ["note_id": "The id of the note", "text": "Text"], content: ["text"])
    static let erase = tool(
        "erase", "Deletes a note.", .writesFiles, .web, ["note_id": .identifier], ["note_id": "The id of the note to delete"])
    static let share = tool(
        "share", "Shares a note with somebody.", [.sendsMessages, .changesAccount], .web, ["note_id": .identifier, "with": .recipient],
        ["note_id": "The id", "with": "Mail address", "right": "r or rw"])
    static let pay = tool(
        "pay", "Sends money to an account.", .spendsMoney, .owner, ["account": .recipient], ["account": "Account", "amount": "How much", "reason": "Why"],
        content: ["reason", "amount"])
    static let stay = tool(
        "stay", "Makes a reservation for a hotel.", .spendsMoney, .owner, ["hotel": .name], ["hotel": "Name", "from": "First day", "to": "Last day"])
    static let invite = tool(
        "invite", "Invites a member.", [.changesAccount, .sendsMessages], .owner, ["member": .name, "address": .recipient],
        ["member": "The member", "address": "Mail address of the member"])
    static let run = ToolDefinition(
        name: "run", description: "Runs a command.", parameters: .object([.required("command", .string("Command"))]), effects: .executes,
        flow: FlowDeclaration(resultIntegrity: .tool, sensitiveArguments: ["command": .code]))

    static func tool(
        _ name: String, _ description: String, _ effects: ToolEffects, _ integrity: TrustLabel, isPrivate: Bool = true,
        _ sensitive: [String: ArgumentKind], _ parameters: [String: String], content: [String] = []
    ) -> ToolDefinition {
        ToolDefinition(
            name: name, description: description,
            parameters: JSONSchema(["type": "object", "properties": .object(parameters.mapValues { ["description": .string($0)] })]),
            effects: effects,
            flow: FlowDeclaration(
                resultIntegrity: integrity, isResultPrivate: isPrivate, sensitiveArguments: sensitive, contentArguments: content))
    }

    var session: any FlowSession
    var message: String

    init(_ message: String, trust: TrustLabel = .owner) {
        self.message = message
        session = FlowGuard().makeSession()
        session.begin(FlowText(message, FlowLabel(trust, .limited(to: ["ana"]))))
    }

    /// The same desk after a page nobody vouches for was read.
    func after(_ page: String, url: String = "example.org") -> FlowDesk {
        var desk = self
        desk.read(Self.page, ["url": .string(url)], page)
        return desk
    }

    mutating func read(_ tool: ToolDefinition, _ arguments: JSONValue, _ result: String) {
        let privacy: Confidentiality = tool.isResultPrivate ? .limited(to: ["ana"]) : .open
        session.observe(FlowText(result, FlowLabel(tool.resultIntegrity, privacy)), of: FlowCall(tool: tool, arguments: arguments))
    }

    mutating func decide(_ tool: ToolDefinition, _ arguments: JSONValue, following: [FlowCall] = []) -> FlowDecision {
        session.decide(FlowCall(tool: tool, arguments: arguments), following: following)
    }

    mutating func verdict(_ tool: ToolDefinition, _ arguments: JSONValue, following: [FlowCall] = []) -> String {
        Self.word(decide(tool, arguments, following: following))
    }

    /// Fails the test unless the answer is this.
    mutating func expect(_ wanted: String, _ tool: ToolDefinition, _ arguments: JSONValue, sourceLocation: SourceLocation = #_sourceLocation) {
        let decision = decide(tool, arguments)
        #expect(Self.word(decision) == wanted, "\(decision)", sourceLocation: sourceLocation)
    }

    static func word(_ decision: FlowDecision) -> String {
        switch decision {
        case .allow: "allow"
        case .ask: "ask"
        case .deny: "deny"
        }
    }
}
