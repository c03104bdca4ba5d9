// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// What an argument can make a program do beyond what its name promises.
enum ArgumentRisk: String, Sendable, Hashable, CaseIterable {
    /// Runs another program.
    case runs
    /// Writes a file of the caller's choice.
    case writes
    /// Loads code, rules or settings.
    case loads
    /// Sends data away, or takes other data in.
    case sends
    /// Changes or deletes more than it seems.
    case changes
    /// Reads names, settings or data from another place.
    case reads
    /// Not known to be harmless, in a program that can run others.
    case unknown

    /// The rest of a sentence that begins with the argument.
    var effect: String {
        switch self {
        case .runs: "can make it run another program"
        case .writes: "can make it write a file"
        case .loads: "can make it load code or settings"
        case .sends: "can make it send or fetch something else"
        case .changes: "can make it change or delete something"
        case .reads: "makes it take its input or settings from elsewhere"
        case .unknown: "is not known to be harmless, and the program can run others"
        }
    }
}

/// An argument that makes the call another kind of call.
struct ArgumentFinding: Sendable, Hashable {
    var word: String
    var risk: ArgumentRisk
}
