// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// MegaBot for Swift itself.
public enum MegaBot {
    /// The version, after Semantic Versioning. The one place it stands; a release changes it together with CHANGELOG.md.
    public static let version = "0.1.0-dev"
}
