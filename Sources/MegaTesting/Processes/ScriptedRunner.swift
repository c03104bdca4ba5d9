// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore
import Synchronization

/// A runner that runs nothing: it notes what it was asked to run and plays output of the test's.
public final class ScriptedRunner: CommandRunner {
    private let seen = Mutex<[CommandRequest]>([])
    private let play: @Sendable (CommandRequest) async throws -> (output: [CommandOutput], outcome: CommandOutcome)
    private let claims: SandboxCoverage
    private let confines = Mutex("scripted")

    /// Plays what the test makes of each request.
    ///
    /// - Parameter coverage: The confines it claims; none unless given.
    public init(
        coverage: SandboxCoverage = SandboxCoverage(),
        _ play: @escaping @Sendable (CommandRequest) async throws -> (output: [CommandOutput], outcome: CommandOutcome)
    ) {
        claims = coverage
        self.play = play
    }

    /// Plays the same for every request.
    public convenience init(
        output: [CommandOutput] = [], outcome: CommandOutcome = CommandOutcome(termination: .exited(code: 0))
    ) {
        self.init { _ in (output, outcome) }
    }

    /// What it was asked to run, in order.
    public var requests: [CommandRequest] { seen.withLock { $0 } }

    /// The same as text; programs with their arguments, joined by blanks.
    public var commands: [String] {
        requests.map {
            switch $0.command {
            case .shell(let text): text
            case .program(let arguments): arguments.joined(separator: " ")
            }
        }
    }

    /// See `CommandRunner.run(_:output:)`.
    public func run(_ request: CommandRequest, output: @escaping @Sendable (CommandOutput) async -> Void) async throws -> CommandOutcome {
        seen.withLock { $0.append(request) }
        let played = try await play(request)
        for piece in played.output { await output(piece) }
        return played.outcome
    }

    /// Always healthy.
    public func health() async -> ComponentHealth { .healthy }
    /// "scripted", until ``confine(as:)`` says something else.
    public var confinement: String { confines.withLock { $0 } }
    /// Changes what it says about its confines, as a runner with other settings would.
    public func confine(as text: String) { confines.withLock { $0 = text } }
    /// What it was made with.
    public func coverage() async -> SandboxCoverage { claims }
}
