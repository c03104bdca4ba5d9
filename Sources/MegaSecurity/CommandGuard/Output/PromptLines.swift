// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Lines that look like a shell waiting for a command, printed by a program.
enum PromptLines {
    /// - Parameter isStart: Whether the text begins where a line begins.
    static func check(_ bytes: [UInt8], isStart: Bool = true, into found: inout TextFindings) {
        // Every such line has one of these two; honest output mostly has neither.
        guard bytes.contains(UInt8(ascii: "@")) || bytes.contains(UInt8(ascii: ">")) || bytes.contains(UInt8(ascii: "$")) else { return }
        var start = isStart ? 0 : (bytes.firstIndex(of: 0x0A) ?? bytes.count - 1) + 1
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
            if end - start >= 3, end - start <= 512, let length = prompt(bytes[start..<end]) { found.add(.outputFakePrompt, start..<start + length) }
            start = end + 1
        }
    }

    /// How long the prompt at the start of a line is.
    private static func prompt(_ line: ArraySlice<UInt8>) -> Int? {
        var text = line
        if text.first == UInt8(ascii: "(") {
            // The name of a Python environment.
            guard let close = text.prefix(40).firstIndex(of: UInt8(ascii: ")")), close + 1 < text.endIndex, text[close + 1] == 0x20 else { return nil }
            text = text[(close + 2)...]
        }
        if let end = bracketed(text) ?? plain(text) ?? shellVersion(text) ?? windows(text) { return end - line.startIndex }
        return nil
    }

    private static func name(_ text: ArraySlice<UInt8>, _ start: Int) -> Int {
        var index = start
        while index < text.endIndex, index - start < 64,
            ByteScan.isAlphanumeric(text[index]) || text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "_") || text[index] == UInt8(ascii: ".")
        {
            index += 1
        }
        return index
    }

    private static func userAndHost(_ text: ArraySlice<UInt8>, _ start: Int) -> Int? {
        let user = name(text, start)
        guard user > start, user < text.endIndex, text[user] == UInt8(ascii: "@") else { return nil }
        let host = name(text, user + 1)
        return host > user + 1 ? host : nil
    }

    private static func isSign(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "$") || byte == UInt8(ascii: "#") || byte == UInt8(ascii: "%") }

    /// The sign that ends a prompt, with a blank or the line's end behind it.
    private static func sign(_ text: ArraySlice<UInt8>, _ index: Int) -> Int? {
        guard index < text.endIndex, isSign(text[index]) else { return nil }
        guard index + 1 < text.endIndex else { return index + 1 }
        return text[index + 1] == 0x20 ? index + 2 : nil
    }

    /// `[root@host ~]# `
    private static func bracketed(_ text: ArraySlice<UInt8>) -> Int? {
        guard text.first == UInt8(ascii: "["), let host = userAndHost(text, text.startIndex + 1), host < text.endIndex, text[host] == 0x20,
            let close = text[host...].prefix(128).firstIndex(of: UInt8(ascii: "]"))
        else { return nil }
        return sign(text, close + 1)
    }

    /// `user@host:~/x$ `, `user@host ~ $ `
    private static func plain(_ text: ArraySlice<UInt8>) -> Int? {
        guard let host = userAndHost(text, text.startIndex), host < text.endIndex, text[host] == UInt8(ascii: ":") || text[host] == 0x20 else { return nil }
        var index = host + 1
        guard index < text.endIndex, text[index] == UInt8(ascii: "~") || text[index] == UInt8(ascii: "/") || isSign(text[index]) else { return nil }
        while index < text.endIndex, index - host < 200, !isSign(text[index]) {
            // A path has no blank but the one before the sign.
            if text[index] == 0x20, index + 1 < text.endIndex, !isSign(text[index + 1]) { return nil }
            index += 1
        }
        return sign(text, index)
    }

    /// `bash-5.2$ `, `sh-4.4# `
    private static func shellVersion(_ text: ArraySlice<UInt8>) -> Int? {
        for shell in ["bash-", "sh-"] where text.starts(with: Array(shell.utf8)) {
            var index = text.startIndex + shell.utf8.count
            let first = index
            while index < text.endIndex, text[index] &- 0x30 < 10 || text[index] == UInt8(ascii: ".") { index += 1 }
            if index > first { return sign(text, index) }
        }
        return nil
    }

    /// `PS C:\Users\x> `, `C:\Users\x>`
    private static func windows(_ text: ArraySlice<UInt8>) -> Int? {
        let isPowerShell = text.starts(with: Array("PS ".utf8))
        let drive = isPowerShell ? text.dropFirst(3) : text
        guard drive.count >= 4, let letter = drive.first, (letter | 0x20) &- 0x61 < 26, drive[drive.startIndex + 1] == UInt8(ascii: ":"),
            drive[drive.startIndex + 2] == UInt8(ascii: "\\"), let end = drive.prefix(200).firstIndex(of: UInt8(ascii: ">"))
        else { return nil }
        return end + 1
    }
}
