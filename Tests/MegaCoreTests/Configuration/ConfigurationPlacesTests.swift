// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Testing

@Suite("Configuration: the places of files")
struct ConfigurationPlacesTests {
    private func places(_ yaml: String, at path: String? = "/etc/bot/megabot.yaml", home: String = "/home/ana") -> [String] {
        MegaConfiguration.check(
            ConfigurationSources(
                yaml: .init(name: "megabot.yaml", content: yaml), environment: ["HOME": home], yamlPath: path,
                dotEnvironmentPath: path.map { _ in "/etc/bot/.env" })
        ).problems.map(\.keyPath)
    }

    @Test(
        "what tools can write holds neither the data nor the key nor the configuration",
        arguments: [
            ("{}", []),
            ("workspace: {path: work}", []),
            ("system: {data_directory: workspace/data}", ["system.data_directory"]),
            ("system: {data_directory: ./x/../workspace//data/}", ["system.data_directory"]),
            ("system: {data_directory: workspace}", ["system.data_directory"]),
            ("system: {data_directory: workspace-data}", []),
            ("system: {data_directory: /etc/bot/workspace/data}", ["system.data_directory"]),
            ("system: {data_directory: ~/bot/data}\nworkspace: {path: /home/ana/bot}", ["system.data_directory"]),
            ("system: {data_directory: ~/data}\nworkspace: {path: ~/work}", []),
            ("workspace: {path: .megabot/work}", ["workspace.path"]),
            ("workspace: {path: /etc/bot/.megabot/work}", ["workspace.path"]),
            ("security: {encryption: {key_file: ../workspace/key}}", ["security.encryption.key_file"]),
            ("security: {encryption: {key_file: /etc/bot/workspace/key}}", ["security.encryption.key_file"]),
            ("security: {encryption: {key_file: /etc/keys/key}}", []),
            ("workspace: {path: .}\nsystem: {data_directory: /var/lib/bot}", ["workspace.path"]),
            ("workspace: {path: /etc}\nsystem: {data_directory: /var/lib/bot}", ["workspace.path"]),
            ("workspace: {path: /}\nsystem: {data_directory: /var/lib/bot}", ["system.data_directory", "workspace.path"]),
            ("workspace: {path: ..}\nsystem: {data_directory: ../../var/lib/bot}", ["workspace.path"]),
        ])
    func places(yaml: String, problems: [String]) {
        #expect(places(yaml).sorted() == problems)
    }

    @Test("the .env file that is not there yet counts as well, and without files the paths are compared with each other")
    func placesWithoutFiles() {
        let report = MegaConfiguration.check(
            ConfigurationSources(environment: ["MEGABOT_WORKSPACE_PATH": "."], dotEnvironmentPath: "/etc/bot/.env"))
        #expect(report.problems.contains { $0.message.contains("the .env file") })
        #expect(places("system: {data_directory: workspace/data}", at: nil) == ["system.data_directory"])
        #expect(places("workspace: {path: .}", at: nil) == ["system.data_directory"])
        // Where the one begins nobody can say.
        #expect(places("workspace: {path: /srv/work}", at: nil).isEmpty)
    }
}
