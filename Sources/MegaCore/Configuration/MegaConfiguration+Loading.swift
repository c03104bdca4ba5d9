// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import Configuration

extension MegaConfiguration {
    /// Reads and validates everything and answers with the value or with every problem.
    ///
    /// - Parameter policies: Knows what patterns and presets mean; without it they are taken as they are.
    public static func check(_ sources: ConfigurationSources, policies vocabulary: PolicyVocabulary? = nil) -> ConfigurationReport {
        let environment = sources.environment.filter { !$0.value.isEmpty }
        let dotEnvironment = sources.dotEnvironment.map { DotEnvironment(text: $0.content, source: $0.name) }
        let fileVariables = (dotEnvironment?.values ?? [:]).filter { !$0.value.isEmpty }
        let document = sources.yaml.map {
            ConfigurationDocument(
                yaml: $0.content, source: $0.name, variables: ConfigurationVariables(process: environment, file: fileVariables))
        }
        let yamlName = sources.yaml?.name ?? "configuration"

        var layers: [ConfigurationLayer] = [
            ConfigurationLayer(variables: environment, lines: [:], source: nil),
            ConfigurationLayer(variables: fileVariables, lines: dotEnvironment?.lines ?? [:], source: sources.dotEnvironment?.name),
        ]
        let yamlLayer = InMemoryProvider(name: yamlName, values: document?.values ?? [:])
        let lines = document?.lines ?? [:]
        // Provider keys such as OPENAI_API_KEY go to whatever model is of that provider, so they need a first look.
        let firstLook = ConfigReader(providers: layers.map(\.provider) + [yamlLayer])
        for index in layers.indices { layers[index].addProviderVariables(providers: Self.providers(in: firstLook)) }

        let settled = layers
        let places = ConfigurationPlaces(
            configurationFile: sources.yamlPath, dotEnvironment: sources.dotEnvironmentPath, home: environment["HOME"])
        var decoder = ConfigurationDecoder(
            reader: ConfigReader(providers: settled.map(\.provider) + [yamlLayer]), places: places, vocabulary: vocabulary,
            written: { lines[$0] != nil }
        ) { path in
            for layer in settled { if let origin = layer.origin(of: path) { return origin } }
            return .init(source: yamlName, line: lines[path] ?? Self.line(near: path, in: lines))
        }
        let configuration = MegaConfiguration(from: &decoder)
        var problems = (dotEnvironment?.problems ?? []) + (document?.problems ?? []) + decoder.problems
        problems.sort { ($0.source, $0.line ?? 0) < ($1.source, $1.line ?? 0) }
        let used = ConfigurationVariables.names(in: sources.yaml?.content ?? "").union(configuration.secrets.environment)
        var warnings = settled.flatMap { $0.unknownVariables(used: used) }
        if configuration.policies.fallback == .allow {
            let origin = decoder.origin("policies.default")
            warnings.append(
                .init(
                    keyPath: "policies.default", source: origin.source, line: origin.line,
                    message: "every action no rule speaks about runs without asking.", suggestion: "\"ask\" is the safe choice."))
        }
        return ConfigurationReport(
            configuration: problems.isEmpty ? configuration : nil, problems: problems, warnings: warnings)
    }

    /// Reads and validates everything.
    ///
    /// - Parameter policies: As for ``check(_:policies:)``.
    /// - Throws: ``ConfigurationError`` with every problem.
    public static func load(_ sources: ConfigurationSources, policies vocabulary: PolicyVocabulary? = nil) throws(ConfigurationError) -> MegaConfiguration {
        let report = check(sources, policies: vocabulary)
        guard let configuration = report.configuration else { throw ConfigurationError(problems: report.problems) }
        return configuration
    }

    /// Takes the values from a reader of the host's, whatever stands behind it. The keys are those of the YAML file; scope the reader
    /// when they are kept below a key of yours. Unknown keys cannot be seen this way.
    ///
    /// - Throws: ``ConfigurationError`` with every problem, without lines.
    public init(config: ConfigReader, policies vocabulary: PolicyVocabulary? = nil) throws(ConfigurationError) {
        var decoder = ConfigurationDecoder(reader: config, vocabulary: vocabulary) { _ in .init(source: "configuration", line: nil) }
        self.init(from: &decoder)
        if !decoder.problems.isEmpty { throw ConfigurationError(problems: decoder.problems) }
    }

    /// The provider of each model section, as far as it is known.
    private static func providers(in reader: ConfigReader) -> [String: Model.Provider] {
        let paths = ["model"] + (0..<ConfigurationKey.fallbackLimit).map { "model.fallback.\($0)" }
        return paths.reduce(into: [:]) { result, path in
            let key = ConfigKey("\(path).provider".split(separator: ".").map(String.init))
            result[path] = reader.string(forKey: key).flatMap { Model.Provider(rawValue: $0.lowercased()) }
        }
    }

    /// For a key that is absent: the line of its neighbours.
    private static func line(near path: String, in lines: [String: Int]) -> Int? {
        guard let dot = path.lastIndex(of: ".") else { return nil }
        let section = path[..<dot]
        // The section's own line, also for an entry of a list that came without one.
        return lines[String(section)] ?? lines.filter { $0.key.hasPrefix(section + ".") }.values.min()
    }
}
