// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser
import MegaCore

/// Something wrong, in words for the person at the terminal: what, and how to mend it.
struct Complaint: Error, CustomStringConvertible {
    let what: String
    let mend: String?

    init(_ text: String, mend: String? = nil) {
        what = text
        self.mend = mend
    }

    var description: String { mend.map { "\(what)\n       \($0)" } ?? what }
}

/// Runs a command; what goes wrong is told without stack traces, and the exit code is 1.
func reporting(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let exit as ExitCode {
        throw exit
    } catch let error as ConfigurationError {
        for problem in error.problems { Console.error("error: \(problem)") }
        Console.error("error: \(error.problems.count) problem\(error.problems.count == 1 ? "" : "s") in the configuration; nothing was started.")
        throw ExitCode(1)
    } catch is CancellationError {
        throw ExitCode(130)
    } catch {
        Console.error("error: \(error)")
        throw ExitCode(1)
    }
}
