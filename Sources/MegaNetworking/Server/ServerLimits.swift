// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import NIOCore

/// What one client may cost a server before it is somebody.
struct ServerLimits: Sendable {
    /// The most bytes of all header fields of a request.
    var headerLimit = 16 << 10
    /// The most bytes of a request's body.
    var bodyLimit = 1 << 20
    /// The most time one whole request may take to arrive, and a connection may idle between two.
    var requestTimeout: TimeAmount = .seconds(10)
    /// The most connections of any kind.
    var connectionLimit = 1024
    /// How long open connections get to end after a graceful shutdown began.
    var shutdownTimeout: Duration = .seconds(10)
}
