# SPDX-License-Identifier: Apache-2.0
# Copyright (c) 2026 the MegaBot for Swift authors
"""The data directory is a small tmpfs that is filled while messages arrive, and emptied again. Needs root."""

import argparse
import asyncio
import collections
import json
import subprocess
import sys
from pathlib import Path

from daemon import Daemon
from megabot_client import Client

CHAT = "terminal"


class Person:
    def __init__(self):
        self.sent = {}
        self.acknowledged = set()
        self.refused = collections.Counter()
        self.answers = collections.defaultdict(set)

    def take(self, frame):
        if frame["type"] == "ack":
            self.acknowledged.add(frame["id"])
        elif frame["type"] == "error":
            self.refused[frame["code"]] += 1
        elif frame["type"] == "message":
            self.answers[frame["reply_to"]].add((frame["id"], frame["content"]))

    async def say(self, client, id, text):
        self.sent[id] = text
        await client.say(CHAT, text, id)

    async def listen(self, client, seconds):
        """Takes what comes until nothing has come for a while."""
        while True:
            try:
                self.take(await client.receive(seconds))
            except asyncio.TimeoutError:
                return


def fill(folder):
    with open(folder / "ballast", "ab", buffering=0) as ballast:
        for size in [1 << 16, 1 << 12, 1]:
            try:
                while ballast.write(b"x" * size):
                    pass
            except OSError:
                pass


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--then", choices=["stay", "restart"], required=True)
    options = parser.parse_args()
    data = Path(options.folder) / "small"
    data.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m,mode=0700", "megabot-test", str(data)], check=True)
    daemon = Daemon(options.binary, options.folder, data=data)
    try:
        daemon.start()
        await daemon.ready()
        client = await Client.connect(daemon.port, daemon.password, [CHAT])
        person = Person()
        for number in range(20):
            await person.say(client, f"before-{number}", f"say {number} " + "before " * 100)
        await person.listen(client, 3)
        assert len(person.answers) == 20, f"{len(person.answers)} answers before it was full"

        # In the middle of the traffic, so that turns are under way.
        for number in range(15):
            await person.say(client, f"during-{number}", f"remember that {number} is " + "during " * 300)
        fill(data)
        for number in range(15, 60):
            await person.say(client, f"during-{number}", f"say {number} " + "during " * 300)
        await person.listen(client, 4)
        assert person.refused["not_stored"], f"nothing was refused: {person.refused}"
        assert set(person.refused) == {"not_stored"}, person.refused
        assert daemon.process.poll() is None, "it died of a full disk"
        log = daemon.log_text()
        assert "full" in log.lower(), "the log does not say that the disk is full"
        health = daemon.run("health")
        assert "full" in (health.stdout + health.stderr).lower(), f"health does not say it: {health.stdout}{health.stderr}"
        known = set(person.acknowledged)

        if options.then == "restart":
            daemon.kill()
        (data / "ballast").unlink()
        if options.then == "restart":
            daemon.start()
            await daemon.ready()
            client = await Client.connect(daemon.port, daemon.password, [CHAT])
        for id, text in person.sent.items():
            if id not in person.acknowledged:
                await client.say(CHAT, text, id)
        for _ in range(60):
            await person.listen(client, 1)
            if all(person.answers[id] for id in person.sent):
                break
        missing = [id for id in person.sent if not person.answers[id]]
        assert not missing, f"{len(missing)} without an answer, {len(known & set(missing))} of them acknowledged: {missing[:5]}"
        twice = [id for id in person.sent if len(person.answers[id]) != 1]
        assert not twice, f"answered differently twice: {twice[:5]}"
        await client.say(CHAT, "!health", "health")
        answer = await client.until(lambda f: f["type"] == "message" and f["reply_to"] == "health")
        assert "full" not in answer["content"].lower(), answer["content"]
        await client.close()
        assert daemon.stop() == 0
        turns = daemon.ledger()
        states = collections.Counter(turn["state"] for turn in turns)
        assert states == {"delivered": len(person.sent) + 1}, states
        print(json.dumps({"sent": len(person.sent), "refused": dict(person.refused), "acknowledged_before_room": len(known)}))
    except BaseException:
        sys.stderr.write(daemon.log_text()[-4000:])
        raise
    finally:
        daemon.kill()
        subprocess.run(["umount", "-l", str(data)], check=False)


asyncio.run(main())
