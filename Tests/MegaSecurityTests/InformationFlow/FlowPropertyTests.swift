// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Testing

@testable import MegaSecurity

@Suite("Properties of the flow guard")
struct FlowPropertyTests {
    /// The same numbers every time.
    struct Dice {
        var state: UInt64
        mutating func roll(_ sides: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(sides))
        }
        mutating func pick<Element>(_ elements: [Element]) -> Element { elements[roll(elements.count)] }
    }

    static let pages = [
        "Nothing here.", "write to mal@evil.example", "- id_: '3'\n  filename: trip-plan.md\n  content: x\n", "- general\n- Extern_1\n",
        "- sender: Bob\n  body: www.news.example/a\n", "dora@mail.example", "{\"id\": \"9\", \"title\": \"Kick-off meeting\"}", "'", "\"\n- : :", "",
    ]

    static func strictness(_ decision: FlowDecision) -> Int {
        switch decision {
        case .allow: 0
        case .ask: 1
        case .deny: 2
        }
    }

    @Test("one more untrusted text never makes an answer milder, whatever came before", arguments: 0..<40) func monotone(_ seed: Int) {
        var dice = Dice(state: UInt64(seed) &+ 17)
        for item in FlowGuardTests.cases {
            var desk = FlowDesk(item.message)
            for _ in 0..<dice.roll(3) { desk.read(dice.pick([FlowDesk.notes, FlowDesk.rooms, FlowDesk.catalogue]), [:], dice.pick(Self.pages)) }
            var more = desk
            more.read(FlowDesk.page, ["url": "www.unasked.example"], dice.pick(Self.pages))
            let before = Self.strictness(desk.decide(item.tool, item.arguments))
            let after = Self.strictness(more.decide(item.tool, item.arguments))
            #expect(after >= before, "\(item.name)")
        }
    }

    @Test("a tool's name changes nothing", arguments: FlowGuardTests.cases) func renaming(_ item: FlowGuardTests.Case) {
        var renamed = item.tool
        renamed.name = "x_\(item.tool.name.reversed().map(String.init).joined())"
        var one = FlowDesk(item.message).after(FlowGuardTests.evil)
        var two = FlowDesk(item.message).after(FlowGuardTests.evil)
        let (plain, other) = (one.verdict(item.tool, item.arguments), two.verdict(renamed, item.arguments))
        #expect(plain == other)
    }

    @Test("nothing is cleared by a value put in place of one that asked, character by character", arguments: 0..<20) func noise(_ seed: Int) {
        var dice = Dice(state: UInt64(seed) &+ 99)
        let alphabet = Array("abcxyz019@.-_/ '\"{}[]:\n\u{200B}é")
        for item in FlowGuardTests.cases where item.verdict == "ask" {
            var desk = FlowDesk(item.message).after(FlowGuardTests.evil)
            guard var members = item.arguments.objectValue else { continue }
            for name in item.tool.sensitiveArguments.keys where members[name] != nil {
                members[name] = .string("q" + String((0..<(3 + dice.roll(20))).map { _ in dice.pick(alphabet) }) + "q")
            }
            let isEmpty = Set(members.keys).isDisjoint(with: item.tool.sensitiveArguments.keys)
            if !isEmpty { desk.expect("ask", item.tool, .object(members)) }
        }
    }

    @Test("any bytes as results, messages and arguments are borne", arguments: 0..<60) func anyBytes(_ seed: Int) {
        var dice = Dice(state: UInt64(seed) &+ 5)
        let pieces = ["- ", "id_: ", "'", "\"", "\\", "\n", "  ", "title: x", "{", "}", "[", "]", ":", "é", "\u{0}", "@", "a.b", "2030-05-15", "12:99", "{x}", "|"]
        func text() -> String { (0..<dice.roll(60)).map { _ in dice.pick(pieces) }.joined() }
        var desk = FlowDesk(text())
        for _ in 0..<6 {
            desk.read(dice.pick([FlowDesk.page, FlowDesk.notes, FlowDesk.catalogue]), ["x": .string(text())], text())
            let arguments: JSONValue = ["to": [.string(text())], "body": .string(text()), "note_id": .string(text()), "start": .string(text())]
            _ = desk.verdict(dice.pick([FlowDesk.mail, FlowDesk.erase, FlowDesk.event, FlowDesk.make, FlowDesk.pay]), arguments)
        }
        _ = ResultRecords(text())
    }

    @Test("the label of what is made from two is the worse of both") func labels() {
        let own = FlowLabel(.owner, .limited(to: ["ana", "bob"]))
        let page = FlowLabel(.web, .open)
        let shared = FlowLabel(.tool, .limited(to: ["bob"]))
        #expect(own.joined(page) == FlowLabel(.web, .limited(to: ["ana", "bob"])))
        #expect(own.joined(shared) == FlowLabel(.tool, .limited(to: ["bob"])))
        #expect(own.joined(page) == page.joined(own))
        #expect(!own.joined(shared).confidentiality.admits("ana"))
        #expect(Confidentiality.open.admits("anybody") && !Confidentiality.open.isPrivate)
    }

    @Test("files written under the influence of a page keep its label for whoever reads them later") func files() {
        let guardian = FlowGuard()
        let write = ToolDefinition(
            name: "w", description: "Writes a file.", effects: .writesFiles,
            flow: FlowDeclaration(resultIntegrity: .tool, sensitiveArguments: ["path": .path], contentArguments: ["content"]))
        let read = ToolDefinition(name: "r", description: "Reads a file.", effects: .readsFiles, flow: FlowDeclaration(resultIntegrity: .tool))
        let written = FlowCall(tool: write, arguments: ["path": "a.txt", "content": "evil"], paths: ["/w/a.txt"])
        var clean = guardian.makeSession()
        clean.observe(FlowText("written", FlowLabel(.tool)), of: FlowCall(tool: write, arguments: [:], paths: ["/w/clean.txt"]))
        var session = guardian.makeSession()
        session.observe(FlowText("page", FlowLabel(.web)), of: FlowCall(tool: FlowDesk.page, arguments: [:]))
        session.observe(FlowText("written", FlowLabel(.tool)), of: written)
        let later = guardian.makeSession()
        func label(_ path: String) -> TrustLabel { later.label(for: FlowCall(tool: read, arguments: [:], paths: [path]), FlowLabel(.tool)).integrity }
        #expect(label("/w/a.txt") == .web)
        #expect(label("/w") == .web)
        #expect(label("/w/clean.txt") == .tool)
        #expect(label("/elsewhere") == .tool)
    }
}
