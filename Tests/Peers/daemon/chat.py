# SPDX-License-Identifier: Apache-2.0
# Copyright (c) 2026 the MegaBot for Swift authors
"""A person at `megabot chat`, at a terminal and with a pipe, against the real daemon."""

import argparse
import os
import pty
import re
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import asyncio

from daemon import Daemon, die_with_parent


class Terminal:
    """`megabot chat` on a terminal of its own."""

    def __init__(self, daemon, *arguments):
        self.text = ""
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            die_with_parent()
            os.chdir(daemon.folder)
            os.execve(daemon.binary, [daemon.binary, "chat", "--config", str(daemon.config), *arguments], daemon.environment())
        self.until("Connected to")

    def until(self, words, count=1, timeout=30):
        """Reads until the words stand on the screen so many times."""
        end = time.monotonic() + timeout
        while self.text.count(words) < count:
            left = end - time.monotonic()
            assert left > 0, f"{words!r} did not come {count} times:\n{self.text}"
            if select.select([self.terminal], [], [], left)[0]:
                piece = os.read(self.terminal, 65536).decode(errors="replace")
                self.text += re.sub("\x1b\\[[0-9;]*[mK]", "", piece).replace("\r\n", "\n")

    def say(self, line):
        os.write(self.terminal, (line + "\n").encode())

    def leave(self):
        os.write(self.terminal, b"\x04")
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                os.close(self.terminal)
                return
            time.sleep(0.02)
        os.kill(self.pid, signal.SIGKILL)
        raise AssertionError("the chat did not end at Ctrl-D")


def piped(daemon, text, *arguments, code=0, timeout=30):
    """Says the lines; returns what was printed, output and errors."""
    answer = daemon.run("chat", *arguments, input=text, timeout=timeout)
    assert answer.returncode == code, (answer.returncode, answer.stdout, answer.stderr)
    return answer.stdout, answer.stderr


def code(text):
    return text.rsplit("!approve ", 1)[1].split()[0]


def question(daemon):
    """An open question is shown again to whoever comes, and what waits behind it is said, once."""
    first = Terminal(daemon)
    first.say("run echo one")
    first.until("May I do this?")
    asked = code(first.text)
    first.say("hello")
    first.until(f"This waits: {asked} is still open here")
    first.say("hello")
    second = Terminal(daemon)
    second.until("May I do this?")
    second.until("2 messages wait behind it")
    assert code(second.text.split("Asked")[0]) == asked, second.text
    second.leave()
    daemon.kill()
    first.until("Connection lost")
    daemon.start()
    first.until("Connected again")
    first.until("May I do this?", 2)
    first.until("and still open. 2 messages wait behind it", 1)
    assert first.text.count(f"!approve {asked} or !deny {asked}\n") == 2, first.text
    first.say("!approve")
    first.until(f"Approved {asked}: echo one")
    first.until("Hello. I am the offline model", 2)
    first.leave()
    assert first.text.count("This waits") == 1, first.text
    third = Terminal(daemon)
    third.say("!policies")
    third.until("everything else (default)")
    assert "May I" not in third.text, third.text
    third.leave()


def shown_once(daemon):
    """Neither an answer nor a tool's output stands on the screen twice."""
    (daemon.folder / "workspace").mkdir(exist_ok=True)
    (daemon.folder / "workspace" / "notes.txt").write_text("one\ntwo\n")
    chat = Terminal(daemon)
    chat.say("run cat notes.txt")
    chat.until("May I do this?")
    for line in ["hello", "help", "hello"]:
        chat.say(line)
    chat.say("!yes")
    chat.until("Hello. I am the offline model", 2)
    chat.say("!whoami")
    chat.until("Trust: owner")
    assert chat.text.count("one\ntwo\n") == 1, chat.text
    assert "printed:\n\n(the output above)\n[exit code 0]\n" in chat.text, chat.text
    assert chat.text.count("Hello. I am the offline model") == 2, chat.text
    assert chat.text.count("I am the offline model, not a language model. I understand") == 1, chat.text
    # What a tool did not print is shown, a code block too.
    chat.say("read notes.txt")
    chat.until("```\none\ntwo\n```")
    chat.leave()


def pipe(daemon):
    """A pipe never hangs, and its exit code says how it ended."""
    out, err = piped(daemon, "hello\nremember that tea is at five\n")
    assert "Hello." in out and "tea is at five" in out and not err, (out, err)

    out, err = piped(daemon, "run echo one\n", code=75)
    assert "May I do this?" in out, out
    asked = code(out)
    assert asked in err and "!approve" in err and "waits" not in err, err
    # The next one is told of the question, and waits behind it.
    out, err = piped(daemon, "hello\nhello\n", code=75)
    assert "May I do this?" in out and asked in err and "2 messages wait" in err, (out, err)
    for word in ["!approve NONE", "!policies"]:
        out, err = piped(daemon, f"{word}\n", code=75)
        assert asked in err, err
    out, err = piped(daemon, "!yes\nhello\n")
    assert f"Approved {asked}" in out and out.count("Hello.") == 3, out

    for word in ["!no", "!reject", "!deny"]:
        out, err = piped(daemon, f"run echo two\nhello\n{word}\nhello\n")
        assert "Refused" in out and out.count("Hello.") == 2, out
    out, err = piped(daemon, "run echo three\nhello\n!stop\nhello\n")
    assert "Stopped." in out and out.count("Hello.") == 2 and not err, (out, err)
    out, err = piped(daemon, "run echo four\n!approve\n!whoami\n")
    assert "four" in out and "Trust: owner" in out, out

    # What runs is stopped at once, not when it is over.
    daemon_rules, _ = piped(daemon, "!allow sleep\n")
    assert "New rule" in daemon_rules, daemon_rules
    began = time.monotonic()
    out, err = piped(daemon, "run sleep 60\n!stop\nhello\n")
    assert "Stopped." in out and "Hello." in out, out
    assert time.monotonic() - began < 25, "the stop came late"
    assert sum(turn.get("failure") == "stopped by the owner" for turn in daemon.ledger()) == 2, daemon.ledger()

    # A daemon that says nothing any more.
    daemon.process.send_signal(signal.SIGSTOP)
    threading.Timer(6, lambda: daemon.process.send_signal(signal.SIGCONT)).start()
    answer = daemon.run("chat", "--wait", "1", input="hello\n", timeout=40)
    assert answer.returncode in (0, 75), answer


def words(daemon):
    """Messages say what is the case, in words."""
    out, _ = piped(daemon, "!allow bash\n!allow tool:write_file x\n!allow tool:write_file\n!deny rm\n!policies\nwrite a.txt with hello\n!history_clean elsewhere\n!history_clean\n")
    assert "No rule was added. “bash” can run or change anything it is told to" in out, out
    assert "No rule was added. After “tool:” comes the name of one tool" in out, out
    assert "allow: tool:write_file" in out and "Created a.txt" in out, out
    assert "⚙ create a.txt, 5 bytes (and 2 more lines)\n" in out, out
    assert "There is no history of the chat “elsewhere”." in out, out
    assert re.search(r"Deleted the history of this chat, \d+ lines\.", out), out
    out, _ = piped(daemon, "!mode plan\n!mode build\nrun echo x\n!policies\n!deny\n")
    assert "Open requests" in out, out
    for raw in ["writesFiles", "executes", "(it "]:
        assert raw not in out, out


CASES = {"question": question, "shown_once": shown_once, "pipe": pipe, "words": words}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--case", choices=sorted(CASES), required=True)
    options = parser.parse_args()
    daemon = Daemon(options.binary, Path(options.folder) / options.case)
    daemon.start()
    try:
        asyncio.run(daemon.ready())
        CASES[options.case](daemon)
    except subprocess.TimeoutExpired as error:
        raise AssertionError(f"it hangs: {error.cmd} {error.stdout}") from error
    finally:
        daemon.kill()


if __name__ == "__main__":
    sys.exit(main())
