// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Crypto
import MegaCore

/// What can be said of a file's bytes without showing them all.
enum FileContents {
    /// Whether bytes are text: no NUL and valid UTF-8, a character cut at the end aside.
    static func isText(_ bytes: [UInt8]) -> Bool {
        guard !bytes.contains(0) else { return false }
        if String(validating: bytes, as: UTF8.self) != nil { return true }
        for cut in 1...3 where bytes.count > cut {
            let tail = bytes[bytes.count - cut]
            if tail >= 0xC0 { return String(validating: bytes.dropLast(cut), as: UTF8.self) != nil }
        }
        return false
    }

    static func digest(_ bytes: [UInt8]) -> String { hex(SHA256.hash(data: bytes)) }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.reduce(into: "") { text, byte in
            if byte < 16 { text += "0" }
            text += String(byte, radix: 16)
        }
    }

    /// A short name for what a binary file seems to be.
    static func kind(_ bytes: [UInt8]) -> String {
        let known: [(String, [UInt8])] = [
            ("PNG image", [0x89, 0x50, 0x4E, 0x47]), ("JPEG image", [0xFF, 0xD8, 0xFF]), ("GIF image", [0x47, 0x49, 0x46, 0x38]),
            ("PDF document", [0x25, 0x50, 0x44, 0x46]), ("ZIP archive or office document", [0x50, 0x4B, 0x03, 0x04]), ("gzip archive", [0x1F, 0x8B]),
            ("ELF program", [0x7F, 0x45, 0x4C, 0x46]), ("SQLite database", Array("SQLite format 3".utf8)), ("Ogg audio", Array("OggS".utf8)),
        ]
        return known.first { bytes.starts(with: $0.1) }?.0 ?? "binary data"
    }

    /// Lines that went and lines that came, as a short diff around the first and last difference.
    static func difference(_ old: String, _ new: String, most: Int = 12) -> String {
        // An empty file has no line, not one that is empty.
        let before = old.isEmpty ? [] : old.split(separator: "\n", omittingEmptySubsequences: false)
        let after = new.isEmpty ? [] : new.split(separator: "\n", omittingEmptySubsequences: false)
        var start = 0
        while start < before.count, start < after.count, before[start] == after[start] { start += 1 }
        var tail = 0
        while tail < before.count - start, tail < after.count - start, before[before.count - 1 - tail] == after[after.count - 1 - tail] { tail += 1 }
        let gone = before[start..<(before.count - tail)]
        let come = after[start..<(after.count - tail)]
        func lines(_ mark: String, _ lines: ArraySlice<Substring>) -> [String] {
            let shown = lines.prefix(most).map { mark + OutputSanitizer.visible(String($0.prefix(160))) }
            return shown + (lines.count > most ? ["\(mark)… \(lines.count - most) more lines"] : [])
        }
        if gone.isEmpty && come.isEmpty { return "no difference" }
        return (["from line \(start + 1):"] + lines("- ", gone) + lines("+ ", come)).joined(separator: "\n")
    }
}
