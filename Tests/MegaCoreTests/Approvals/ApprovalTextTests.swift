// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
@testable import MegaCore
import Testing

@Suite("What an approver is shown, and what an approval is bound to")
struct ApprovalTextTests {
    @Test(
        "Hidden characters are written out, and no text can imitate a line of the question or an escape",
        arguments: [
            ("ls -l é 👨‍👩‍👧", "ls -l é 👨‍👩‍👧"),
            ("a\nb", "a\n│ b"),
            ("echo a\\nb", "echo a\\nb"),
            ("a\r\nb", "a\\u{d}\n│ b"),
            ("a\tb\u{1B}[2K", "a\\u{9}b\\u{1b}[2K"),
            ("a\u{202E}cod.exe\u{200B}", "a\\u{202e}cod.exe\\u{200b}"),
            ("x\n!deny AAAA", "x\n│ !deny AAAA"),
            ("\\u{202e}", "\\u{5c}u{202e}"),
            ("\u{E000}\u{A0}", "\\u{e000}\\u{a0}"),
        ])
    func escaped(_ text: String, _ expected: String) {
        #expect(ApprovalText.escaped(text) == expected)
    }

    @Test("A long text is folded in its middle, with the count of what is left out")
    func folded() {
        let text = String(repeating: "a", count: 700) + String(repeating: "b", count: 700)
        let shown = ApprovalText.folded(text, head: 600, tail: 200)
        #expect(shown == String(repeating: "a", count: 600) + "\n[… 600 characters left out …]\n│ " + String(repeating: "b", count: 200))
        #expect(ApprovalText.folded("short") == "short")
    }

    @Test("Different texts are shown differently: escaping loses nothing (random texts, fixed seed)")
    func injective() {
        let pieces = ["a", "\\", "u{", "n", "}", "\n", "\r", "\t", "\u{200B}", "5c", "│ ", "\\u{", "d", "\u{202E}"]
        var state: UInt64 = 7
        func next() -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33)
        }
        var seen: [String: [UInt8]] = [:]
        for _ in 0..<20_000 {
            let text = (0..<(next() % 7)).map { _ in pieces[next() % pieces.count] }.joined()
            let shown = ApprovalText.escaped(text)
            #expect(!shown.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\n") || $0.value == 0x202E || $0.value == 0x200B })
            if let other = seen[shown] { #expect(other == Array(text.utf8), "\(shown)") }
            seen[shown] = Array(text.utf8)
        }
    }

    @Test("The digest covers every part of the action, byte for byte")
    func digest() throws {
        let program = ProgramIdentity(name: "ls", path: "/bin/ls", target: "/usr/bin/ls", digest: "aa")
        let command = CommandPreview(text: "ls é", simpleCommands: [["ls", "é"]], workingDirectory: "/w", isIncomplete: false)
        func request(_ change: (inout ApprovalRequest) -> Void = { _ in }) -> ApprovalRequest {
            var request = ApprovalRequest(
                id: .init(rawValue: "1"), shortCode: "AAAA", turn: TurnID(rawValue: 1), callID: "c",
                conversation: ConversationID(platform: "memory", chat: "a"), requester: "ana", tool: "run", effects: .executes,
                arguments: ["command": "ls é"],
                preview: ActionPreview(summary: "ls é", command: command, paths: ["/w"], bindings: ["folder": "/w 1:2"], programs: [program]),
                reason: "r", createdAt: .init(timeIntervalSince1970: 0), expiresAt: .init(timeIntervalSince1970: 9))
            change(&request)
            return request
        }
        let whole = request()
        #expect(whole.digest == whole.subject.digest)
        #expect(whole.digest.utf8.count == 64)
        let changes: [(inout ApprovalRequest) -> Void] = [
            { $0.tool = "other" }, { $0.effects = [.executes, .network] }, { $0.arguments = ["command": "ls"] }, { $0.requester = "bo" },
            { $0.conversation.chat = "b" }, { $0.influence = .web }, { $0.preview.summary = "ls e\u{301}" },
            { $0.preview.command?.text = "ls e\u{301}" }, { $0.preview.command?.text = nil }, { $0.preview.command?.simpleCommands = [["ls"], ["é"]] },
            { $0.preview.command?.workingDirectory = "/v" }, { $0.preview.command?.isIncomplete = true }, { $0.preview.paths = [] },
            { $0.preview.bindings["folder"] = "/w 1:3" }, { $0.preview.bindings["more"] = "" }, { $0.preview.programs[0].digest = "ab" },
            { $0.preview.programs[0].path = "/tmp/ls" }, { $0.preview.programs = [] },
        ]
        var digests: Set<String> = [whole.digest]
        for (index, change) in changes.enumerated() {
            #expect(digests.insert(request(change).subject.digest).inserted, "change \(index)")
        }
        // What is no part of the action does not count.
        #expect(request { $0.reason = "other"; $0.shortCode = "BBBB" }.subject.digest == whole.digest)
    }

    @Test("Requests and previews of the version before can be read, and hold for nothing until asked again")
    func olderRecord() throws {
        let request = ApprovalRequest(
            id: .init(rawValue: "f00"), shortCode: "AB12", turn: TurnID(rawValue: 3), callID: "c",
            conversation: ConversationID(platform: "memory", chat: "a"), requester: "ana", tool: "run", arguments: [:],
            preview: ActionPreview(summary: "ls"), reason: "r", createdAt: .init(timeIntervalSinceReferenceDate: 10),
            expiresAt: .init(timeIntervalSinceReferenceDate: 20))
        // What the version before wrote: the same record without the keys it did not know.
        let new: Set<String> = [
            "card", "effects", "influence", "kind", "digest", "approvers", "separatesDuties", "votes", "proposal", "escalations", "decidedAt", "usedAt",
        ]
        var record = try #require(JSONSerialization.jsonObject(with: JSONEncoder().encode(request)) as? [String: Any])
        record = record.filter { !new.contains($0.key) }
        var preview = try #require(record["preview"] as? [String: Any])
        preview["programs"] = nil
        record["preview"] = preview
        let older = try JSONDecoder().decode(ApprovalRequest.self, from: JSONSerialization.data(withJSONObject: record))
        #expect(older.digest.isEmpty)
        #expect(older.influence == .web)
        #expect(older.approvers == 1 && older.votes.isEmpty && older.usedAt == nil)
        #expect(older.preview.programs.isEmpty)
    }

    @Test("Codes keep letters apart that are mistaken for each other", arguments: [["0", "O", "D"], ["1", "I", "L"], ["5", "S"], ["2", "Z"], ["8", "B"], ["U", "V"], ["6", "G"]])
    func codes(_ alike: [String]) {
        #expect(alike.count { ShortCode.alphabet.contains(Character($0)) } <= 1)
        #expect(Set(ShortCode.alphabet).count == ShortCode.alphabet.count)
    }
}
