// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Synchronization

extension InMemoryStore {
    /// See ``Ledger/setKillSwitches(_:)``.
    public func setKillSwitches(_ switches: [KillSwitch]) async throws { state.withLock { $0.killSwitches = switches } }

    /// See ``Ledger/killSwitches()``.
    public func killSwitches() async throws -> [KillSwitch] { state.withLock { $0.killSwitches } }

    /// See ``Ledger/mode(of:)``.
    public func mode(of conversation: ConversationID) async throws -> Mode? {
        state.withLock { $0.modes[conversation] }
    }

    /// See ``Ledger/setMode(_:of:)``.
    public func setMode(_ mode: Mode, of conversation: ConversationID) async throws {
        state.withLock { $0.modes[conversation] = mode }
    }
}
