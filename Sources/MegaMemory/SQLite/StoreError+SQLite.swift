// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import GRDB
import MegaCore

extension StoreError {
    /// What an error of the database means to the caller. SQL and values stay out of it.
    static func from(_ error: any Error, path: String? = nil) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        let place = path.map { "the database \($0)" } ?? "the database"
        let detail = error.message ?? "SQLite code \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_FULL:
            return StoreError(.diskFull, reason: "\(place) cannot grow: \(detail); free some space, nothing was changed")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            return StoreError(
                .corrupt, reason: "\(place) is damaged or no database: \(detail); move it away and restore a backup")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN, .SQLITE_AUTH:
            return StoreError(
                .notPermitted,
                reason: "\(place) cannot be opened for writing: \(detail); check the owner and mode of file and folder")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return StoreError(.locked, reason: "\(place) is in use by another program: \(detail); stop it and try again")
        case .SQLITE_MISUSE where detail.contains("closed"):
            return StoreError(.closed, reason: "the store was closed; open a new one")
        default:
            return StoreError(.unavailable, reason: "\(place) failed: \(detail); nothing was changed, look at the disk's health")
        }
    }
}
