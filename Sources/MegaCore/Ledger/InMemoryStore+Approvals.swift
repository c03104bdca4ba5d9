// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Synchronization

extension InMemoryStore {
    /// See ``Ledger/save(_:)``.
    public func save(_ request: ApprovalRequest) async throws {
        state.withLock { state in
            if state.approvals.updateValue(request, forKey: request.id) == nil { state.approvalOrder.append(request.id) }
        }
    }

    /// See ``Ledger/pendingApprovals()``.
    public func pendingApprovals() async throws -> [ApprovalRequest] {
        state.withLock { state in
            state.approvalOrder.compactMap { state.approvals[$0] }.filter { $0.decision == nil }
        }
    }

    /// See ``Ledger/approval(_:)``.
    public func approval(_ id: ApprovalRequest.ID) async throws -> ApprovalRequest? {
        state.withLock { $0.approvals[id] }
    }

    /// See ``Ledger/recentApprovals(limit:)``.
    public func recentApprovals(limit: Int) async throws -> [ApprovalRequest] {
        state.withLock { state in
            state.approvalOrder.reversed().prefix(max(0, limit)).compactMap { state.approvals[$0] }
        }
    }

    /// See ``Ledger/save(_:)``.
    public func save(_ grant: ApprovalGrant) async throws {
        state.withLock { state in
            let known = state.grants.firstIndex { $0.id == grant.id && $0.approval == grant.approval }
            if let known { state.grants[known] = grant } else { state.grants.append(grant) }
            state.grants.removeAll { $0.endedAt != nil }
        }
    }

    /// See ``Ledger/grants()``.
    public func grants() async throws -> [ApprovalGrant] { state.withLock { $0.grants } }
}
