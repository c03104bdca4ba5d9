// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Synchronization

/// What is told to the flow policy of the files one call writes.
final class WriteNotes: Sendable {
    /// Whether the call's arguments name all it writes.
    let isNamed: Bool
    /// Whether the tool has to find out what it wrote.
    let isFollowed: Bool
    private let call: FlowCall
    private let run: TurnRun
    private let wasTold = Mutex(false)

    init(call: FlowCall, run: TurnRun) {
        self.call = call
        self.run = run
        isNamed = call.tool.effects.contains(.writesFiles) && !call.tool.effects.contains(.executes) && !call.paths.isEmpty
        isFollowed = !isNamed && run.followsWrites(of: call)
    }

    /// The call is about to write what it names.
    func noteNamed() { run.noteWrites(FileWrites(written: call.paths), of: call) }

    /// What the tool says it wrote.
    func note(_ files: FileWrites) {
        guard isFollowed else { return }
        wasTold.withLock { $0 = true }
        run.noteWrites(files, of: call)
    }

    /// The call has ended.
    func complete(_ status: ToolOutcome.Status) {
        if isNamed {
            // A tool that does the same when it runs twice replaces its files as a whole.
            if status == .succeeded, call.tool.isIdempotent { run.noteWrites(FileWrites(removed: call.paths), of: call) }
        } else if isFollowed, !wasTold.withLock({ $0 }) {
            // A tool that has said nothing may have written anything below the paths it named.
            run.noteWrites(FileWrites(folders: call.paths), of: call)
        }
    }
}
