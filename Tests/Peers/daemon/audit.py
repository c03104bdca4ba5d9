# SPDX-License-Identifier: Apache-2.0
# Copyright (c) 2026 the MegaBot for Swift authors
"""The audit and the keys of a real daemon, looked at and changed while it runs and after it."""

import argparse
import asyncio
import json
import shutil
import subprocess
import time
from pathlib import Path

from daemon import Daemon
from megabot_client import Client

options = None


def installation(name="one"):
    return Daemon(options.binary, Path(options.folder) / name)


async def talk(daemon, *texts):
    """Says things and waits for an answer to each."""
    client = await Client.connect(daemon.port, daemon.password, ["a"])
    for number, text in enumerate(texts):
        await client.say("a", text, f"{time.monotonic_ns()}-{number}")
        await client.until(lambda f: f["type"] == "message", timeout=60)
    await client.close()


async def answer(daemon, text):
    """Says one thing and gives the text of the answer."""
    client = await Client.connect(daemon.port, daemon.password, ["a"])
    await client.say("a", text, f"{time.monotonic_ns()}")
    frame = await client.until(lambda f: f["type"] == "message", timeout=60)
    await client.close()
    return json.dumps(frame)


async def running(daemon, body):
    daemon.start()
    try:
        await daemon.ready()
        await body()
        assert daemon.stop() == 0, daemon.log_text()[-2000:]
    finally:
        daemon.kill()


def good(answer):
    assert answer.returncode == 0, (answer.args, answer.stdout, answer.stderr)
    return answer.stdout


async def until(check, timeout=15):
    end = time.monotonic() + timeout
    while not check():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.1)


async def show():
    daemon = installation()

    async def body():
        await talk(daemon, "hello", "remember that I like plums", "!mode plan")
        await until(lambda: "memory.changed" in good(daemon.run("audit", "show")))
        text = good(daemon.run("audit", "show", "--last", "1000"))
        for event in ["system.started", "message.received", "model.answered", "tool.decided", "tool.finished", "memory.changed", "mode.changed"]:
            assert event in text, f"{event} is missing in:\n{text}"
        assert "plums" not in "".join(l for l in text.splitlines() if "message.received" in l or "memory.changed" in l)
        assert "sound" in good(daemon.run("audit", "verify"))
        lines = [json.loads(l) for l in good(daemon.run("audit", "export", "--json", "--event", "tool")).splitlines()]
        assert lines and all(l["event"].startswith("tool.") for l in lines)
        turn = str(lines[0]["turn"])
        one = good(daemon.run("audit", "show", "--turn", turn))
        assert one.count(f"turn {turn} ") == len(one.splitlines()) - 1, one
        assert one.index("message.received") < one.index("tool.decided") < one.index("tool.finished")
        assert good(daemon.run("audit", "show", "--since", "1h", "--person", "websocket:nobody")) == ""
        # The decisions are replayed beside the running daemon.
        replayed = good(daemon.run("policy", "simulate", "--since", "7d", "--add", "deny remember"))
        assert "allow -> deny  remember" in replayed and "1 would change" in replayed, replayed
        # Follows what comes.
        follower = subprocess.Popen(
            [daemon.binary, "audit", "show", "--last", "1", "--follow", "--config", str(daemon.config)], env=daemon.environment(),
            stdout=subprocess.PIPE, text=True)
        try:
            await talk(daemon, "hello again")
            await until(lambda: "message.sent" in good(daemon.run("audit", "show", "--last", "3")))
            await asyncio.sleep(1)
        finally:
            follower.terminate()
        assert "message.received" in follower.communicate(timeout=10)[0]

    await running(daemon, body)
    text = good(daemon.run("audit", "show"))
    assert "system.stopped" in text.splitlines()[-1], text
    assert "sound" in good(daemon.run("audit", "verify"))


async def tamper():
    daemon = installation()
    await running(daemon, lambda: talk(daemon, *[f"hello {n}" for n in range(6)]))
    log = daemon.data / "audit" / "audit-000001.log"
    whole = log.read_bytes()
    public = daemon.folder / "audit.pub"
    public.write_text(good(daemon.run("audit", "key")))
    copy = daemon.folder / "copy"
    places, offset = [], 0
    while offset < len(whole):
        size = int.from_bytes(whole[offset:offset + 4], "big") + 76
        places.append((offset, size))
        offset += size

    def check(expected, word):
        answer = daemon.run("audit", "verify")
        assert answer.returncode == 1 and f"record {expected} in" in answer.stdout and word in answer.stdout, answer.stdout
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(daemon.data / "audit", copy)
        other = daemon.run("audit", "verify", "--public-key", str(public), "--folder", str(copy))
        assert other.returncode == 1 and "NOT SOUND" in other.stdout, other.stdout

    for number in [1, len(places) // 2, len(places)]:
        start, size = places[number - 1]
        changed = bytearray(whole)
        changed[start + 60] ^= 1
        log.write_bytes(changed)
        check(number, "edited")
        log.write_bytes(whole[:start] + whole[start + size:])
        check(number, "truncated" if number == len(places) else "deleted")
        log.write_bytes(whole[:start])
        check(number, "truncated")
    (first, size), (_, next_size) = places[1], places[2]
    log.write_bytes(whole[:first] + whole[first + size:first + size + next_size] + whole[first:first + size] + whole[first + size + next_size:])
    check(2, "reordered")
    log.write_bytes(whole)
    assert "sound" in good(daemon.run("audit", "verify"))
    assert "sound" in good(daemon.run("audit", "verify", "--public-key", str(public), "--folder", str(daemon.data / "audit")))


async def export():
    daemon = installation()

    async def body():
        await talk(daemon, "hello", "hello again")
        await until(lambda: good(daemon.run("audit", "show")).count("message.sent") == 2)
        out = daemon.folder / "week.jsonl"
        good(daemon.run("audit", "export", "--json", "--since", "7d", "--output", str(out)))
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", f"{out}.pub", "-rawin", "-in", str(out), "-sigfile", f"{out}.sig"]
        assert subprocess.run(command, capture_output=True).returncode == 0
        lines = [json.loads(l) for l in out.read_text().splitlines()]
        assert lines[0]["records"] == len(lines) - 1 > 3
        assert (daemon.data / "audit" / "audit.pub").read_text() == Path(f"{out}.pub").read_text() == good(daemon.run("audit", "key"))
        out.write_text(out.read_text().replace('"system.started"', '"system.stopped"'))
        assert subprocess.run(command, capture_output=True).returncode != 0

    await running(daemon, body)


async def keys():
    daemon = installation()

    async def body():
        await talk(daemon, "remember that I like plums", "what do you remember about plums", "!deny plum-press")
        good(daemon.run("secret", "set", "PLUM", input="stone"))
        assert "common keys: 1" in good(daemon.run("key", "status"))
        good(daemon.run("key", "rotate"))
        assert "common keys: 2" in good(daemon.run("key", "status"))
        await until(lambda: all(f"where={place} " in daemon.log_text() for place in ("database", "attachments", "rules")))
        good(daemon.run("key", "rotate-master"))
        await until(lambda: "master key changed" in good(daemon.run("audit", "show")))
        assert "PLUM" in good(daemon.run("secret", "list")), "the vault was lost with the old master key"
        assert daemon.run("key", "retire", "--yes").returncode == 1, "while the daemon runs"
        await talk(daemon, "hello", "what do you remember about plums")
        await until(lambda: "keys.changed" in good(daemon.run("audit", "show")))
        assert "sound" in good(daemon.run("audit", "verify"))

    await running(daemon, body)
    # And after a restart, with the new master key and without the old keys.
    assert daemon.run("key", "retire").returncode == 1, "without --yes"
    assert "destroyed 2 old keys" in good(daemon.run("key", "retire", "--yes"))
    assert "common keys: 1" in good(daemon.run("key", "status"))

    async def afterwards():
        await talk(daemon, "hello", "what do you remember about plums")
        assert "plum-press" in await answer(daemon, "!policies")
        assert "plums" in await answer(daemon, "what do you remember about plums")

    await running(daemon, afterwards)
    assert "PLUM" in good(daemon.run("secret", "list"))
    assert "sound" in good(daemon.run("audit", "verify"))
    assert len(daemon.ledger()) == 9


async def forget():
    daemon = installation()
    await running(daemon, lambda: talk(daemon, "remember that I like plums", "hello"))
    assert daemon.run("key", "forget", "websocket:owner").returncode == 1, "without --yes"
    backup = daemon.folder / "backup"
    backup.mkdir()
    for file in daemon.data.glob("megabot.db*"):
        if file.suffix != ".lock":
            shutil.copy(file, backup)
    assert len(daemon.ledger()) == 2
    person = json.loads(good(daemon.run("audit", "export", "--json", "--event", "message.received")).splitlines()[0])["person"]
    assert "forgotten" in good(daemon.run("key", "forget", person, "--yes"))
    assert daemon.ledger() == []
    # A backup of the database brings nothing back.
    for file in daemon.data.glob("megabot.db*"):
        file.unlink()
    for file in backup.iterdir():
        shutil.copy(file, daemon.data)
    assert daemon.ledger() == []
    await running(daemon, lambda: talk(daemon, "hello"))
    assert "person.forgotten" in good(daemon.run("audit", "show"))


async def forget_running():
    """While the daemon runs: nothing is readable at once, the rows go, and it goes on."""
    daemon = installation()

    async def body():
        await talk(daemon, "remember that I like plums", "what do you remember about plums")
        assert daemon.run("key", "forget", "websocket:nobody", "--yes").returncode == 1
        await until(lambda: "message.received" in good(daemon.run("audit", "show")))
        person = json.loads(good(daemon.run("audit", "export", "--json", "--event", "message.received")).splitlines()[0])["person"]
        assert "forgotten" in good(daemon.run("key", "forget", person, "--yes"))
        await until(lambda: "deleted what belonged to people who were forgotten" in daemon.log_text())
        assert daemon.ledger() == []
        await until(lambda: "person.forgotten" in good(daemon.run("audit", "show", "--person", person)))
        assert "plums" not in good(daemon.run("audit", "show", "--last", "1000")), "what was shown can still be read"
        assert "plums" not in await answer(daemon, "what do you remember about them")
        assert len(daemon.ledger()) == 1

    await running(daemon, body)
    assert "sound" in good(daemon.run("audit", "verify"))
    assert daemon.run("key", "forget", "websocket:nobody", "--yes").returncode == 1
    await running(daemon, lambda: talk(daemon, "hello"))


async def lost_ring():
    """A ring that is lost while its data is there stops the start, and no new one is made."""
    daemon = installation()
    await running(daemon, lambda: talk(daemon, "hello"))
    ring = daemon.data / "keys.ring"
    kept = ring.read_bytes()
    ring.unlink()
    answer = daemon.run("serve", timeout=30)
    assert answer.returncode == 1 and "key ring" in answer.stderr, answer.stderr
    assert not ring.exists(), "a new ring was made for old data"
    ring.write_bytes(kept)
    ring.chmod(0o600)
    await running(daemon, lambda: talk(daemon, "hello again"))


CASES = {
    "show": show, "tamper": tamper, "export": export, "keys": keys, "forget": forget, "forget-running": forget_running,
    "lost-ring": lost_ring,
}

parser = argparse.ArgumentParser()
parser.add_argument("--binary", required=True)
parser.add_argument("--folder", required=True)
parser.add_argument("--case", required=True, choices=CASES)
options = parser.parse_args()
asyncio.run(CASES[options.case]())
