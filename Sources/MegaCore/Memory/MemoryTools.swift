// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The tools by which a model uses persistent memory: `remember`, `recall`, `forget`. Each works on the memory of the person whose
/// turn it is and on nobody else's.
public struct MemoryTools: ToolProvider {
    private let store: any MemoryStore
    private let audit: any AuditSink
    private let dependencies: Dependencies

    /// Makes the tools over a store. Every change of the memory is told to the audit, without the text.
    public init(store: any MemoryStore, audit: any AuditSink = NoAudit(), dependencies: Dependencies = .live) {
        self.store = store
        self.audit = audit
        self.dependencies = dependencies
    }

    /// See ``ToolProvider/tools()``.
    public func tools() async -> [any Tool] { [remember, recall, forget] }

    private struct Remember: Decodable, Sendable {
        var text: String
        var kind: Memory.Kind?
    }

    private struct Recall: Decodable, Sendable {
        var query: String
        var limit: Int?
    }

    private struct Forget: Decodable, Sendable { var id: String }

    private var remember: any Tool {
        FunctionTool(
            "remember", "Keeps a fact, preference or lesson about or for the person, for good.",
            parameters: .object([
                .required("text", .string("One self-contained sentence")),
                .optional("kind", .string("What it is; fact when left out", oneOf: Memory.Kind.allCases.map(\.rawValue))),
            ]),
            effects: .writesMemory, isIdempotent: true
        ) { [self, store, dependencies] (input: Remember, context) in
            // The key makes a repeated call replace its own memory instead of adding another. Kept on the model's word, it is no more
            // trusted than what the model had read: a page that asks to be remembered stays a page.
            let memory = Memory(
                id: context.idempotencyKey, person: context.scope.person, kind: input.kind ?? .fact, text: input.text,
                trust: context.scope.trust.weaker(context.scope.influence), source: context.scope.turn, createdAt: dependencies.now())
            try await store.save(memory)
            try await note("remembered", memory.id, context.scope, ["kind": memory.kind.rawValue, "trust": memory.trust.rawValue])
            return "Remembered: \(input.text)"
        }
    }

    private var recall: any Tool {
        FunctionTool(
            "recall", "Finds what was remembered about a subject.",
            parameters: .object([
                .required("query", .string("Words to look for")),
                .optional("limit", .integer("The most memories to return", minimum: 1, maximum: 50)),
            ]),
            effects: .readsPrivateData, isIdempotent: true
        ) { [store] (input: Recall, context) in
            let found = try await store.recall(input.query, of: context.scope.person, limit: input.limit ?? 10)
            if found.isEmpty { return ToolResult("Nothing is remembered about that.") }
            // A memory is worth what its source was worth: a page that got itself remembered is still a page when it comes back.
            let trust = found.map(\.memory.trust).reduce(TrustLabel.tool) { $0.weaker($1) }
            return ToolResult(found.map { "- \($0.memory.text) [id \($0.memory.id)]" }.joined(separator: "\n"), trust: trust)
        }
    }

    private var forget: any Tool {
        FunctionTool(
            "forget", "Deletes one memory for good. Find its id with recall first.",
            parameters: .object([.required("id", .string("The memory's id"))]),
            effects: .writesMemory, isIdempotent: true
        ) { [self, store] (input: Forget, context) in
            guard try await store.forget(input.id, of: context.scope.person) else { return "There is no memory with that id." }
            try await note("forgotten", input.id, context.scope)
            return "Forgotten."
        }
    }

    private func note(_ change: String, _ memory: Memory.ID, _ scope: ToolScope, _ details: [String: String] = [:]) async throws {
        try await audit.note(
            AuditRecord(
                .memoryChanged, at: dependencies.now(), turn: scope.turn, person: scope.person,
                details: details.merging(["change": change, "memory": memory]) { own, _ in own }))
    }
}
