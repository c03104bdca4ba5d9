# SPDX-License-Identifier: Apache-2.0
# Copyright (c) 2026 the MegaBot for Swift authors
"""Chats with the real daemon: approvals, memory over kill -9, commands, bad frames, and what is found on the disk afterwards."""

import argparse
import asyncio
import base64
import hashlib
import json
import sys
import uuid

import fake_model
from daemon import Daemon
from megabot_client import Client, Refused

CHAT = "terminal"


class Chat:
    """A person at the client."""

    def __init__(self, client, model=None):
        self.client = client
        self.model = model
        self.frames = []

    async def say(self, text):
        id = str(uuid.uuid4())
        await self.client.say(CHAT, text, id)
        return id

    async def answer(self, id):
        frame = await self.client.until(lambda f: f["type"] == "message" and f["reply_to"] == id, seen=self.frames)
        return frame["content"]

    async def ask(self, text):
        return await self.answer(await self.say(text))

    async def question(self, id):
        return await self.client.until(lambda f: f["type"] == "approval_request" and f["reply_to"] == id, seen=self.frames)


async def approve(daemon, chat):
    (daemon.folder / "workspace" / "hello.txt").write_text("content")
    id = await chat.say("list files")
    question = await chat.question(id)
    assert "ls -l" in question["content"], question
    assert question["approval_id"] and "!approve" in question["content"], question
    assert not any(f["type"] == "stream" and f["event"] == "tool_output" for f in chat.frames), "it ran before it was approved"
    said = await chat.say("!approve")
    answer = await chat.answer(id)
    assert "hello.txt" in answer, answer
    streamed = "".join(f["text"] for f in chat.frames if f["type"] == "stream" and f["event"] == "tool_output")
    assert "hello.txt" in streamed, "the output was not streamed"
    events = [f["event"] for f in chat.frames if f["type"] == "stream" and f["event"].startswith("tool_")]
    assert events[0] == "tool_started" and events[-1] == "tool_finished", events
    confirmations = [f for f in chat.frames if f["type"] == "message" and f["reply_to"] == said]
    assert confirmations and confirmations[0]["kind"] == "commandResult" and "ls -l" in confirmations[0]["content"], confirmations


async def deny(daemon, chat):
    id = await chat.say("run touch made.txt")
    question = await chat.question(id)
    assert "touch made.txt" in question["content"], question
    await chat.client.send({"type": "command", "command": "deny"})
    answer = await chat.answer(id)
    assert "refused" in answer.lower() or "said no" in answer.lower(), answer
    assert not (daemon.folder / "workspace" / "made.txt").exists()
    assert "nothing to approve" in (await chat.ask("!approve")).lower()


async def memory(daemon, chat):
    answer = await chat.ask("remember that my bicycle is turquoise")
    assert "turquoise" in answer, answer
    # An open question survives as well.
    asked = await chat.say("run echo survived")
    question = await chat.question(asked)
    daemon.kill()
    daemon.start()
    await daemon.ready()
    chat.client = await Client.connect(daemon.port, daemon.password, [CHAT])
    code = question["content"].rsplit("!approve ", 1)[1].split()[0]
    await chat.say(f"!approve {code}")
    answer = await chat.answer(asked)
    assert "survived" in answer, answer
    answer = await chat.ask("what do you remember about my bicycle")
    assert "turquoise" in answer, answer


async def commands(daemon, chat):
    assert "build" in await chat.ask("!mode")
    assert "ask" in await chat.ask("!mode ask")
    answer = await chat.ask("run echo no")
    assert "not available in this mode" in answer, answer
    assert "no mode" in await chat.ask("!mode nonsense")
    assert "build" in await chat.ask("!mode build")
    assert "owner" in await chat.ask("!whoami")
    health = await chat.ask("!health")
    for part in ["store", "outbox", "channel websocket"]:
        assert part in health, health
    assert "pwd" in await chat.ask("!allow pwd")
    assert "pwd" in await chat.ask("!policies")
    answer = await chat.ask("run pwd")
    assert "printed" in answer, answer  # allowed now, so nobody was asked
    answer = await chat.ask("!history_clean")
    assert any(c.isdigit() for c in answer), answer
    assert "!approve" in await chat.ask("!help")
    # The mode survives a restart.
    await chat.ask("!mode plan")
    await chat.client.close()
    assert (code := daemon.stop()) == 0, f"the stop ended with {code}"
    daemon.start()
    await daemon.ready()
    chat.client = await Client.connect(daemon.port, daemon.password, [CHAT])
    assert "plan" in await chat.ask("!mode")


async def frames(daemon, chat):
    async def error(frame, code):
        await chat.client.send(frame)
        answer = await chat.client.until(lambda f: f["type"] == "error")
        assert answer["code"] == code and answer["message"], answer

    await error({"type": "dance"}, "unknown_type")
    await error({"hello": 1}, "bad_frame")
    await error(["a", "list"], "bad_frame")
    await error({"type": "message", "content": "nobody says this"}, "bad_frame")
    await error({"type": "platform_connect", "platform": "telegram", "credentials": {"token": "x"}}, "not_supported")
    await chat.client.socket.send(chat.client.fernet.encrypt(b"{not json").decode())
    assert (await chat.client.until(lambda f: f["type"] == "error"))["code"] == "bad_json"
    assert "offline model" in await chat.ask("hello")
    stranger = str(uuid.uuid4())
    await chat.client.say("elsewhere", "hello", stranger, sender="mallory")
    await chat.client.until(lambda f: f["type"] == "ack" and f["id"] == stranger)

    for text in [json.dumps({"type": "message", "sender_id": "owner", "chat_id": CHAT, "content": "hi"}), "garbage"]:
        other = await Client.connect(daemon.port, daemon.password)
        await other.socket.send(text)
        try:
            await other.receive()
            raise AssertionError("plaintext was answered")
        except Refused as refusal:
            assert "decryption_failed" in str(refusal), refusal
        try:
            await other.socket.recv()
        except Exception:
            assert other.socket.close_code == 4401, other.socket.close_code
    try:
        await Client.connect(daemon.port, "a wrong password entirely")
        raise AssertionError("a wrong password was accepted")
    except Refused as refusal:
        assert "decryption_failed" in str(refusal), refusal
    assert "offline model" in await chat.ask("hello")


async def sealed(daemon, chat):
    canary = "zYxCanary" + uuid.uuid4().hex
    await chat.ask(f"remember that the word is {canary}")
    await chat.ask(f"what do you remember about {canary}")
    await chat.ask(canary)
    id = await chat.say(f"run echo {canary}")
    await chat.question(id)
    await chat.say("!approve")
    assert canary in await chat.answer(id)
    assert canary in await chat.ask(f"!deny {canary}")
    assert canary in await chat.ask(f"!allow ls {canary}")
    assert canary in await chat.ask("!policies")
    needles = []
    for word in [canary, canary.lower(), canary.upper()]:
        needles += [word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be"), word.encode().hex().encode()]
        for shift in range(3):  # base64 of the word wherever it stands in a text
            encoded = base64.b64encode(b"x" * shift + word.encode())
            needles += [encoded[4:-4], encoded[4:-4].replace(b"+", b"-").replace(b"/", b"_")]

    def search(when):
        places = [p for p in daemon.data.rglob("*") if p.is_file()] + [daemon.log]
        assert len(places) > 3
        for place in places:
            content = place.read_bytes()
            for needle in needles:
                assert needle not in content, f"{when}: found as {needle[:20]} in {place.name}"

    search("while it runs")
    await chat.client.close()
    assert (code := daemon.stop()) == 0, f"the stop ended with {code}"
    search("after it stopped")
    for place in daemon.data.rglob("*"):
        assert place.stat().st_mode & 0o077 == 0, f"{place} is open to others"


async def attachments(daemon, chat):
    model = chat.model
    canary = b"zYxCanary" + uuid.uuid4().hex.encode()
    content = canary + bytes(range(256)) * 400 + canary
    digest = hashlib.sha256(content).hexdigest()
    attachment = {
        "type": "document", "filename": "notes.txt", "mime_type": "text/plain", "size": len(content),
        "data": base64.b64encode(content).decode()}

    async def acknowledged(frame):
        await chat.client.send(frame)
        return (await chat.client.until(lambda f: f["type"] == "ack" and f["id"] == frame["id"], seen=chat.frames))["status"]

    def blobs():
        return sorted(p for p in (daemon.data / "blobs").iterdir() if p.name not in ("key.check", "resealing"))

    def search(when):
        needles = [canary, canary.hex().encode(), digest.encode(), bytes.fromhex(digest)]
        for shift in range(3):
            needles.append(base64.b64encode(b"x" * shift + canary)[4:-4])
        for place in [p for p in daemon.data.rglob("*") if p.is_file()] + [daemon.log]:
            assert digest[:16] not in place.name, f"{when}: the hash shows in {place.name}"
            data = place.read_bytes()
            for needle in needles:
                assert needle not in data, f"{when}: found as {needle[:20]} in {place.name}"
        for place in daemon.data.rglob("*"):
            assert place.stat().st_mode & 0o077 == 0, f"{place} is open to others"

    upload = {"type": "media_upload", "id": "up-1", "sender_id": "owner", "chat_id": CHAT, "attachment": attachment}
    assert await acknowledged(upload) == "accepted"
    assert await chat.answer("up-1") == "slow but whole"
    described = f"[document: notes.txt, {len(content)} bytes]"
    assert described in model.bodies[-1], model.bodies[-1]
    (first,) = blobs()
    assert len(content) <= first.stat().st_size <= len(content) + 100
    search("while it runs")

    # The same bytes with another message are kept once.
    message = {"type": "message", "id": "up-2", "sender_id": "owner", "chat_id": CHAT, "content": "again", "attachments": [attachment]}
    assert await acknowledged(message) == "accepted"
    assert await chat.answer("up-2") == "slow but whole"
    assert "again\\n" + described in model.bodies[-1], model.bodies[-1]
    assert blobs() == [first]

    # Acknowledged means kept, whatever happens next.
    other = dict(attachment, data=base64.b64encode(b"other" + content).decode(), size=len(content) + 5)
    model.manner = "slow"
    assert await acknowledged({"type": "media_upload", "id": "up-3", "attachment": other}) == "accepted"
    daemon.kill()
    assert len(blobs()) == 2
    search("after kill -9")
    daemon.start()
    await daemon.ready()
    chat.client = await Client.connect(daemon.port, daemon.password, [CHAT])
    assert await chat.answer("up-3") == "slow but whole"
    assert f"[document: notes.txt, {len(content) + 5} bytes]" in model.bodies[-1], model.bodies[-1]
    assert await acknowledged(upload) == "duplicate"
    assert len(blobs()) == 2

    await chat.client.send({"type": "media_upload", "sender_id": "owner", "chat_id": CHAT, "attachment": dict(attachment, data="?")})
    assert (await chat.client.until(lambda f: f["type"] == "error"))["code"] == "bad_frame"
    await chat.client.close()
    assert daemon.stop() == 0
    search("after it stopped")


async def kept_key(daemon, chat):
    """The key of the password made by `init` is kept beside it, and never outlives it."""
    await chat.client.close()
    assert daemon.stop() == 0
    configured = daemon.config.read_text()
    made, key = daemon.data / "websocket.password", daemon.data / "websocket.key"
    assert not key.exists(), "a key of a configured password was kept"
    daemon.config.write_text(configured.replace(f"    password: {daemon.password}\n", ""))

    async def refuses(password):
        try:
            await Client.connect(daemon.port, password)
            raise AssertionError("another password was accepted")
        except Refused as refusal:
            assert "decryption_failed" in str(refusal), refusal

    async def serves(password, *others):
        daemon.start()
        await daemon.ready()
        client = await Client.connect(daemon.port, password, [CHAT])
        chat = Chat(client)
        assert "offline model" in await chat.ask("hello")
        # The password appears in no output, whether it was configured or made.
        id = await chat.say(f"run echo {password} shown")
        await chat.question(id)
        await chat.say("!approve")
        answer = await chat.answer(id)
        assert "shown" in answer and password not in answer, answer
        for other in others:
            await refuses(other)
        await client.close()
        assert daemon.stop() == 0

    assert daemon.run("init").returncode == 0
    assert key.stat().st_mode & 0o777 == 0o600
    first, kept = made.read_text().strip(), key.read_text()
    assert first not in kept and len(first) >= 32
    await serves(first, daemon.password)
    assert key.read_text() == kept, "the key was made again"
    # Another password, another salt, a damaged file: the key is made anew.
    made.write_text("another-password-of-mine-77\n")
    await serves("another-password-of-mine-77", first)
    assert key.read_text() != kept
    (daemon.data / "websocket.salt").write_text("000102030405060708090a0b0c0d0e0f\n")
    await serves("another-password-of-mine-77", first)
    key.write_text(kept)
    await serves("another-password-of-mine-77", first)
    key.write_text("no key\n")
    await serves("another-password-of-mine-77", first)
    # A configured password counts, whatever is kept.
    daemon.config.write_text(configured)
    await serves(daemon.password, "another-password-of-mine-77")


async def kill(daemon, chat):
    async def refused(chat):
        answer = await chat.ask("list files")
        assert "kill switch" in answer, answer

    async def reconnect():
        daemon.start()
        await daemon.ready()
        return Chat(await Client.connect(daemon.port, daemon.password, [CHAT]))

    id = await chat.say("run sleep 50")
    await chat.question(id)
    await chat.say("!approve")
    await chat.client.until(lambda f: f["type"] == "stream" and f["event"] == "tool_started", seen=chat.frames)
    result = daemon.run("kill", "--reason", "a drill")
    assert result.returncode == 0 and "1 running call stopped" in result.stdout, result
    print(result.stdout.strip())
    assert "stopped by the kill switch" in await chat.answer(id)
    assert "kill switch: on for everything" in await chat.ask("!health")
    await refused(chat)
    assert daemon.stop() == 0
    chat = await reconnect()
    await refused(chat)
    result = daemon.run("kill", "--off")
    assert result.returncode == 0 and "Released: everything" in result.stdout, result
    id = await chat.say("list files")
    await chat.question(id)
    await chat.say("!deny")
    await chat.answer(id)
    assert daemon.stop() == 0
    result = daemon.run("kill", "--tool", "run_command")
    assert result.returncode == 0 and "next start" in result.stdout, result
    chat = await reconnect()
    await refused(chat)
    assert "Released" in await chat.ask("!unkill tool run_command")
    # What nobody can read stops everything.
    order = daemon.data / "kill" / "0000000000000001-x.order"
    order.write_text("{")
    order.chmod(0o600)
    assert daemon.run("kill", "--off", "--channel", "none").returncode == 0
    await refused(chat)


CASES = {f.__name__: f for f in [approve, deny, memory, commands, frames, sealed, attachments, kept_key, kill]}


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--case", required=True, choices=CASES)
    options = parser.parse_args()
    model = fake_model.serve("whole") if options.case == "attachments" else None
    place = model and (
        f"  provider: openai\n  base_url: http://127.0.0.1:{model.server_port}/v1\n  name: fake\n  api_key: sk-not-a-real-key")
    daemon = Daemon(options.binary, options.folder, **({"model": place} if place else {}))
    try:
        daemon.start()
        await daemon.ready()
        client = await Client.connect(daemon.port, daemon.password, [CHAT])
        await CASES[options.case](daemon, Chat(client, model))
    except BaseException:
        sys.stderr.write(daemon.log_text()[-4000:])
        raise
    finally:
        daemon.kill()


asyncio.run(main())
