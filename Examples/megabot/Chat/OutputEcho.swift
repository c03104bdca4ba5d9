// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Leaves out of an answer what the screen has just shown: a tool's output, quoted in a code block word for word.
///
/// The durable answer holds the output, for channels that show nothing while a tool runs and for the record; on this screen it would
/// stand twice.
struct OutputEcho: Sendable {
    private enum Mode {
        case outside
        /// In a code block that has been the output so far; it is held back.
        case comparing(fence: String, held: String, index: Int)
        /// Behind the output, in its block.
        case behind(fence: String)
        case inOtherBlock(fence: String)
    }

    /// Longer outputs are not compared.
    private static let limit = 1 << 20
    static let remark = "(the output above)\n"
    private var output = ""
    private var lines: [String]?
    private var mode = Mode.outside
    /// The line that is not complete, as long as it may be a fence or part of the output.
    private var pending = ""
    private var isInsideLine = false

    /// A tool begins, or another turn.
    mutating func reset() { self = OutputEcho() }

    /// A tool's output as it is shown.
    mutating func show(_ text: String) {
        if output.utf8.count + text.utf8.count <= Self.limit { output += text } else { output = "" }
    }

    /// More text of an answer.
    ///
    /// - Returns: What of it can be shown by now.
    mutating func push(_ text: String) -> String {
        guard !output.isEmpty else { return text }
        var shown = ""
        for character in text {
            if isInsideLine {
                shown.append(character)
                if character == "\n" { isInsideLine = false }
                continue
            }
            pending.append(character)
            if character == "\n" {
                shown += complete(pending)
                pending = ""
            } else if !isHeld {
                shown += pending
                pending = ""
                isInsideLine = true
            }
        }
        return shown
    }

    /// The answer is complete.
    ///
    /// - Returns: What was held back.
    mutating func finish() -> String {
        defer { reset() }
        switch mode {
        case .comparing(let fence, let held, _):
            let rest = complete(pending + "\n")
            if case .behind = mode { return rest }
            return pending == fence ? rest : held + pending
        case .behind(let fence): return pending == fence ? "" : pending
        case .outside, .inOtherBlock: return pending
        }
    }

    /// Whether the line that has begun may yet be something to leave out.
    private var isHeld: Bool {
        if case .comparing = mode { return true }
        return pending.prefix(3).allSatisfy { $0 == "`" }
    }

    private mutating func complete(_ line: String) -> String {
        let content = String(line.dropLast())
        switch mode {
        case .outside:
            let fence = String(content.prefix { $0 == "`" })
            guard fence.count >= 3 else { return line }
            mode = .comparing(fence: fence, held: line, index: 0)
            return ""
        case .comparing(let fence, let held, let index):
            let wanted = wantedLines()
            guard index < wanted.count, Self.trimmed(content) == wanted[index] else {
                mode = content == fence ? .outside : .inOtherBlock(fence: fence)
                return held + line
            }
            guard index + 1 == wanted.count else {
                mode = .comparing(fence: fence, held: held + line, index: index + 1)
                return ""
            }
            mode = .behind(fence: fence)
            return Self.remark
        case .behind(let fence):
            guard content == fence else { return line }
            mode = .outside
            return ""
        case .inOtherBlock(let fence):
            if content == fence { mode = .outside }
            return line
        }
    }

    private mutating func wantedLines() -> [String] {
        if let lines { return lines }
        var wanted = output.split(separator: "\n", omittingEmptySubsequences: false).map { Self.trimmed(String($0)) }[...]
        while wanted.last == "" { wanted.removeLast() }
        while wanted.first == "" { wanted.removeFirst() }
        lines = Array(wanted)
        return Array(wanted)
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        while text.first?.isWhitespace == true { text.removeFirst() }
        return String(text)
    }
}
