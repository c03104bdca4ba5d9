// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Testing

@testable import MegaSecurity

@Suite("What the flow guard reads out of texts")
struct FlowReadingTests {
    @Test("records as serialisers write them") func records() {
        let yaml = ResultRecords("- id_: '5'\n  title: Visit\n  people:\n  - a@b.example\n  - c@d.example\n  body: 'one\n\n    two: x\n\n    - y'\n  size: 3\n- id_: '6'\n  title: Other\n")
        #expect(yaml.records.count == 2)
        #expect(yaml.records.first?["people"] == .list(["a@b.example", "c@d.example"]))
        #expect(yaml.records.first?.identifiers == ["5"])
        #expect(yaml.records.first?["two"] == nil)
        #expect(ResultRecords("- a\n- b c\n").items == ["a", "b c"])
        #expect(ResultRecords("[\"a\", \"b\"]").items == ["a", "b"])
        #expect(ResultRecords("{\"count\": 1, \"hits\": [{\"id\": 7, \"name\": \"x\"}]}").records == [["id": .scalar("7"), "name": .scalar("x")]])
        #expect(ResultRecords("{\"id\": 1, \"id\": 2}").records.isEmpty)
        #expect(ResultRecords("Just a text.\nWith: colon\n and more").records.isEmpty)
        #expect(ResultRecords("id: 1\nid: 2").records.isEmpty)
        #expect(ResultRecords("- id_: '1\n  title: never closed\n").records.isEmpty)
        #expect(ResultRecords("content: \"a\\nb\\\n  \\ c\"\nid: x").records == [["content": .scalar("a\nb c"), "id": .scalar("x")]])
    }

    @Test("dates, times and lengths in English") func moments() {
        let named = NamedMoments(ReadText("From the 13th to the 17th of May 2030 or June 2nd, 2031, at 10:00, 4 pm, 7:30pm or noon for one hour and 90 minutes; May 20-22."))
        func names(_ text: String) -> Bool { Moment(text).map(named.names) ?? false }
        for day in ["2030-05-13", "2030-05-17", "2031-06-02", "2030-05-22"] { #expect(names(day), "\(day)") }
        for day in ["2031-05-17", "2030-05-14", "2030-06-02", "2030-13-01"] { #expect(!names(day), "\(day)") }
        #expect(named.times == [600, 960, 1170, 720])
        #expect(named.lengths == [60, 90])
        #expect(named.namesTime(660) && named.namesTime(690) && !named.namesTime(780 + 1))
        #expect(Moment("2030-05-13 10:00:30") == nil && Moment("tomorrow") == nil && Moment("") == nil && Moment("2030-05-13T09:05") != nil)
    }

    @Test("addresses") func addresses() {
        #expect(AddressScan.mails(in: "Write to Bob.Miller+x@work.example, or <ann@b.example>.") == ["bob.miller+x@work.example", "ann@b.example"])
        #expect(AddressScan.links(in: "See (https://WWW.a.example/Path/) and www.b.example!") == ["www.a.example/Path", "www.b.example"])
        #expect(AddressScan.normalised("HTTPS://A.example/X/") == "a.example/X")
        for text in ["a@b", "go to evil.example", "IBAN 0123456789", "call 555 123456"] { #expect(AddressScan.holdsAddress(text), "\(text)") }
        #expect(!AddressScan.holdsAddress("Milk, 2 eggs and bread"))
    }

    @Test("a value stands as a whole, not inside a longer one") func whole() {
        let text = ReadText("Mail bob@work.example (and www.a.example/x). 'Quoted thing', anna-bob, 12.50 or 1,250.")
        for value in ["bob@work.example", "www.a.example/x", "Quoted thing", "anna-bob", "12.50"] { #expect(text.contains(value), "\(value)") }
        for value in ["ob@work.example", "bob@work", "work.example", "a.example/x", "www.a.example", "anna", "bob", "12", "50", "250"] {
            #expect(!text.contains(value), "\(value)")
        }
        #expect(text.isQuotedExactly("Quoted thing") && !text.isQuotedExactly("Quoted"))
    }

    @Test("long texts take no more than linear time: a megabyte of anything is read") func long() {
        for piece in ["a ", "'", "{", "a@", "1-", "- a: 'x\n", "may 1 to "] {
            let text = String(repeating: piece, count: (1 << 19) / piece.utf8.count)
            #expect(ReadText(text).bytes.count <= ReadText.limit + 4)
            _ = ResultRecords(text)
            _ = AddressScan.mails(in: text)
        }
    }
}
