// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension MegaConfiguration {
    /// `secrets`: where secrets are and where each may go. The values themselves never stand in a configuration.
    public struct Secrets: Sendable, Equatable {
        /// Variables that hold secrets, by their exact names; the name is the secret's.
        public var environment: [String] = []
        /// Folders with a file each, such as Docker's `/run/secrets` or systemd's `$CREDENTIALS_DIRECTORY`.
        public var folders: [String] = []
        /// Whether the vault that `megabot secret` keeps is looked into as well.
        public var usesVault = true
        /// Where each secret may go. One without a binding goes nowhere.
        public var bindings: [Binding] = []

        /// One entry of `secrets.bindings`.
        public struct Binding: Sendable, Equatable {
            /// The secret.
            public var name: SecretName
            /// Programs that may get it, by name or absolute path.
            public var programs: [String]
            /// Hosts requests may take it to, over TLS, by exact name.
            public var hosts: [String]

            /// Makes a binding.
            public init(_ name: SecretName, programs: [String] = [], hosts: [String] = []) {
                self.name = name
                self.programs = programs
                self.hosts = hosts
            }

            /// Where it may go.
            public var destinations: Set<SecretDestination> {
                Set(programs.map { SecretDestination.program($0) } + hosts.map { SecretDestination.host($0) })
            }
        }

        /// Every key at its default.
        public init() {}

        /// Where each bound secret may go.
        public var destinations: [SecretName: Set<SecretDestination>] {
            Dictionary(bindings.map { ($0.name, $0.destinations) }) { $0.union($1) }
        }
    }
}

extension MegaConfiguration.Secrets {
    mutating func read(from decoder: inout ConfigurationDecoder) {
        decoder.list("secrets.environment").map { environment = $0 }
        decoder.list("secrets.folders").map { folders = $0 }
        decoder.flag("secrets.vault").map { usesVault = $0 }
        for (index, name) in environment.enumerated() where SecretName(name) == nil {
            decoder.report("secrets.environment", entry: index, "\"\(name)\" is no name.", Self.nameRule)
        }
        for index in 0..<ConfigurationKey.bindingLimit {
            guard let binding = Self.binding(at: "secrets.bindings.\(index)", from: &decoder) else { break }
            if let binding = binding.value { bindings.append(binding) }
        }
    }

    private static let nameRule = "Use a letter or _ first, then letters, digits, _, - and ., at most \(SecretName.longest) bytes."

    /// Nil behind the last one; without a value when it was reported.
    private static func binding(at path: String, from decoder: inout ConfigurationDecoder) -> (value: Binding?, Void)? {
        let before = decoder.problems.count
        let text = decoder.text("\(path).name")
        let programs = decoder.list("\(path).programs")
        let hosts = decoder.list("\(path).hosts")
        guard let text else {
            if programs == nil, hosts == nil, decoder.problems.count == before, !decoder.isWritten(path) { return nil }
            if decoder.problems.count == before { decoder.report(path, "the binding names no secret.", "Add name: with the secret's name.") }
            return (nil, ())
        }
        guard let name = SecretName(text) else {
            decoder.report("\(path).name", "\"\(text)\" is no name.", nameRule)
            return (nil, ())
        }
        let binding = Binding(name, programs: programs ?? [], hosts: hosts ?? [])
        if binding.destinations.isEmpty {
            decoder.report(path, "the secret \(name) may go nowhere.", "Add programs: [gh], or hosts: [api.example.com].")
        }
        for (index, program) in binding.programs.enumerated() {
            let isName = !program.contains { $0 == "/" || $0.isWhitespace }
            let isPath = program.hasPrefix("/") && !program.hasSuffix("/") && !program.contains(where: \.isWhitespace)
                && !program.split(separator: "/").contains { $0 == "." || $0 == ".." }
            if !isName, !isPath {
                decoder.report("\(path).programs", entry: index, "\"\(program)\" is no program.", "Write its name, such as gh, or its absolute path.")
            } else if let flaw = decoder.vocabulary?.leak(of: program) {
                decoder.report("\(path).programs", entry: index, "\"\(program)\" could hand the secret to anything: \(flaw)", "Bind a program that talks to one service.")
            }
        }
        for (index, host) in binding.hosts.enumerated() where HostAuthority(host).map({ $0.port != nil || host.hasSuffix(":") }) ?? true {
            decoder.report("\(path).hosts", entry: index, "\"\(host)\" is no host.", "Write the exact name without scheme, port and wildcard, such as api.example.com.")
        }
        return (binding, ())
    }
}
