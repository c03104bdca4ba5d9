// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Words as a POSIX shell reads them back unchanged (POSIX.1-2024, Shell Command Language, 2.2 Quoting).
public enum ShellQuoting {
    /// The word itself when no shell sees anything in it, else in single quotes.
    public static func quoted(_ word: String) -> String {
        let isPlain = !word.isEmpty && word.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || "%+,-./:=@_".utf8.contains(byte)
        }
        return isPlain ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
