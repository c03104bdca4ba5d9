// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Crypto
import MegaCore

/// A runner's settings as an approval is bound to them: short enough to read, and another text for any other settings.
struct Confinement {
    var name: String
    var hiddenPaths: [String]
    var readableFolders: [String]
    var protectedPaths: [String] = []
    var requirements: Set<SandboxCoverage.Control>
    var identity: CommandIdentity?

    var summary: String {
        var parts = [name]
        if !readableFolders.isEmpty { parts.append("can read \(readableFolders.sorted().joined(separator: ", "))") }
        parts.append("\(hiddenPaths.count) hidden and \(protectedPaths.count) protected paths, \(requirements.count) required controls")
        if let identity { parts.append("as user \(identity.user), group \(identity.group)") }
        return parts.joined(separator: "; ") + " \(digest)"
    }

    private var digest: String {
        var hash = SHA256()
        for list in [hiddenPaths.sorted(), readableFolders.sorted(), protectedPaths.sorted(), requirements.map(\.rawValue).sorted()] {
            for entry in list { hash.update(data: Array(entry.utf8) + [0]) }
            hash.update(data: [0])
        }
        return hash.finalize().prefix(8).map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
