// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// A running Ollama server and what it has.
public struct OllamaServer: Sendable, Hashable {
    /// A model that can be used without downloading anything.
    public struct Model: Sendable, Hashable {
        /// With its tag, for example `qwen3:14b`.
        public var name: String
        /// Size on disk, in bytes.
        public var size: Int
        /// Model families as the server names them; embedding models are of families like `bert`.
        public var families: [String]

        /// Describes an installed model.
        public init(name: String, size: Int, families: [String] = []) {
            self.name = name
            self.size = size
            self.families = families
        }

        /// Whether it can hold a conversation, as far as its name and family tell.
        public var isConversational: Bool {
            let lower = name.lowercased()
            return !families.contains { $0.lowercased().contains("bert") } && !lower.contains("embed") && !lower.hasPrefix("bge-")
        }
    }

    /// Where it answers.
    public var baseURL: String
    /// In the server's order: the most recently changed first.
    public var models: [Model]

    /// Describes a server.
    public init(baseURL: String, models: [Model]) {
        self.baseURL = baseURL
        self.models = models
    }

    /// Whether a model is there. A name without a tag means `latest`.
    public func has(_ name: String) -> Bool {
        let full = name.contains(":") ? name : name + ":latest"
        return models.contains { $0.name == name || $0.name == full }
    }

    init(probing probe: ModelProbe) async throws {
        let answer = try await probe.get("/api/tags")
        guard let list = answer["models"]?.arrayValue else {
            throw ModelFailures(probe.endpoint).make(
                .malformedAnswer, .elsewhere, "\(probe.endpoint.place) answers, but not as Ollama does")
        }
        baseURL = probe.endpoint.baseURL
        models = list.compactMap { entry in
            guard let name = entry["name"]?.stringValue ?? entry["model"]?.stringValue else { return nil }
            let families = entry["details"]?["families"]?.arrayValue?.compactMap(\.stringValue) ?? []
            return Model(name: name, size: entry.count("size"), families: families)
        }
    }
}
