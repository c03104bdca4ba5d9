# SPDX-License-Identifier: Apache-2.0
# Copyright (c) 2026 the MegaBot for Swift authors
"""Operates the real daemon: secrets that stay secret, limits on requests, processes and attachments that do not pile up."""

import argparse
import asyncio
import base64
import ctypes
import http.client
import os
import re
import sys
import time
import uuid
from pathlib import Path

from daemon import Daemon
from megabot_client import Client
import websockets

CHAT = "terminal"
options = None


async def connect(daemon):
    return await Client.connect(daemon.port, daemon.password, [CHAT])


class Chat:
    def __init__(self, client):
        self.client = client
        self.seen = []

    async def answer(self, id):
        frame = await self.client.until(lambda f: f["type"] == "message" and f["reply_to"] == id, timeout=60, seen=self.seen)
        self.seen.append(frame)
        return frame["content"]

    async def ask(self, text):
        id = str(uuid.uuid4())
        await self.client.say(CHAT, text, id)
        return await self.answer(id)

    async def approved(self, text):
        """Runs a command that has to be approved."""
        id = str(uuid.uuid4())
        await self.client.say(CHAT, text, id)
        question = await self.client.until(lambda f: f["type"] == "approval_request" and f["reply_to"] == id, seen=self.seen)
        self.seen.append(question)
        await self.client.say(CHAT, "!approve", str(uuid.uuid4()))
        return await self.answer(id)


async def secrets():
    values = {name: f"zYx {name.lower()} canary {uuid.uuid4().hex} end" for name in ["GIVEN", "FILED", "VAULTED"]}
    folder = Path(options.folder)
    files = folder / "credentials"
    files.mkdir(parents=True)
    (files / "FILED").write_text(values["FILED"] + "\n")
    (files / "FILED").chmod(0o600)
    bindings = "".join(f"    - {{name: {name}, programs: [expr, printf]}}\n" for name in values)
    daemon = Daemon(
        options.binary, folder / "one",
        extra=f"secrets:\n  environment: [GIVEN]\n  folders: [{files}]\n  bindings:\n{bindings}    - {{name: ABSENT, programs: [expr]}}\n")
    surroundings = daemon.environment()
    daemon.environment = lambda: dict(surroundings, GIVEN=values["GIVEN"])
    assert daemon.run("init").returncode == 0
    assert daemon.run("secret", "set", "VAULTED", input=values["VAULTED"] + "\n").returncode == 0
    shown = []

    def told(*arguments, code=0):
        answer = daemon.run(*arguments)
        assert answer.returncode == code, answer
        shown.append(answer.stdout + answer.stderr)
        return answer.stdout

    assert "GIVEN for expr, printf" in told("config", "check")
    found = told("doctor", code=1)
    for words in ["secret GIVEN: in the environment", f"secret FILED: in {files}", "secret VAULTED: in the vault", "secret ABSENT: is in none", "megabot secret set ABSENT"]:
        assert words in found, f"{words!r} is missing in: {found}"
    daemon.start()
    try:
        await daemon.ready()
        chat = Chat(await connect(daemon))
        for name, value in values.items():
            # It was there: its length is right. And it comes back as its handle only.
            answer = await chat.approved(f"run expr length {{{{{name}}}}}")
            assert str(len(value)) in answer, answer
            answer = await chat.approved(f"run printf '<%s>' {{{{{name}}}}}")
            assert f"<{{{{{name}}}}}>" in answer, answer
            answer = await chat.approved(f"run echo {{{{{name}}}}}")
            assert "not bound to the program echo" in answer, answer
            for trick in [f"printf {{{{{name}}}}} > x.txt", f"printf {{{{{name}}}}} | rev", f"X={{{{{name}}}}} printf a", f"sh -c 'printf {{{{{name}}}}}'"]:
                answer = await chat.approved(f"run {trick}")
                assert "[exit code 0]" not in answer, answer
        assert "There is no secret ABSENT" in await chat.approved("run expr length {{ABSENT}}")
        answer = await chat.approved("run env")
        assert "PATH" in answer, answer
        answer = await chat.approved(f"run ls {files}; cat {files}/FILED")
        # A file that an earlier program made of a value shows the handle.
        (daemon.folder / "workspace" / "left.txt").write_text(f"token={values['VAULTED']}\n")
        assert "{{VAULTED}}" in await chat.ask("read left.txt")
        (daemon.folder / "workspace" / "left.txt").unlink()
        shown.append(repr([f for f in chat.seen]))
        await chat.client.close()
        for _ in range(2):
            told("audit", "show")
        assert daemon.stop() == 0
    finally:
        daemon.kill()
    needles = []
    for name, value in values.items():
        for word in [value, value.replace(" ", "%20"), value.encode().hex(), base64.b64encode(value.encode()).decode()[:32]]:
            needles.append((name, word.encode()))
    for name, needle in needles:
        for place in [p for p in daemon.folder.rglob("*") if p.is_file()]:
            assert needle not in place.read_bytes(), f"{name} is in {place.name}"
        for text in shown:
            assert needle not in text.encode(), f"{name} was shown: {text[max(0, text.find(needle.decode()) - 300):][:600]}"
    assert "{{GIVEN}}" in "".join(shown)


def children_that_ended(*parents):
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            state, parent = re.sub(r".*\) ", "", (entry / "stat").read_text()).split()[:2]
        except OSError:
            continue
        if state == "Z" and int(parent) in parents:
            found.append(entry.name)
    return found


async def processes():
    # Like a process 1 that waits for nobody: orphans come here and stay.
    assert ctypes.CDLL(None, use_errno=True).prctl(36, 1, 0, 0, 0) == 0
    daemon = Daemon(options.binary, options.folder, extra="policies: {allow: [ls, sleep]}\n")
    daemon.start()
    try:
        await daemon.ready()
        chat = Chat(await connect(daemon))
        for command in ["ls", "ls", "sleep 0"]:
            await chat.ask(f"run {command}")
        # Orphans on the inside, and one that has to be killed with its tree.
        await chat.approved("run (setsid sleep 300 &) ; (setsid sleep 300 &) ; echo left")
        await chat.approved("run true; false")
        id = str(uuid.uuid4())
        await chat.client.say(CHAT, "run sleep 500", id)
        await chat.client.until(lambda f: f["type"] == "stream" and f["event"] == "tool_started", seen=chat.seen)
        assert daemon.run("kill").returncode == 0
        end = time.monotonic() + 10
        while (left := children_that_ended(daemon.process.pid, os.getpid())) and time.monotonic() < end:
            await asyncio.sleep(0.2)
        assert not left, f"{len(left)} ended processes are left"
        await chat.client.close()
        assert daemon.stop() == 0
        assert not [p for p in children_that_ended(os.getpid()) if int(p) != daemon.process.pid]
    finally:
        daemon.kill()


async def orphans():
    daemon = Daemon(options.binary, options.folder)
    blobs = daemon.data / "blobs"

    def stored():
        return {p.name for p in blobs.iterdir() if len(p.name) == 64}

    def age(name, days):
        then = time.time() - days * 86_400
        os.utime(blobs / name, (then, then))

    async def upload(client, content, sender):
        id = str(uuid.uuid4())
        before = stored() if blobs.exists() else set()
        attachment = {
            "type": "document", "filename": "n.txt", "mime_type": "text/plain", "size": len(content), "data": base64.b64encode(content).decode()}
        await client.send({"type": "media_upload", "id": id, "sender_id": sender, "chat_id": CHAT, "attachment": attachment})
        await client.until(lambda f: f["type"] in ("ack", "error") and f.get("id", id) == id)
        (name,) = stored() - before
        return name

    daemon.start()
    try:
        await daemon.ready()
        client = await connect(daemon)
        kept = await upload(client, b"of the owner", "owner")
        # Killed while uploads are stored: some have become messages, some have not.
        for number in range(6):
            before = stored()
            attachment = {
                "type": "document", "filename": "n.txt", "mime_type": "text/plain", "size": 100_001,
                "data": base64.b64encode(bytes([number]) * 100_001).decode()}
            await client.send({"type": "media_upload", "id": f"u{number}", "sender_id": "owner", "chat_id": CHAT, "attachment": attachment})
            while not (new := {n for n in stored() - before if len(n) == 64}):
                await asyncio.sleep(0)
            if number % 2:
                await asyncio.sleep(0.3)
            daemon.kill()
            daemon.start()
            await daemon.ready()
            client = await connect(daemon)
        # And one that surely has none, in the two ages.
        lost, young = "ab" * 32, "cd" * 32
        for name in [lost, young]:
            (blobs / name).write_bytes(b"an upload whose message never came")
            (blobs / name).chmod(0o600)
        await client.close()
        assert daemon.stop() == 0
        for name in stored() - {young}:
            age(name, 400)
        daemon.start()
        await daemon.ready()
        end = time.monotonic() + 20
        while lost in stored() and time.monotonic() < end:
            await asyncio.sleep(0.1)
        await asyncio.sleep(0.5)
        client = await connect(daemon)
        await client.close()
        assert daemon.stop() == 0
        left = stored()
        assert kept in left and young in left and lost not in left, left
        turns = daemon.ledger()
        print(f"{len(turns)} of 7 uploads became messages; {len(left) - 1} attachments are kept for them")
        assert len(left) - 1 == len(turns), (left, turns)
        assert "deleted attachments that nothing referred to" in daemon.log_text()
    finally:
        daemon.kill()


async def requests():
    daemon = Daemon(
        options.binary, options.folder, extra="limits:\n  requests_per_minute: {local: 1000, health: 4, websocket: 100}\n")
    daemon.start()
    try:
        await daemon.ready()

        def status(path="/health", host=None):
            connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=10)
            try:
                connection.request("GET", path, headers={"Host": host or f"127.0.0.1:{daemon.port}"})
                response = connection.getresponse()
                response.read()
                return response.status, response.getheader("Retry-After")
            finally:
                connection.close()

        # The Host has to be this one, its port included.
        assert status(host=f"127.0.0.1:{daemon.port + 1}")[0] == 403
        assert status(host="evil.example")[0] == 403
        assert status()[0] == 200
        assert status()[0] == 200
        code, later = status()
        assert code == 429 and int(later) > 0, (code, later)
        client = await connect(daemon)
        await client.say(CHAT, "hello", "m")
        await client.until(lambda f: f["type"] == "message")
        await client.close()
        # How many were asked for while the daemon was starting is not known.
        codes = []
        while 429 not in codes:
            assert len(codes) < 101, codes
            try:
                await (await websockets.connect(f"ws://127.0.0.1:{daemon.port}/", proxy=None)).close()
                codes.append(101)
            except websockets.exceptions.InvalidStatus as error:
                codes.append(error.response.status_code)
        assert len(codes) > 10 and set(codes[:-1]) == {101}, codes
        assert daemon.stop() == 0
        # A host with a port of its own, as behind a proxy.
        daemon.config.write_text(daemon.config.read_text().replace("    password:", "    allowed_hosts: [localhost, 'bot.example:443']\n    password:"))
        daemon.start()
        await daemon.ready()
        assert [status(host=host)[0] for host in ["bot.example", f"localhost:{daemon.port}", f"127.0.0.1:{daemon.port}"]] == [200, 200, 403]
    finally:
        daemon.kill()


CASES = {f.__name__: f for f in [secrets, processes, orphans, requests]}

parser = argparse.ArgumentParser()
parser.add_argument("--binary", required=True)
parser.add_argument("--folder", required=True)
parser.add_argument("--case", required=True, choices=CASES)
options = parser.parse_args()
asyncio.run(CASES[options.case]())
