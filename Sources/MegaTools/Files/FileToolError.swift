// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

/// Why a file tool refused or failed, in words for the model.
public struct FileToolError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure; open.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The raw value.
        public let rawValue: String
        /// Wraps a raw value.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// The path leaves the workspace, goes through a link, or cannot be a path.
        public static let outsideWorkspace = Code(rawValue: "outsideWorkspace")
        /// What would be written is a link.
        public static let destinationIsLink = Code(rawValue: "destinationIsLink")
        /// The workspace's folder is another one than at the start.
        public static let workspaceReplaced = Code(rawValue: "workspaceReplaced")
        /// There is nothing of that name.
        public static let notFound = Code(rawValue: "notFound")
        /// A folder where a file is wanted, a device, a pipe, or the other way round.
        public static let wrongKind = Code(rawValue: "wrongKind")
        /// Other programs run or obey what has this name; see `ProtectedPaths`.
        public static let protected = Code(rawValue: "protected")
        /// More than ``FileLimits`` allows.
        public static let tooLarge = Code(rawValue: "tooLarge")
        /// The system refused.
        public static let failed = Code(rawValue: "failed")
    }

    /// The kind of failure.
    public let code: Code
    /// What happened and what to do next, in words; holds no secrets.
    public let reason: String
    /// In words, for people and logs.
    public var description: String { reason }

    /// Makes an error.
    public init(_ code: Code, reason: String) {
        self.code = code
        self.reason = reason
    }
}

extension FileToolError: AuditNamedError {
    /// The reference system's names, where it had one.
    public var auditName: String {
        switch code {
        case .outsideWorkspace: "denied"
        case .destinationIsLink: "dest_symlink"
        case .workspaceReplaced: "toctou_detected"
        case .wrongKind: "os_open_denied"
        case .tooLarge: "too_large"
        case .notFound: "not_found"
        default: "exception"
        }
    }
}
