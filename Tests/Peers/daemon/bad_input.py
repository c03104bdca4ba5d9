# SPDX-License-Identifier: Apache-2.0
# Copyright (c) 2026 the MegaBot for Swift authors
"""Bad surroundings for the daemon: each must end in a clear message and the right exit code."""

import argparse
import asyncio
import shutil
import socket
import sqlite3
import sys
from pathlib import Path

import fake_model
from daemon import Daemon, free_port
from megabot_client import Client

options = None


def installation(name="one", **settings):
    return Daemon(options.binary, Path(options.folder) / name, **settings)


def refused(daemon, *words):
    """`serve` ends by itself with 1 and says all of these words."""
    answer = daemon.run("serve", timeout=30)
    assert answer.returncode == 1, (answer.returncode, answer.stdout, answer.stderr)
    for word in words:
        assert word in answer.stderr, f"{word!r} is missing in: {answer.stderr}"
    for noise in ["Fatal error", "Swift runtime", "backtrace", "Error Domain"]:
        assert noise not in answer.stderr, answer.stderr
    return answer.stderr


async def lived(daemon, text="hello"):
    """Starts it, has one message answered, and stops it."""
    daemon.start()
    try:
        await daemon.ready()
        client = await Client.connect(daemon.port, daemon.password, ["a"])
        await client.say("a", text, "m")
        answer = await client.until(lambda f: f["type"] == "message", timeout=60)
        await client.close()
        assert daemon.stop() == 0
        return answer
    finally:
        daemon.kill()


async def broken_yaml():
    daemon = installation()
    daemon.config.write_text("system:\n  name: x\nadapters: [unclosed\n")
    refused(daemon, "megabot.yaml", "nothing was started")
    check = daemon.run("config", "check")
    assert check.returncode == 1 and "error" in check.stdout, check


async def unknown_key():
    daemon = installation(extra="polices:\n  default: ask\n")
    said = refused(daemon, "polices", "policies")
    assert any(c.isdigit() for c in said), said  # the line


async def port_in_use():
    port = free_port()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        refused(installation(port=port), str(port), "in use")


async def read_only():
    folder = Path(options.folder) / "places"
    folder.mkdir(parents=True)
    (folder / "file").write_text("not a folder")
    refused(installation("one", data=folder / "file"), "file")
    # Not even root may make folders there.
    refused(installation("two", data="/proc/megabot-data"), "/proc/megabot-data")


async def wrong_key():
    one, two = installation("one"), installation("two")
    await lived(one)
    assert two.run("init").returncode == 0
    shutil.copy(two.data / "master.key", one.data / "master.key")
    before = (one.data / "megabot.db").read_bytes()
    refused(one, "key")
    assert (one.data / "megabot.db").read_bytes() == before, "a refused database was changed"


async def missing_key():
    daemon = installation()
    await lived(daemon)
    (daemon.data / "master.key").unlink()
    refused(daemon, "key", "missing")
    assert not (daemon.data / "master.key").exists(), "a new key was made for old data"


async def newer_database():
    daemon = installation()
    await lived(daemon)
    database = sqlite3.connect(daemon.data / "megabot.db")
    database.execute("INSERT INTO grdb_migrations VALUES ('999 from the future')")
    database.commit()
    database.close()
    refused(daemon, "newer")


async def foreign_database():
    daemon = installation()
    assert daemon.run("init").returncode == 0
    database = sqlite3.connect(daemon.data / "megabot.db")
    database.execute("CREATE TABLE recipes (name TEXT)")
    database.commit()
    database.close()
    (daemon.data / "megabot.db").chmod(0o600)
    refused(daemon, "another program")


async def workspace_over_data():
    for folder in ["", "/data/work"]:
        daemon = installation("over" + folder.replace("/", "-"))
        configured = daemon.config.read_text()
        daemon.config.write_text(configured.replace(f"path: {daemon.folder / 'workspace'}", f"path: {daemon.folder}{folder}"))
        assert "workspace" in refused(daemon, "the workspace" if not folder else "the data directory", "nothing was started")
        assert not daemon.data.exists()


async def damaged_policies():
    daemon = installation()
    daemon.start()
    try:
        await daemon.ready()
        client = await Client.connect(daemon.port, daemon.password, ["a"])
        for rule in ["!deny rm", "!allow ls"]:
            await client.say("a", rule, rule)
            await client.until(lambda f: f["type"] == "message" and f["reply_to"] == rule)
        await client.close()
        assert daemon.stop() == 0
    finally:
        daemon.kill()
    rules = daemon.data / "policies.sealed"
    lines = rules.read_text().splitlines(keepends=True)
    assert len(lines) == 2, lines
    for changed in [lines[1:], lines[:1], lines[::-1], lines + ['{"verdict":"allow","pattern":"rm","origin":"chat"}\n']]:
        rules.write_text("".join(changed))
        refused(daemon, "policies.sealed", "Line 1")
    rules.write_text("".join(lines))
    await lived(daemon)


async def second_daemon():
    one = installation()
    one.start()
    try:
        await one.ready()
        two = installation("two", data=one.data)
        refused(two, "another process")
    finally:
        one.kill()


async def model(manner):
    if manner == "down":
        port = free_port()
    else:
        port = fake_model.serve(manner).server_port
    daemon = installation(model=f"  provider: openai\n  base_url: http://127.0.0.1:{port}/v1\n  name: fake\n  api_key: sk-not-a-real-key")
    answer = await lived(daemon, "tell me something")
    if manner == "slow":
        assert answer["content"] == "slow but whole" and answer["kind"] == "reply", answer
        assert [turn["state"] for turn in daemon.ledger()] == ["delivered"]
        return
    assert answer["kind"] == "error" and "could not answer" in answer["content"], answer
    assert "sk-not-a-real-key" not in answer["content"] + daemon.log_text()
    words = {"down": ["127.0.0.1"], "cut": [], "html": ["HTML"]}[manner]
    for word in words:
        assert word.lower() in answer["content"].lower(), answer["content"]
    print(answer["content"])
    turns = daemon.ledger()
    assert [turn["state"] for turn in turns] == ["failed"] and turns[0]["failure"], turns


CASES = {
    "broken-yaml": broken_yaml, "unknown-key": unknown_key, "port-in-use": port_in_use, "read-only": read_only, "wrong-key": wrong_key,
    "missing-key": missing_key, "newer-database": newer_database, "foreign-database": foreign_database, "second-daemon": second_daemon,
    "workspace-over-data": workspace_over_data, "damaged-policies": damaged_policies,
    "model-down": lambda: model("down"), "model-slow": lambda: model("slow"), "model-cut": lambda: model("cut"),
    "model-html": lambda: model("html"),
}

parser = argparse.ArgumentParser()
parser.add_argument("--binary", required=True)
parser.add_argument("--folder", required=True)
parser.add_argument("--case", required=True, choices=CASES)
options = parser.parse_args()
asyncio.run(CASES[options.case]())
