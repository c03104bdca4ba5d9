// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import CLauncher
import Synchronization

/// Descendants whose own parents have ended.
///
/// They belong to process 1, which waits for them; in a container process 1 often does not, and ended ones stay in the process table. A
/// runner waits for every process it knows of, also when such a one has come to this process. The rest is for programs to decide:
/// ``begin()`` makes this process the one that gets them, and ``reap()`` waits for those that have ended.
public enum AdoptedProcesses {
    /// Makes this process the parent of descendants whose own parents end (`PR_SET_CHILD_SUBREAPER`); for good. False where there is no such thing.
    @discardableResult
    public static func begin() -> Bool { mega_adopt() == 0 }

    /// Waits for all ended children that no runner waits for. Call it now and then.
    ///
    /// Only for a program that starts no processes except through this module's runners: the end of any other child would be lost to whoever
    /// started it.
    ///
    /// - Returns: How many there were.
    @discardableResult
    public static func reap() -> Int { LaunchedChildren.reapOthers() }
}

/// The children that runners wait for themselves.
enum LaunchedChildren {
    private struct State {
        /// Children that may exist and are not listed yet.
        var starting = 0
        var pids: Set<CInt> = []
    }

    private static let state = Mutex(State())

    /// Starts a child and lists it. Call ``forget(_:)`` when it was waited for.
    ///
    /// - Parameter launch: Returns the child's number, or a negative error number.
    static func start(_ launch: () -> CInt) -> CInt {
        state.withLock { $0.starting += 1 }
        let pid = launch()
        state.withLock { state in
            state.starting -= 1
            if pid > 0 { state.pids.insert(pid) }
        }
        return pid
    }

    /// Runs something that has a child for a moment.
    static func helping(_ work: () -> CInt) -> CInt {
        state.withLock { $0.starting += 1 }
        defer { state.withLock { $0.starting -= 1 } }
        return work()
    }

    static func forget(_ pid: CInt) { _ = state.withLock { $0.pids.remove(pid) } }

    /// Under the lock, so that no child is started and not listed meanwhile; each step takes microseconds.
    static func reapOthers() -> Int {
        state.withLock { state in
            var count = 0
            while state.starting == 0 {
                // The kernel shows one ended child at a time; a listed one hides the others until its runner has waited for it.
                let pid = mega_ended_child()
                guard pid > 0, !state.pids.contains(pid), mega_reap_child(pid) == 0 else { break }
                count += 1
            }
            return count
        }
    }
}
