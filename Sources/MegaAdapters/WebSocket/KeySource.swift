// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Dispatch
import MegaCore
import Synchronization

/// The channel's key: given, or derived once when it is first needed. Deriving takes tenths of a second, which nobody should wait for
/// at start.
final class KeySource: Sendable {
    private struct Recipe {
        var password: Secret
        var salt: [UInt8]
        var iterations: Int
    }

    private let recipe: Recipe?
    private let older: [FernetKey]
    /// Serial, so that of many waiting callers one derives and the others find the result.
    private let queue = DispatchQueue(label: "megabot.websocket.key")
    private let made: Mutex<FernetCodec?>

    init(password: Secret, salt: [UInt8], iterations: Int, older: [FernetKey]) {
        recipe = Recipe(password: password, salt: salt, iterations: iterations)
        self.older = older
        made = Mutex(nil)
    }

    init(key: FernetKey, older: [FernetKey]) {
        recipe = nil
        self.older = older
        made = Mutex(FernetCodec(key: key, older: older))
    }

    func codec() async throws -> FernetCodec {
        if let codec = made.withLock({ $0 }) { return codec }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(with: Result { try self.derive() })
            }
        }
    }

    private func derive() throws -> FernetCodec {
        if let codec = made.withLock({ $0 }) { return codec }
        guard let recipe else { throw FernetError(.derivationFailed, reason: "there is neither a key nor a password") }
        let key = try FernetKey.derive(password: recipe.password, salt: recipe.salt, iterations: recipe.iterations)
        let codec = FernetCodec(key: key, older: older)
        made.withLock { $0 = codec }
        return codec
    }
}
