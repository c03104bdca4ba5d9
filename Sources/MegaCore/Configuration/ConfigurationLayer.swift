// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Configuration

/// One set of variables, the process's or a `.env` file's, as a layer of the configuration.
struct ConfigurationLayer {
    private let variables: [String: String]
    private let lines: [String: Int]
    /// The file; nil for the process environment.
    private let source: String?
    /// Which variable sets a key.
    private var names: [String: String] = [:]
    private var impliesOllama = false
    private var isOllamaImplied = false

    init(variables: [String: String], lines: [String: Int], source: String?) {
        self.variables = variables
        self.lines = lines
        self.source = source
        for key in ConfigurationKey.all {
            names[key.path] = ([key.variable] + key.aliases).first { variables[$0] != nil }
        }
        // The address or the name of an Ollama model says which provider is meant, as long as nothing else does.
        if names["model.provider"] == nil, !names.keys.contains(where: { $0.hasPrefix("model.") }),
            variables["OLLAMA_MODEL"] != nil || variables["OLLAMA_URL"] != nil
        {
            impliesOllama = true
        }
    }

    /// Puts the variables of the providers where they belong.
    ///
    /// - Parameter providers: The provider of each model section that names one.
    mutating func addProviderVariables(providers: [String: MegaConfiguration.Model.Provider]) {
        var providers = providers
        if impliesOllama, providers["model"] == nil {
            providers["model"] = .ollama
            names["model.provider"] = variables["OLLAMA_MODEL"] != nil ? "OLLAMA_MODEL" : "OLLAMA_URL"
            isOllamaImplied = true
        }
        for (path, provider) in providers {
            switch provider {
            case .openai: add("OPENAI_API_KEY", to: "\(path).api_key")
            case .anthropic: add("ANTHROPIC_API_KEY", to: "\(path).api_key")
            case .ollama:
                add("OLLAMA_URL", to: "\(path).base_url")
                add("OLLAMA_MODEL", to: "\(path).name")
            case .offline: break
            }
        }
    }

    private mutating func add(_ variable: String, to path: String) {
        if names[path] == nil, variables[variable] != nil { names[path] = variable }
    }

    /// Reads through swift-configuration, so that text becomes numbers, flags and lists by its rules.
    var provider: KeyMappingProvider<EnvironmentVariablesProvider> {
        var values = names.reduce(into: [String: String]()) { result, name in
            result[ConfigurationKey.variable(for: name.key)] = variables[name.value]
        }
        if isOllamaImplied { values[ConfigurationKey.variable(for: "model.provider")] = "ollama" }
        return EnvironmentVariablesProvider(environmentVariables: values).prefixKeys(with: "megabot")
    }

    /// Where a key's value comes from, if this layer sets it.
    func origin(of path: String) -> ConfigurationDecoder.Origin? {
        // The entry of a list has no variable of its own.
        let name = names[path] ?? path.lastIndex(of: ".").flatMap { dot in Int(path[path.index(after: dot)...]) == nil ? nil : names[String(path[..<dot])] }
        return name.map { .init(source: source ?? "environment variable \($0)", line: lines[$0]) }
    }

    /// `MEGABOT_` variables that set no key.
    ///
    /// - Parameter used: Names that mean something else: those the file refers to, and those of secrets.
    func unknownVariables(used: Set<String>) -> [ConfigurationProblem] {
        let known = Set(ConfigurationKey.all.flatMap { [$0.variable] + $0.aliases })
        let candidates = known.filter { !$0.contains("_FALLBACK_") }.sorted()
        return variables.keys.sorted().filter { name in
            name.hasPrefix("MEGABOT_") && !known.contains(name) && !used.contains(name) && !Self.foreign.contains(name)
                && !name.hasPrefix("MEGABOT_SECRET_") && !name.hasPrefix("MEGABOT_TEST_")
        }.map { name in
            let suggestion: String? =
                if name.hasPrefix("MEGABOT_POLICIES_RULES") || name.hasPrefix("MEGABOT_SECRETS_BINDINGS") {
                    "This list can stand in the file only."
                } else {
                    Spelling.closest(to: name, among: candidates).map { "Did you mean \($0)?" }
                }
            return ConfigurationProblem(
                keyPath: "", source: source ?? "environment variable \(name)", line: lines[name], message: "\(name) sets nothing.",
                suggestion: suggestion ?? "No key of the configuration is called so.")
        }
    }

    /// Variables of programs around the configuration.
    private static let foreign: Set<String> = ["MEGABOT_CONFIG_PATH", "MEGABOT_URL"]
}
