// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore
import Synchronization

/// A flow policy that says what the test wants and notes what it was told.
public final class ScriptedFlowPolicy: InformationFlowPolicy {
    /// Something a session was told.
    public enum Event: Sendable, Hashable {
        case began(FlowText)
        case noted(FlowText)
        case decided(tool: String, following: [String])
        case endorsed(tool: String, covering: [String])
        case observed(FlowText, tool: String)
    }

    private let answer: @Sendable (FlowCall) -> FlowDecision
    private let log = Mutex<[Event]>([])

    /// - Parameter answer: What it says of a call; nothing to say unless given.
    public init(answer: @escaping @Sendable (FlowCall) -> FlowDecision = { _ in .allow(basis: nil) }) { self.answer = answer }

    /// Everything its sessions were told, in order.
    public var events: [Event] { log.withLock { $0 } }

    /// See `InformationFlowPolicy.makeSession()`.
    public func makeSession() -> any FlowSession { Session(policy: self) }

    private func note(_ event: Event) { log.withLock { $0.append(event) } }

    private struct Session: FlowSession {
        let policy: ScriptedFlowPolicy

        mutating func begin(_ message: FlowText) { policy.note(.began(message)) }
        mutating func note(_ text: FlowText) { policy.note(.noted(text)) }
        mutating func decide(_ call: FlowCall, following: [FlowCall]) -> FlowDecision {
            policy.note(.decided(tool: call.tool.name, following: following.map(\.tool.name)))
            return policy.answer(call)
        }
        mutating func endorse(_ call: FlowCall, covering: [FlowCall]) {
            policy.note(.endorsed(tool: call.tool.name, covering: covering.map(\.tool.name)))
        }
        mutating func observe(_ result: FlowText, of call: FlowCall) { policy.note(.observed(result, tool: call.tool.name)) }
    }
}
