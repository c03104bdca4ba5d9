# SPDX-License-Identifier: Apache-2.0
# Copyright (c) 2026 the MegaBot for Swift authors
"""Bad surroundings for the daemon: each must end in a clear message and the right exit code."""

import argparse
import asyncio
import shutil
import socket
import sqlite3
import sys
import uuid
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
        await client.say("a", text, str(uuid.uuid4()))
        answer = await client.until(lambda f: f["type"] == "message", timeout=60)
        await client.close()
        assert daemon.stop() == 0
        log = daemon.data / "megabot.db-wal"
        assert not log.exists() or log.stat().st_size == 0, f"{log.stat().st_size} bytes are left in the write-ahead log"
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


def problems(daemon, *words):
    """`config check` and `serve` list all of these, each with its line or variable."""
    check = daemon.run("config", "check")
    assert check.returncode == 1, (check.returncode, check.stdout, check.stderr)
    for word in words:
        assert word in check.stdout, f"{word!r} is missing in: {check.stdout}"
    refused(daemon, "nothing was started", *words)
    return check.stdout


async def wrong_types():
    daemon = installation()
    lines = daemon.config.read_text().replace("    port:", "    enabled: yes\n    port:").replace("system:\n", "system:\n  name: true\n")
    daemon.config.write_text(lines + "limits:\n  queued_turns: 'many'\n")
    number = [i + 1 for i, line in enumerate(daemon.config.read_text().splitlines()) if "enabled: yes" in line][0]
    problems(
        daemon, "megabot.yaml:2: system.name: this must be a text", f"megabot.yaml:{number}: adapters.websocket.enabled: this must be true or false",
        "Did you mean true?", "limits.queued_turns: this must be a whole number")


async def bad_policies():
    daemon = installation(extra=(
        "policies:\n  allow:\n    - ls\n    - sudo\n    - '*'\n  presets: [readonly]\n  rules:\n    - allow: env\n      modes: [biuld]\n"))
    first = daemon.config.read_text().splitlines().index("policies:") + 1
    said = problems(
        daemon, f":{first + 3}: policies.allow: \"sudo\"", f":{first + 4}: policies.allow: \"*\"", f":{first + 5}: policies.presets:",
        "Did you mean read-only?", f":{first + 7}: policies.rules.0.allow: \"env\"", f":{first + 8}: policies.rules.0.modes")
    assert "5 problems" in said, said


async def unknown_variables():
    daemon = installation()
    surroundings = daemon.environment()
    daemon.environment = lambda: dict(surroundings, MEGABOT_SYSTM_NAME="x")
    (daemon.folder / ".env").write_text("# mine\nMEGABOT_ADAPTERS_WEBSOCKT_PORT=1\n")
    answer = daemon.run("config", "check")
    assert answer.returncode == 0, answer
    for word in ["MEGABOT_SYSTM_NAME sets nothing. Did you mean MEGABOT_SYSTEM_NAME?", ".env:2: ", "MEGABOT_ADAPTERS_WEBSOCKET_PORT?"]:
        assert word in answer.stdout, f"{word!r} is missing in: {answer.stdout}"
    assert "MEGABOT_SYSTM_NAME" in daemon.run("doctor").stdout
    await lived(daemon)
    assert "MEGABOT_SYSTM_NAME sets nothing" in daemon.log_text()


async def wrong_passphrase():
    daemon = installation(extra="security:\n  encryption:\n    passphrase: ${PASS}\n")
    surroundings = daemon.environment()

    def give(phrase):
        daemon.environment = lambda: dict(surroundings, **({"PASS": phrase} if phrase else {}))

    def speaks(*words):
        said = refused(daemon, *words)
        doctor = daemon.run("doctor")
        assert doctor.returncode == 1, doctor.stdout
        for word in words:
            assert word in doctor.stdout, f"{word!r} is missing in: {doctor.stdout}"
        for text in [said, doctor.stdout]:
            assert "key file" not in text, text

    give("the first of all passphrases")
    await lived(daemon)
    database = (daemon.data / "megabot.db").read_bytes()
    give("quite another passphrase")
    speaks("passphrase")
    # The file that belongs to the passphrase is of another installation, or lost.
    give("the first of all passphrases")
    mine = (daemon.data / "master.json").read_bytes()
    other = installation("two", extra="security:\n  encryption:\n    passphrase: ${PASS}\n")
    other.environment = daemon.environment
    assert other.run("init").returncode == 0
    (daemon.data / "master.json").write_bytes((other.data / "master.json").read_bytes())
    speaks("passphrase", "master.json")
    (daemon.data / "master.json").unlink()
    speaks("passphrase", "master.json")
    assert not (daemon.data / "master.json").exists(), "a new one was made for old data"
    (daemon.data / "master.json").write_bytes(mine)
    (daemon.data / "master.json").chmod(0o600)
    configured = daemon.config.read_text()
    daemon.config.write_text(configured.split("security:")[0])
    refused(daemon, "passphrase", "security.encryption.passphrase")
    daemon.config.write_text(configured)
    assert (daemon.data / "megabot.db").read_bytes() == database
    await lived(daemon)


async def doctor():
    daemon = installation()
    daemon.config.write_text(daemon.config.read_text().replace(f"    password: {daemon.password}\n", ""))
    assert daemon.run("init").returncode == 0

    def finds(*words):
        answer = daemon.run("doctor", timeout=90)
        assert answer.returncode == 1, answer.stdout
        lines = answer.stdout.splitlines()
        (place,) = [i for i, line in enumerate(lines) if line.startswith("✗")]
        found = lines[place] + "\n" + lines[place + 1]
        assert lines[place + 1].startswith("    "), f"nothing about mending: {answer.stdout}"
        for word in words:
            assert word in found, f"{word!r} is missing in: {found}"

    def fine():
        answer = daemon.run("doctor")
        assert answer.returncode == 0 and "version: megabot " in answer.stdout, answer.stdout

    fine()
    version = daemon.run("--version").stdout.strip()
    assert version.startswith("megabot ") and version in daemon.run("doctor").stdout, version

    def damaged(name, content, *words):
        place = daemon.data / name
        before = place.read_bytes() if place.exists() else None
        place.write_bytes(content)
        place.chmod(0o600)
        finds(name, *words)
        if before is None:
            place.unlink()
        else:
            place.write_bytes(before)

    damaged("websocket.password", b"\n", "empty", "megabot init")
    damaged("websocket.salt", b"not a salt\n", "megabot init")
    damaged("websocket.salt", b"", "megabot init")
    damaged("policies.sealed", b"bm90IHNlYWxlZA==\n", "Line 1", "your copy")
    # Another program at the port: one that says nothing of use, one that closes, and the daemon of another installation.
    server = fake_model.serve("html")
    configured = daemon.config.read_text()

    def at(port):
        daemon.config.write_text(configured.replace(f"port: {daemon.port}", f"port: {port}"))

    at(server.server_port)
    finds("another program answers", "adapters.websocket.port")
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        at(mute.getsockname()[1])
        finds("another program answers", "adapters.websocket.port")
    other = installation("two")
    other.start()
    try:
        await other.ready()
        assert other.run("doctor").returncode == 0
        at(other.port)
        finds("another installation", "adapters.websocket.port")
    finally:
        other.kill()
    daemon.config.write_text(configured)
    daemon.start()
    try:
        await daemon.ready()
        fine()
        assert version in daemon.log_text(), daemon.log_text()
    finally:
        daemon.kill()


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
    "wrong-types": wrong_types, "bad-policies": bad_policies, "unknown-variables": unknown_variables, "wrong-passphrase": wrong_passphrase,
    "doctor": doctor,
    "model-down": lambda: model("down"), "model-slow": lambda: model("slow"), "model-cut": lambda: model("cut"),
    "model-html": lambda: model("html"),
}

parser = argparse.ArgumentParser()
parser.add_argument("--binary", required=True)
parser.add_argument("--folder", required=True)
parser.add_argument("--case", required=True, choices=CASES)
options = parser.parse_args()
asyncio.run(CASES[options.case]())
