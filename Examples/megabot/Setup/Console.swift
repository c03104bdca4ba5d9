// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Text to the terminal, or wherever the output goes.
enum Console {
    /// A line on the standard output.
    static func line(_ text: String = "") { write(text + "\n", to: 1) }
    /// Text on the standard output without a line break.
    static func text(_ text: String) { write(text, to: 1) }
    /// A line on the standard error output.
    static func error(_ text: String) { write(text + "\n", to: 2) }

    static var isInputTerminal: Bool { isatty(0) == 1 }
    static var isOutputTerminal: Bool { isatty(1) == 1 }

    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var written = 0
            while written < bytes.count {
                #if canImport(Glibc)
                let count = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
                #elseif canImport(Musl)
                let count = Musl.write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
                #else
                let count = Darwin.write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
                #endif
                // A reader that went away (`| head`) is no reason to complain.
                if count < 0, errno != EINTR, errno != EAGAIN { return }
                if count > 0 { written += count }
            }
        }
    }
}
