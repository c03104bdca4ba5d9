# SPDX-License-Identifier: Apache-2.0
# Copyright (c) 2026 the MegaBot for Swift authors
"""Sends messages to a daemon that is killed again and again, resending what was not acknowledged, and counts the answers.

Prints one JSON object. Exit code 0 when every message was stored once and answered exactly once.
"""

import argparse
import asyncio
import collections
import json
import random
import sys
import time

from daemon import Daemon
from megabot_client import Client

CHATS = [f"chat-{number}" for number in range(8)]
WINDOW = 6  # messages of one chat in flight


def text_of(number):
    kind = number % 10
    if kind == 3:
        return f"remember that item {number} is stored"
    if kind == 7:
        return f"what do you remember about item {number - 4}"
    return ["hello", "help", f"say {number}"][number % 3]


class Sender:
    """What the person knows, whatever happens to the daemon."""

    def __init__(self, count):
        self.messages = {f"m-{number}": (CHATS[number % len(CHATS)], text_of(number)) for number in range(count)}
        self.waiting = {chat: collections.deque(i for i, (c, _) in self.messages.items() if c == chat) for chat in CHATS}
        self.acknowledged = {}
        self.duplicates = 0
        self.answers = collections.defaultdict(dict)  # message -> answer id -> content
        self.repeats = 0
        self.problems = []
        self.progress = asyncio.Event()

    def unanswered(self):
        return [i for i in self.messages if not self.answers[i]]

    def take(self, frame):
        kind = frame["type"]
        if kind == "ack":
            known = self.acknowledged.setdefault(frame["id"], frame["turn"])
            if known != frame["turn"]:
                self.problems.append(f"{frame['id']} is turn {known} and turn {frame['turn']}")
            self.duplicates += frame["status"] == "duplicate"
            if frame["status"] == "refused":
                self.problems.append(f"{frame['id']} refused")
        elif kind == "message" and frame["reply_to"] in self.messages:
            known = self.answers[frame["reply_to"]]
            if frame["id"] in known:
                self.repeats += 1
                if known[frame["id"]] != frame["content"]:
                    self.problems.append(f"answer {frame['id']} changed between deliveries")
            known[frame["id"]] = frame["content"]
            if frame["kind"] != "reply":
                self.problems.append(f"{frame['reply_to']} got a {frame['kind']}: {frame['content'][:200]}")
        elif kind == "error" and frame["code"] != "not_stored":
            self.problems.append(f"error frame {frame}")
        self.progress.set()

    async def converse(self, client):
        """Sends what is not acknowledged and takes answers until everything is answered or the connection is gone."""
        in_flight = collections.defaultdict(set)

        async def write():
            while self.unanswered():
                self.progress.clear()
                for chat in CHATS:
                    in_flight[chat] = {i for i in in_flight[chat] if not self.answers[i]}
                    queue = self.waiting[chat]
                    while queue and len(in_flight[chat]) < WINDOW:
                        message = queue.popleft()
                        if message in self.acknowledged or self.answers[message]:
                            continue
                        in_flight[chat].add(message)
                        await client.say(chat, self.messages[message][1], message)
                await asyncio.wait_for(self.progress.wait(), 60)

        async def read():
            while self.unanswered():
                self.take(await client.receive(60))

        writing, reading = asyncio.create_task(write()), asyncio.create_task(read())
        try:
            # To its end, also when writing failed: what has arrived already must not be thrown away.
            await reading
        finally:
            for task in (writing, reading):
                task.cancel()
            results = await asyncio.gather(writing, reading, return_exceptions=True)
            if any(isinstance(r, asyncio.TimeoutError) for r in results):
                raise asyncio.TimeoutError
            # What was sent and not acknowledged is sent again, in order, under the same id.
            for chat in CHATS:
                again = sorted((i for i in in_flight[chat] if i not in self.acknowledged), key=lambda i: int(i[2:]))
                self.waiting[chat].extendleft(reversed(again))


async def talk(sender, daemon, deadline):
    while sender.unanswered() and time.monotonic() < deadline:
        try:
            client = await Client.connect(daemon.port, daemon.password, CHATS)
        except Exception:
            await asyncio.sleep(0.02)
            continue
        try:
            await sender.converse(client)
        except asyncio.TimeoutError:
            sender.problems.append(f"nothing came for a minute; unanswered: {sender.unanswered()[:5]}")
            return
        except Exception:
            pass  # why: the daemon was killed; connect again
        finally:
            try:
                await asyncio.wait_for(client.close(), 2)
            except Exception:
                pass


async def kill_again_and_again(sender, daemon, kills, generator, log):
    """Kills at random moments: some while it starts, most while it works, and restarts at once."""
    total = len(sender.messages)
    while len(log) < kills and sender.unanswered():
        if generator.random() < 0.25:
            delay = generator.uniform(0.003, 0.3)  # in the middle of the start
        else:
            await daemon.ready()
            # Spread over the whole run: not before this many answers.
            due = total * len(log) // (kills + 1)
            while sender.unanswered() and total - len(sender.unanswered()) < due:
                await asyncio.sleep(0.01)
            delay = generator.choice([generator.uniform(0.002, 0.05), generator.uniform(0.05, 1.0)])
        await asyncio.sleep(delay)
        daemon.kill()
        log.append(round(delay, 4))
        daemon.start()


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--deadline", type=float, default=300)
    options = parser.parse_args()

    deadline = time.monotonic() + options.deadline
    daemon = Daemon(options.binary, options.folder)
    sender = Sender(options.messages)
    log = []
    began = time.monotonic()
    try:
        daemon.start()
        await daemon.ready()
        killer = asyncio.create_task(kill_again_and_again(sender, daemon, options.kills, random.Random(options.seed), log))
        await asyncio.wait_for(talk(sender, daemon, deadline), options.deadline + 60)
        await asyncio.wait_for(killer, 90)
        # One more life, and a look whether anything is said again.
        daemon.kill()
        daemon.start()
        await daemon.ready()
        client = await Client.connect(daemon.port, daemon.password, CHATS)
        await client.say(CHATS[0], "hello", "last")
        frames = []
        await client.until(lambda f: f["type"] == "message" and f["reply_to"] == "last", seen=frames)
        for frame in frames:
            if frame.get("reply_to") != "last":
                sender.take(frame)
        await client.close()
        exit_code = daemon.stop()
        turns = daemon.ledger()
    finally:
        daemon.kill()

    problems = sender.problems
    states = collections.Counter(turn["state"] for turn in turns)
    if exit_code != 0:
        problems.append(f"the graceful stop ended with {exit_code}")
    if len(turns) != options.messages + 1:
        problems.append(f"{len(turns)} turns for {options.messages + 1} messages")
    if set(states) != {"delivered"}:
        problems.append(f"states {dict(states)}")
    if sender.unanswered():
        problems.append(f"{len(sender.unanswered())} messages without an answer, such as {sender.unanswered()[:5]}")
    if lost := [i for i in sender.messages if i not in sender.acknowledged and not sender.answers[i]]:
        problems.append(f"{len(lost)} never acknowledged")
    if twice := [i for i, answers in sender.answers.items() if len(answers) > 1]:
        problems.append(f"{len(twice)} answered more than once, such as {twice[:5]}")
    if len(set(t["id"] for t in turns)) != len(turns):
        problems.append("the ledger lists a turn twice")
    if len(log) < options.kills:
        problems.append(f"only {len(log)} kills")
    print(json.dumps({
        "messages": len(sender.messages), "kills": len(log), "delays": log, "seed": options.seed,
        "seconds": round(time.monotonic() - began, 1), "duplicates": sender.duplicates, "repeated_deliveries": sender.repeats,
        "states": dict(states), "restarted_turns": sum(t["attempts"] > 1 for t in turns), "problems": problems[:20]}))
    if problems:
        sys.stderr.write(daemon.log_text()[-6000:])
    return 1 if problems else 0


sys.exit(asyncio.run(main()))
