// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Looks at what a program or a tool printed, chunk by chunk, before a terminal or a model gets it.
///
/// It finds terminal control that deceives (clipboard writes, links that lead elsewhere, hidden text, prompts that are none, questions
/// the terminal answers into the command line), texts that give orders to an agent, also encoded or written in odd letters, requests to
/// send data away, and secrets.
///
/// The state between chunks is bounded (about 100 KiB), the time is linear, and how a text is cut into chunks changes nothing in what
/// is found.
public struct OutputScanner: Sendable {
    private var escapes = EscapeAnalyzer()
    private var window = TextWindow()
    private var found = TextFindings()
    private let secrets: SecretScanner?

    /// Makes a scanner for one stream of text.
    /// - Parameter secrets: What finds secrets; nil when something else takes care of them.
    public init(secrets: SecretScanner? = SecretScanner()) { self.secrets = secrets }

    /// Takes the next bytes.
    public mutating func consume(_ chunk: some Sequence<UInt8>) {
        let secrets = secrets
        // Taken out for the call, so that two parts of the scanner can be changed at once.
        var window = TextWindow()
        swap(&window, &self.window)
        escapes.consume(Array(chunk), into: &found) { text, offset, found in
            window.append(text, at: offset, secrets: secrets, into: &found)
        }
        swap(&window, &self.window)
    }

    /// Ends the stream and says what was found, in the order of the text. Offsets count from the first byte of the first chunk.
    public mutating func finish() -> [GuardFinding] {
        escapes.finish(into: &found)
        window.finish(secrets: secrets, into: &found)
        return found.sorted
    }

    /// What is in a whole text.
    public static func findings(in bytes: [UInt8], secrets: SecretScanner? = SecretScanner()) -> [GuardFinding] {
        var scanner = OutputScanner(secrets: secrets)
        scanner.consume(bytes)
        return scanner.finish()
    }
}
