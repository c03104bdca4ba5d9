// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

extension CommandInspection.Command {
    /// The same command as rules see it.
    init(_ command: ShellCommand) {
        self.init(
            words: command.words.map(\.pattern), openWords: Set(command.words.indices.filter { !command.words[$0].isLiteral }),
            assignments: command.assignments.map { Assignment(name: $0.name, value: $0.value.pattern, isLiteral: $0.value.isLiteral) },
            redirections: command.redirections.map {
                // What a here-document holds is a text, and no place.
                Redirection(
                    operation: $0.operation, descriptor: $0.descriptor, target: $0.operation.hasPrefix("<<") ? "" : $0.target.pattern,
                    isLiteral: $0.target.isLiteral)
            }, depth: command.origin == .top ? 0 : max(1, command.depth), wrappers: command.wrappers)
    }
}
