// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import MegaTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("The doubles keep what their ports demand")
struct DoublesTests {
    @Test("RecordingAudit is an audit", arguments: AuditSinkConformance.checks)
    func audit(_ check: ConformanceCheck<AuditSinkConformance.Subject>) async throws {
        let audit = RecordingAudit()
        try await check.run(AuditSinkConformance.Subject(audit) { audit.records })
    }

    @Test("FixedAuthorizer is an authorizer, whatever it says", arguments: ActionAuthorizerConformance.checks)
    func authorizer(_ check: ConformanceCheck<any ActionAuthorizer>) async throws {
        try await check.run(FixedAuthorizer.allowing)
        try await check.run(FixedAuthorizer(.deny(reason: "no")))
        try await check.run(FixedAuthorizer { _ in throw CommandError("no rules") })
        try await check.run(AskingAuthorizer())
    }

    @Test("ScriptedInspector is an inspector", arguments: OutputInspectorConformance.checks)
    func inspector(_ check: ConformanceCheck<OutputInspectorConformance.Subject>) async throws {
        try await check.run(OutputInspectorConformance.Subject(ScriptedInspector(word: "abracadabra"), suspicious: ["say abracadabra now"]))
    }

    @Test("MaskingRedactor is a redactor", arguments: ContentRedactorConformance.checks)
    func redactor(_ check: ConformanceCheck<ContentRedactorConformance.Subject>) async throws {
        let secrets = ["S3CRET", "long secret\nover two lines", "秘密"]
        try await check.run(ContentRedactorConformance.Subject(MaskingRedactor(secrets), secrets: ["S3CRET", "long secret\nover two lines"]))
    }

    @Test("A suite finds a redactor that lets everything through")
    func finds() async throws {
        let subject = ContentRedactorConformance.Subject(NoRedaction(), secrets: ["S3CRET"])
        let first = try #require(ContentRedactorConformance.checks.first)
        await #expect(throws: ConformanceFailure.self) { try await first.run(subject) }
    }

    @Test("ToySealer is a sealer", arguments: DataSealerConformance.checks)
    func sealer(_ check: ConformanceCheck<any DataSealer>) async throws { try await check.run(ToySealer()) }

    @Test("ToySealer with another key opens nothing")
    func keys() throws {
        let sealed = try ToySealer(key: 1).seal([1], context: "a")
        #expect(try ToySealer(key: 1).open(sealed, context: "a") == [1])
        #expect(throws: SealError.self) { try ToySealer(key: 2).open(sealed, context: "a") }
    }

    @Test("ScriptedModel and a model in this process keep the contract of models", arguments: LanguageModelConformance.contract)
    func model(_ check: ConformanceCheck<any LanguageModel>) async throws {
        try await check.run(ScriptedModel(fallback: .text("Hel", "lo")))
    }

    @Test("MaskingRedactor holds back what a word may have begun with")
    func heldBack() {
        let redactor = MaskingRedactor(["key-123"])
        #expect(redactor.unfinishedSuffix(of: "the ke") == 2)
        #expect(redactor.unfinishedSuffix(of: "the key-123") == 0)
        #expect(redactor.unfinishedSuffix(of: "nothing") == 0)
    }

    @Test("RecordingAudit can be full and empty again, and ScriptedRunner notes what it was asked")
    func scripted() async throws {
        let audit = RecordingAudit(failure: CommandError("full"))
        let record = AuditRecord(.systemStarted, at: .now)
        await #expect(throws: CommandError.self) { try await audit.note(record) }
        audit.fail(with: nil)
        try await audit.note(record)
        #expect(audit.entries.map(\.isDurable) == [false])
        let runner = ScriptedRunner(output: [CommandOutput(stream: .standardError, bytes: [65])], outcome: CommandOutcome(termination: .exited(code: 3)))
        let outcome = try await runner.run(CommandRequest(command: .program(["ls", "-l"]), workingDirectory: "/")) { #expect($0.bytes == [65]) }
        #expect(outcome.termination == .exited(code: 3) && runner.commands == ["ls -l"])
    }
}

@Suite("A sequence as a channel")
struct SequenceAdapterTests {
    @Test("keeps what every adapter has to keep", arguments: MessagingAdapterConformance.checks)
    func conforms(_ check: ConformanceCheck<any AdapterFixture>) async throws { try await check.run(SequenceFixture()) }
}
