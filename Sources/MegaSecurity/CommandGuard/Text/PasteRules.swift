// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Pastes that do more than their first line shows.
enum PasteRules {
    /// Programs whose appearance on a later line is reason to stop: they gain rights, fetch, run or destroy.
    private static let commands: Set<String> = [
        "sudo", "doas", "su", "curl", "wget", "bash", "sh", "zsh", "dash", "ksh", "fish", "eval", "exec", "source", "python", "python2",
        "python3", "perl", "ruby", "node", "php", "osascript", "pwsh", "powershell", "iex", "iwr", "invoke-expression", "invoke-webrequest", "rm",
        "dd", "mkfs", "shred", "chmod", "chown", "nc", "ncat", "netcat", "socat", "ssh", "scp", "telnet", "base64", "crontab", "systemctl",
        "launchctl", "schtasks", "reg", "regsvr32", "mshta", "rundll32", "certutil", "bitsadmin", "nohup", "kill", "pkill", "killall", "xargs",
        "useradd", "usermod", "passwd", "visudo", "iptables", "insmod", "modprobe", "mount",
    ]

    static func isCommand(_ name: String) -> Bool { commands.contains(name) }

    /// Words of this list are words of English too; they count with an argument that no sentence has.
    private static let alsoWords: Set<String> = [
        "source", "exec", "node", "python", "ruby", "perl", "fish", "kill", "mount", "dash", "su", "reg", "sh", "bash", "passwd", "powershell",
        "php", "telnet",
    ]

    static func check(_ bytes: [UInt8], into found: inout TextFindings) {
        var start = 0
        var isFirst = true
        var continues = false
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
            let line = bytes[start..<end]
            let isBlank = line.allSatisfy { $0 == 0x20 || $0 == 0x09 }
            if !isFirst, !continues, !isBlank, let span = command(line) { found.add(.hiddenMultiline, span) }
            if !isBlank { isFirst = false }
            continues = line.last == UInt8(ascii: "\\")
            start = end + 1
            if end + 1 < bytes.count, bytes[end] == 0x0D, bytes[end + 1] == 0x0A { start += 1 }
        }
    }

    /// The word that makes a line a command.
    private static func command(_ line: ArraySlice<UInt8>) -> Range<Int>? {
        var index = line.startIndex
        let skip: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: "$") || $0 == UInt8(ascii: "#") || $0 == UInt8(ascii: ">") }
        // A prompt in front is copied from a page.
        var steps = 0
        while index < line.endIndex, steps < 8, skip(line[index]) { (index, steps) = (index + 1, steps + 1) }
        var end = index
        while end < line.endIndex, line[end] != 0x20, line[end] != 0x09, line[end] != UInt8(ascii: "|"), line[end] != UInt8(ascii: ";") { end += 1 }
        guard end - index < 128 else { return nil }
        let name = Fetcher.baseName(String(decoding: line[index..<end], as: UTF8.self))
        guard commands.contains(name) || name.hasPrefix("mkfs.") else { return nil }
        let rest = line[end...].drop { $0 == 0x20 || $0 == 0x09 }
        if alsoWords.contains(name) {
            // `- / . ~ $ " '` start arguments, and so does a pipe; a sentence goes on with a word.
            let starters: Set<UInt8> = [0x2D, 0x2F, 0x2E, 0x7E, 0x24, 0x22, 0x27, 0x7C, 0x3B, 0x26, 0x3C, 0x28]
            let second = rest.prefix { $0 != 0x20 && $0 != 0x09 }
            let looksLikeFile = second.dropLast().contains { $0 == 0x2F || $0 == 0x2E }
            guard rest.first.map({ starters.contains($0) || looksLikeFile }) ?? (end == line.endIndex) else { return nil }
        } else if rest.isEmpty, name != "sudo", name != "su", name != "bash", name != "sh", name != "zsh" {
            return nil
        }
        return index..<end
    }
}
