// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Everything the orchestrator keeps. One value, so that what belongs together is written together.
public typealias Store = Ledger & ConversationLog & MemoryStore
