// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

/// What every `ActionAuthorizer` must do, whatever its rules say.
public enum ActionAuthorizerConformance {
    private static func action(_ name: String, _ effects: ToolEffects, influence: TrustLabel = .owner) -> ProposedAction {
        ProposedAction(
            tool: ToolDefinition(name: name, description: "A tool of the check.", effects: effects), arguments: ["x": 1],
            preview: ActionPreview(summary: name), scope: .forTesting(influence: influence), influence: influence)
    }

    private static let actions = [
        action("look", []), action("read_it", .readsFiles), action("write_it", .writesFiles), action("send_it", [.network, .sendsMessages]),
    ]

    /// Higher is stricter.
    private static func strictness(_ decision: AuthorizationDecision) -> Int {
        switch decision {
        case .allow: 0
        case .askHuman: 1
        case .deny: 2
        }
    }

    /// An error counts as deny.
    private static func decide(_ authorizer: any ActionAuthorizer, _ action: ProposedAction) async -> AuthorizationDecision {
        do { return try await authorizer.decide(action) } catch { return .deny(reason: "\(error)") }
    }

    /// All checks.
    public static let checks: [ConformanceCheck<any ActionAuthorizer>] = [
        .init("The same action gets the same answer: it is asked again before an approved action starts") { authorizer in
            for action in actions {
                let first = await decide(authorizer, action)
                try ConformanceFailure.unlessEqual(await decide(authorizer, action), first, "the second answer about \(action.tool.name)")
            }
        },
        .init("What strangers or the network may have led to gets no milder answer than the owner's own wish") { authorizer in
            for action in actions {
                let own = await decide(authorizer, action)
                for influence in [TrustLabel.unknown, .web] {
                    var led = action
                    led.influence = influence
                    led.scope.influence = influence
                    let answer = await decide(authorizer, led)
                    try ConformanceFailure.unless(
                        strictness(answer) >= strictness(own), expected: "no milder answer than \(own)", seen: "\(answer) under \(influence)")
                }
            }
        },
        .init("A question or a refusal says why") { authorizer in
            for action in actions {
                switch await decide(authorizer, action) {
                case .allow(let reason), .askHuman(let reason), .deny(let reason):
                    try ConformanceFailure.unless(!reason.isEmpty, expected: "a reason", seen: "none about \(action.tool.name)")
                }
            }
        },
        .init("A rule added on a person's word holds at once and is shown, or is refused") { authorizer in
            let before = await authorizer.rules().count
            do { try await authorizer.addRule(.deny, pattern: "look") } catch {
                try ConformanceFailure.unlessEqual(await authorizer.rules().count, before, "the rules after a refused one")
                return
            }
            let answer = await decide(authorizer, action("look", []))
            try ConformanceFailure.unless(strictness(answer) == 2, expected: "deny", seen: "\(answer)")
            try ConformanceFailure.unless(await authorizer.rules().count > before, expected: "one rule more", seen: "none")
        },
        .init("Every rule is shown on one line") { authorizer in
            for rule in await authorizer.rules() {
                try ConformanceFailure.unless(!rule.isEmpty && !rule.contains(where: \.isNewline), expected: "one line", seen: rule)
            }
        },
        .init("Many tasks can ask at the same time") { authorizer in
            let expected = await decide(authorizer, actions[2])
            try await withThrowingTaskGroup(of: AuthorizationDecision.self) { group in
                for _ in 0..<50 { group.addTask { await decide(authorizer, actions[2]) } }
                for try await answer in group { try ConformanceFailure.unlessEqual(answer, expected, "an answer") }
            }
        },
    ]
}
