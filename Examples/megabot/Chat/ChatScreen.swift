// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Synchronization

/// The terminal of a chat: what streams in is shown at once, and the finished message is not repeated.
final class ChatScreen: Sendable {
    private struct State {
        /// The answers that have been shown while they were written.
        var replies = StreamedReplies()
        var echo = OutputEcho()
        /// Whether text of an answer is the last thing shown.
        var endsWithReply = false
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
        switch kind {
        case .reply: reply(text)
        case .commandResult: line(text)
        case .approvalRequest:
            line(bold("? ") + text)
            if !text.contains("!approve") { line(dim("  Answer with !approve or !deny.")) }
        case .notice: line(dim("· " + text))
        case .error: line(bold("! " + text))
        }
        prompt()
    }

    private func reply(_ text: String) {
        flush()
        let (rest, unquoted) = state.withLock { state in
            let rest = state.replies.take(text, isLast: state.endsWithReply)
            // Not streamed, for a slow connection perhaps: what the tool printed may be on the screen all the same.
            var echo = state.echo
            return (rest, echo.push(text) + echo.finish())
        }
        switch rest {
        case .nothing: if state.withLock({ $0.endsWithReply }) { endLine() }
        case .ending(let text): write(text + "\n")
        case .everything: line(unquoted)
        }
    }

    /// What happens inside a running turn.
    func stream(_ frame: JSONValue) {
        let text = clean(frame["text"]?.stringValue ?? "")
        switch frame["event"]?.stringValue {
        case "started":
            flush()
            state.withLock { state in
                state.replies.finish()
                state.echo.reset()
            }
        case "text":
            let (isFirst, shown) = state.withLock { ($0.replies.add(text), $0.echo.push(text)) }
            if isFirst { endLine() }
            write(shown)
            state.withLock { $0.endsWithReply = true }
        case "tool_started":
            flush()
            state.withLock { state in
                state.replies.drop()
                state.echo.reset()
            }
            line(dim("⚙ \(clean(frame["summary"]?.stringValue ?? frame["tool"]?.stringValue ?? "a tool"))"))
        case "tool_output":
            state.withLock { $0.echo.show(text) }
            write(dim(text))
        case "finished":
            flush()
            state.withLock { $0.replies.finish() }
        case "tool_finished":
            state.withLock { $0.replies.drop() }
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

    /// Shows what was held back of an answer that is complete now.
    private func flush() {
        let held = state.withLock { state in
            guard state.endsWithReply else { return "" }
            return state.echo.finish()
        }
        guard !held.isEmpty else { return }
        write(held)
        state.withLock { $0.endsWithReply = true }
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
        state.withLock { state in
            state.isAtLineStart = text.hasSuffix("\n") || text.hasSuffix("\n\u{1B}[0m")
            state.endsWithReply = false
        }
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
