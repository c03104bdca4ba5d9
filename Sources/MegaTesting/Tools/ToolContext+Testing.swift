// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import Logging
public import MegaCore

extension ToolContext {
    /// A context to unit-test a tool's own work with. It has passed no check: use it in tests only.
    ///
    /// - Parameter output: Gets what the tool shows while it runs.
    public static func forTesting(
        scope: ToolScope = .forTesting(), callID: String = "call-1", timeLimit: Duration = .seconds(60),
        logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
        output: @escaping @Sendable (String) async -> Void = { _ in }
    ) -> ToolContext {
        ToolContext(
            scope: scope, callID: callID, idempotencyKey: "test-\(callID)", logger: logger, deadline: .now + timeLimit, output: output)
    }
}

extension ToolScope {
    /// The owner's turn 1 in mode build.
    public static func forTesting(
        conversation: ConversationID = ConversationID(platform: "memory", chat: "main"), person: PersonID = "memory:ana",
        turn: TurnID = TurnID(rawValue: 1), mode: Mode = .build, trust: TrustLabel = .owner,
        influence: TrustLabel? = nil
    ) -> ToolScope {
        ToolScope(conversation: conversation, person: person, turn: turn, mode: mode, trust: trust, influence: influence)
    }
}
