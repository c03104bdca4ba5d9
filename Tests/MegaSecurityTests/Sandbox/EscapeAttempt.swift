// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Testing

/// One way out of the sandbox, as a script that tries it.
///
/// The script prints `ESCAPED` with what it achieved, and `tried` when it got to the end of trying. It sees these variables:
/// `OUT`, a folder of the host outside; `RO`, a readable folder with `secret` in `hidden/`, a file `file` and a listening socket `socket`;
/// `HOST_PID`, a process of the host; `HOST_PORT`, a TCP port of the host that accepts; `ABSTRACT`, a listening abstract socket; `SHM`, the
/// key of a shared memory segment of the host; `MARK`, a number for processes that must not live on.
struct EscapeAttempt: Sendable, CustomTestStringConvertible {
    enum Language: String, Sendable { case shell, python, c }

    /// What happens on the host afterwards must be as before; returns what is not.
    typealias Aftermath = @Sendable (EscapeGround) -> String?

    var name: String
    var language: Language
    var script: String
    var network: CommandRequest.Network = .none
    var time: Duration = .seconds(20)
    var limits = CommandRequest.Limits()
    /// The command is expected to be killed before it says that it tried.
    var mayBeKilled = false
    /// Whether Landlock alone promises to prevent it as well.
    var holdsForLandlock = true
    /// Whether root, who is not confined, succeeds, so that the script is seen to be able to tell. Only what does no harm.
    var succeedsOutside = false
    var aftermath: Aftermath = { _ in nil }

    var testDescription: String { name }

    static func shell(
        _ name: String, _ script: String, network: CommandRequest.Network = .none, time: Duration = .seconds(20), limits: CommandRequest.Limits = .init(),
        mayBeKilled: Bool = false, landlock: Bool = true, outside: Bool = false, aftermath: @escaping Aftermath = { _ in nil }
    ) -> EscapeAttempt {
        EscapeAttempt(
            name: name, language: .shell, script: script, network: network, time: time, limits: limits, mayBeKilled: mayBeKilled,
            holdsForLandlock: landlock, succeedsOutside: outside, aftermath: aftermath)
    }

    /// The body runs line by line of `attempt(what, body)`: an exception is a failure to escape.
    static func python(
        _ name: String, _ script: String, network: CommandRequest.Network = .none, time: Duration = .seconds(20), limits: CommandRequest.Limits = .init(),
        mayBeKilled: Bool = false, landlock: Bool = true, outside: Bool = false, aftermath: @escaping Aftermath = { _ in nil }
    ) -> EscapeAttempt {
        EscapeAttempt(
            name: name, language: .python, script: pythonHead + script + "\nprint('tried')\n", network: network, time: time, limits: limits,
            mayBeKilled: mayBeKilled, holdsForLandlock: landlock, succeedsOutside: outside, aftermath: aftermath)
    }

    static func c(_ name: String, _ script: String, mayBeKilled: Bool = false) -> EscapeAttempt {
        EscapeAttempt(name: name, language: .c, script: script, mayBeKilled: mayBeKilled)
    }

    private static let pythonHead = """
        import ctypes, os, sys, socket, struct, mmap, time, signal, platform, resource
        libc = ctypes.CDLL(None, use_errno=True)
        libc.syscall.restype = ctypes.c_long
        INTEL = platform.machine() == 'x86_64'
        env = os.environ
        def call(intel, arm, *arguments):
            number = intel if INTEL else arm
            result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
            if result < 0: raise OSError(ctypes.get_errno(), 'refused')
            return result
        def attempt(what, body):
            try:
                result = body()
            except (OSError, ValueError, MemoryError, KeyError) as error:
                print('no:', what, error)
                return
            if result is not False: print('ESCAPED', what, flush=True)

        """
}
