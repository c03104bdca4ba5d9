// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// What a session may do. A mode is a set of capabilities; the executor enforces it before any rule is asked.
public enum Mode: String, Sendable, Hashable, Codable, CaseIterable {
    /// Answers; may read the person's memory. No files, no effects.
    case ask
    /// Reads to prepare a plan; changes nothing.
    case plan
    /// Acts, under policy and approval.
    case build
    /// Acts through several steps by itself, under policy, approval and a larger budget.
    case loki

    /// The effects a tool may have in this mode.
    public var permittedEffects: ToolEffects {
        switch self {
        case .ask: [.readsPrivateData, .writesMemory, .readsUntrusted]
        case .plan: [.readsPrivateData, .readsFiles, .writesMemory, .readsUntrusted]
        case .build, .loki:
            [
                .readsPrivateData, .readsFiles, .writesMemory, .writesFiles, .executes, .network, .sendsMessages, .spendsMoney,
                .changesAccount, .readsUntrusted,
            ]
        }
    }

    /// The bounds of one turn.
    public var budget: TurnBudget {
        switch self {
        case .ask: TurnBudget(steps: 4, toolCalls: 8, wallTime: .seconds(300))
        case .plan: TurnBudget(steps: 12, toolCalls: 32, wallTime: .seconds(900))
        case .build: TurnBudget(steps: 24, toolCalls: 64, wallTime: .seconds(3600))
        case .loki: TurnBudget(steps: 100, toolCalls: 400, wallTime: .seconds(6 * 3600))
        }
    }
}

/// The bounds of one turn. Time spent waiting for a person does not count.
public struct TurnBudget: Sendable, Hashable {
    /// Answers of the model.
    public var steps: Int
    /// Calls of tools, refused ones included.
    public var toolCalls: Int
    /// Time at work.
    public var wallTime: Duration

    /// Makes a budget.
    public init(steps: Int, toolCalls: Int, wallTime: Duration) {
        self.steps = steps
        self.toolCalls = toolCalls
        self.wallTime = wallTime
    }
}
