// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Where a configuration comes from. Nothing is read that is not named here; in particular the process environment is the host's to
/// hand over.
///
/// What counts, in this order: environment, `.env` file, YAML file, built-in defaults.
public struct ConfigurationSources: Sendable {
    /// A text and the name to call it by in messages.
    public struct Text: Sendable, Hashable {
        /// What messages call it, usually the path.
        public var name: String
        /// The text as read.
        public var content: String

        /// Makes a text.
        public init(name: String, content: String) {
            self.name = name
            self.content = content
        }
    }

    /// The configuration file, when there is one.
    public var yaml: Text?
    /// The `.env` file, when there is one.
    public var dotEnvironment: Text?
    /// The environment's variables.
    public var environment: [String: String]
    /// Where the configuration file lies; absolute, so that the workspace can be kept apart from it. Nil when it is no file.
    public var yamlPath: String?
    /// Where the `.env` file lies, or would; absolute. Nil when there is none.
    public var dotEnvironmentPath: String?

    /// Puts sources together.
    public init(
        yaml: Text? = nil, dotEnvironment: Text? = nil, environment: [String: String] = [:], yamlPath: String? = nil,
        dotEnvironmentPath: String? = nil
    ) {
        self.yaml = yaml
        self.dotEnvironment = dotEnvironment
        self.environment = environment
        self.yamlPath = yamlPath
        self.dotEnvironmentPath = dotEnvironmentPath
    }

    /// A variable as `${NAME}` in the configuration has it: the environment's, else the `.env` file's; nil when it is not set or empty.
    public func variable(_ name: String) -> String? {
        let file = dotEnvironment.map { DotEnvironment(text: $0.content, source: $0.name).values }
        return ConfigurationVariables(process: environment, file: file ?? [:])[name]
    }
}

/// The files of a configuration, to be read now and again later.
public struct ConfigurationFiles: Sendable, Hashable {
    /// The YAML file; nil for none.
    public var yamlPath: String?
    /// The `.env` file; need not exist.
    public var dotEnvironmentPath: String?
    /// The environment's variables.
    public var environment: [String: String]

    /// Names what to read; nothing is read yet.
    public init(yamlPath: String?, dotEnvironmentPath: String? = nil, environment: [String: String] = [:]) {
        self.yamlPath = yamlPath
        self.dotEnvironmentPath = dotEnvironmentPath
        self.environment = environment
    }

    /// Reads the files as they are now.
    ///
    /// - Throws: ``ConfigurationError`` when the YAML file cannot be read, or either is no UTF-8 text.
    public func read() async throws -> ConfigurationSources {
        var sources = ConfigurationSources(environment: environment, yamlPath: yamlPath, dotEnvironmentPath: dotEnvironmentPath)
        if let path = yamlPath { sources.yaml = try await Self.text(at: path, required: true) }
        if let path = dotEnvironmentPath { sources.dotEnvironment = try await Self.text(at: path, required: false) }
        return sources
    }

    private static func text(at path: String, required: Bool) async throws -> ConfigurationSources.Text? {
        let content = await SmallFile(path: path, limit: ConfigurationDocument.byteLimit + 4).read()
        switch content {
        case .bytes(let bytes) where bytes.count > ConfigurationDocument.byteLimit:
            throw ConfigurationError(problems: [
                .init(keyPath: "", source: path, message: "the file is larger than \(ConfigurationDocument.byteLimit >> 10) KiB.")
            ])
        case .bytes(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw ConfigurationError(problems: [
                    .init(keyPath: "", source: path, message: "the file is not UTF-8 text.", suggestion: "Save it as UTF-8.")
                ])
            }
            return .init(name: path, content: text)
        case .missing:
            if !required { return nil }
            throw ConfigurationError(problems: [
                .init(keyPath: "", source: path, message: "there is no such file.", suggestion: "Check the path, or make one from the template.")
            ])
        case .unreadable(let reason):
            throw ConfigurationError(problems: [
                .init(keyPath: "", source: path, message: "the file cannot be read (\(reason)).", suggestion: "Check its owner and mode.")
            ])
        }
    }
}
