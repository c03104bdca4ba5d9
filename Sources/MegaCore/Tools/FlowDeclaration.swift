// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// What a tool's author declares about information flow. Only code that knows the tool may declare it: what a remote server says of
/// itself is no declaration.
public struct FlowDeclaration: Sendable, Hashable {
    /// What its results are worth at most. A result may say less of itself (``ToolResult/trust``), never more.
    public var resultIntegrity: TrustLabel
    /// Whether its results are for the person only.
    public var isResultPrivate: Bool
    /// The arguments that decide who or what is affected, each with its kind.
    public var sensitiveArguments: [String: ArgumentKind]
    /// The arguments whose text leaves with the call or is kept by it.
    public var contentArguments: [String]

    /// Makes a declaration.
    public init(
        resultIntegrity: TrustLabel, isResultPrivate: Bool = true, sensitiveArguments: [String: ArgumentKind] = [:],
        contentArguments: [String] = []
    ) {
        self.resultIntegrity = resultIntegrity
        self.isResultPrivate = isResultPrivate
        self.sensitiveArguments = sensitiveArguments
        self.contentArguments = contentArguments
    }
}

extension ToolDefinition {
    /// What a result of this tool is worth at most. Undeclared, anything that reaches the network or is said to read what others wrote
    /// is `web`; the rest are this machine's own words.
    public var resultIntegrity: TrustLabel {
        if effects.contains(.readsUntrusted) { return .web }
        return flow?.resultIntegrity ?? (effects.contains(.network) ? .web : .tool)
    }

    /// Whether results are for the person only. Undeclared, they are, unless the tool can do and read nothing but the network.
    public var isResultPrivate: Bool {
        flow?.isResultPrivate ?? !effects.subtracting([.network, .readsUntrusted]).isEmpty
    }

    /// The arguments that decide who or what is affected. Undeclared, all of them.
    public var sensitiveArguments: [String: ArgumentKind] {
        if let flow { return flow.sensitiveArguments }
        return properties.reduce(into: [:]) { kinds, property in
            kinds[property.key] = .guess(name: property.key, description: property.value["description"]?.stringValue ?? "")
        }
    }

    /// The arguments whose text leaves with the call. Undeclared, none: all are sensitive already.
    public var contentArguments: [String] { flow?.contentArguments ?? [] }

    private var properties: [String: JSONValue] { parameters.document["properties"]?.objectValue ?? [:] }
}
