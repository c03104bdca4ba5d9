// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser
import MegaCore
import MegaSecurity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The options every command has.
struct InstallationOptions: ParsableArguments {
    @Option(name: .customLong("config"), help: "The configuration file (default: $MEGABOT_CONFIG_PATH, else megabot.yaml).")
    var file: String?

    /// The path of the configuration file, absolute.
    var path: String {
        Paths.absolute(file ?? ProcessInfo.processInfo.environment["MEGABOT_CONFIG_PATH"] ?? "megabot.yaml", in: Paths.currentDirectory)
    }

    /// The files of the configuration. Without a configuration file everything has its default, unless one was asked for by name.
    func files() -> ConfigurationFiles {
        let path = self.path
        let environment = ProcessInfo.processInfo.environment
        let isNamed = file != nil || environment["MEGABOT_CONFIG_PATH"] != nil
        return ConfigurationFiles(
            yamlPath: isNamed || FileManager.default.fileExists(atPath: path) ? path : nil,
            dotEnvironmentPath: Paths.join(Paths.directory(of: path), ".env"), environment: environment)
    }

    /// Loads the configuration.
    ///
    /// - Throws: ``ConfigurationError`` with every problem.
    func load() async throws -> Installation {
        let files = files()
        return Installation(configuration: try MegaConfiguration.load(await files.read(), policies: .standard), configurationPath: path, files: files)
    }
}

/// Paths as text.
enum Paths {
    static var currentDirectory: String { FileManager.default.currentDirectoryPath }

    static func absolute(_ path: String, in folder: String) -> String {
        if path.hasPrefix("/") { return path }
        if path == "~" || path.hasPrefix("~/"), let home = ProcessInfo.processInfo.environment["HOME"] {
            return join(home, String(path.dropFirst(2)))
        }
        return join(folder, path)
    }

    static func join(_ folder: String, _ name: String) -> String {
        let name = name.hasPrefix("./") ? String(name.dropFirst(2)) : name
        if name.isEmpty || name == "." { return folder }
        return folder.hasSuffix("/") ? folder + name : folder + "/" + name
    }

    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
