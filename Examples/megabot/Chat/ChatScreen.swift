// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Synchronization

/// The terminal of a chat: what streams in is shown at once, and the finished message is not repeated.
final class ChatScreen: Sendable {
    private struct State {
        /// Text of the answer that has been shown while it was written.
        var streamed = ""
        var isAtLineStart = true
        var isPromptShown = false
    }

    private let state = Mutex(State())
    private let showsPrompt = Console.isInputTerminal && Console.isOutputTerminal
    private let usesColour = Console.isOutputTerminal

    func connected(_ authority: String) {
        line(dim("Connected to \(authority), encrypted. Write a line to talk, !help for commands, Ctrl-D to leave."))
        prompt()
    }

    func notice(_ text: String) {
        line(dim(text))
        prompt()
    }

    func problem(_ text: String) {
        line(bold("! " + clean(text)))
        prompt()
    }

    /// A durable message.
    func message(_ text: String, kind: OutboundMessage.Kind) {
        let text = clean(text)
        let streamed = state.withLock { state in
            defer { if kind == .reply { state.streamed = "" } }
            return state.streamed
        }
        switch kind {
        case .reply where !streamed.isEmpty && Self.same(streamed, text): endLine()
        case .reply where !streamed.isEmpty && text.hasPrefix(streamed): write(String(text.dropFirst(streamed.count)) + "\n")
        case .reply, .commandResult: line(text)
        case .approvalRequest:
            line(bold("? ") + text)
            if !text.contains("!approve") { line(dim("  Answer with !approve or !deny.")) }
        case .notice: line(dim("· " + text))
        case .error: line(bold("! " + text))
        }
        prompt()
    }

    /// What happens inside a running turn.
    func stream(_ frame: JSONValue) {
        let text = clean(frame["text"]?.stringValue ?? "")
        switch frame["event"]?.stringValue {
        case "started": state.withLock { $0.streamed = "" }
        case "text":
            let isFirst = state.withLock { state in
                defer { state.streamed += text }
                return state.streamed.isEmpty
            }
            if isFirst { endLine() }
            write(text)
        case "tool_started":
            state.withLock { $0.streamed = "" }
            line(dim("⚙ \(clean(frame["summary"]?.stringValue ?? frame["tool"]?.stringValue ?? "a tool"))"))
        case "tool_output": write(dim(text))
        case "tool_finished":
            state.withLock { $0.streamed = "" }
            line(dim("⚙ \(clean(frame["outcome"]?.stringValue ?? "finished"))"))
        default: break
        }
    }

    /// Shows that a line can be written.
    func prompt() {
        guard showsPrompt else { return }
        let isNeeded = state.withLock { state in
            guard state.isAtLineStart, !state.isPromptShown else { return false }
            state.isPromptShown = true
            return true
        }
        if isNeeded { Console.text("> ") }
    }

    /// The person ended a line of their own.
    func inputTaken() {
        state.withLock { state in
            state.isPromptShown = false
            state.isAtLineStart = true
        }
    }

    private func line(_ text: String) {
        endLine()
        write(text + "\n")
    }

    private func endLine() {
        let (isPromptShown, isAtLineStart) = state.withLock { state in
            defer {
                state.isPromptShown = false
                state.isAtLineStart = true
            }
            return (state.isPromptShown, state.isAtLineStart)
        }
        if isPromptShown { Console.text("\r\u{1B}[K") } else if !isAtLineStart { Console.text("\n") }
    }

    private func write(_ text: String) {
        guard !text.isEmpty else { return }
        Console.text(text)
        state.withLock { $0.isAtLineStart = text.hasSuffix("\n") || text.hasSuffix("\n\u{1B}[0m") }
    }

    private static func same(_ left: String, _ right: String) -> Bool {
        left.filter { !$0.isWhitespace } == right.filter { !$0.isWhitespace }
    }

    /// A message may quote anything; control characters must not reach the terminal.
    private func clean(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control where scalar != "\n" && scalar != "\t": continue
            case .format where (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value): continue
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    private func dim(_ text: String) -> String { usesColour ? "\u{1B}[2m\(text)\u{1B}[0m" : text }
    private func bold(_ text: String) -> String { usesColour ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
}
