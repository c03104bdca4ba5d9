// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Codes people read and type.
enum ShortCode {
    /// Letters and digits that are not mistaken for each other, in any usual font or handwriting.
    static let alphabet = Array("34679ACDEFHJKMNPQRTWXY")

    static func make(_ dependencies: Dependencies) -> String {
        var code = ""
        while code.count < 4 {
            // The largest multiple of the alphabet's size, so that every letter is as likely.
            for byte in dependencies.randomBytes(8) where Int(byte) < 256 / alphabet.count * alphabet.count && code.count < 4 {
                code.append(alphabet[Int(byte) % alphabet.count])
            }
        }
        return code
    }
}
