# SPDX-License-Identifier: Apache-2.0
# Copyright (c) 2026 the MegaBot for Swift authors
"""Starts, kills and watches the real daemon."""

import asyncio
import ctypes
import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1


def die_with_parent():
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Daemon:
    """One installation and, at times, the daemon that runs on it."""

    password = "correct-horse-battery-staple-9"

    def __init__(self, binary, folder, port=None, extra="", data=None, model="  provider: offline"):
        self.binary = str(binary)
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = port or free_port()
        self.data = Path(data) if data else self.folder / "data"
        self.config = self.folder / "megabot.yaml"
        self.log = self.folder / "daemon.log"
        self.process = None
        self.config.write_text(
            f"system:\n  data_directory: {self.data}\n"
            f"model:\n{model}\n"
            f"adapters:\n  websocket:\n    port: {self.port}\n    password: {self.password}\n"
            "    rate_limit: {messages: 1000000, per_seconds: 1}\n"
            f"workspace:\n  path: {self.folder / 'workspace'}\n{extra}")

    def environment(self):
        """Nothing of the surroundings may change what is tested."""
        return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": str(self.folder), "LANG": "C.UTF-8"}

    def run(self, *arguments, timeout=60, **options):
        """A command to its end."""
        return subprocess.run(
            [self.binary, *arguments, "--config", str(self.config)], env=self.environment(), cwd=self.folder,
            capture_output=True, text=True, timeout=timeout, preexec_fn=die_with_parent, **options)

    def start(self, **options):
        log = open(self.log, "ab")
        self.process = subprocess.Popen(
            [self.binary, "serve", "--config", str(self.config)], env=self.environment(), cwd=self.folder, stdin=subprocess.DEVNULL,
            stdout=log, stderr=log, preexec_fn=die_with_parent, **options)
        log.close()

    async def ready(self, timeout=60):
        """Waits until it listens."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"the daemon ended with {self.process.returncode}:\n{self.log_text()[-3000:]}")
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return
            except OSError:
                await asyncio.sleep(0.02)
        raise RuntimeError(f"the daemon did not listen in {timeout} s:\n{self.log_text()[-3000:]}")

    def kill(self):
        """As a power cut would, as far as the process is concerned."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)

    def stop(self, timeout=30):
        """Gracefully. Returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout)

    def log_text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def ledger(self, limit=100_000):
        """Every turn the ledger knows."""
        answer = self.run("ledger", "list", "--json", "--limit", str(limit), timeout=120)
        assert answer.returncode == 0, answer.stderr
        return [json.loads(line) for line in answer.stdout.splitlines() if line.strip()]
