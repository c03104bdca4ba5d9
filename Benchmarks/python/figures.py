"""Turns and codecs on the Python original's stack, as JSON lines like those of `bench`.

    figures.py turns DIRECTORY TURNS RATE FULL|NORMAL
    figures.py codecs
"""

import asyncio
import json
import os
import resource
import sys
import tempfile
import time

from cryptography.fernet import Fernet

from store import Store

QUESTION = "What did we agree on yesterday about the water tank in the garden, and who buys the pump?"
ANSWER = "You agreed to set it up on Saturday. Ana buys the pump, you bring the hose and the two long screws."
CONVERSATIONS = 64


def figure(name: str, value: float, unit: str) -> None:
    print(json.dumps({"figure": name, "side": "peer", "value": value, "unit": unit}), flush=True)


def cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def turns(directory: str, count: int, rate: int, synchronous: str) -> None:
    with tempfile.TemporaryDirectory(dir=directory) as folder:
        store = Store(os.path.join(folder, "megabot_memory.db"), synchronous)
        fernet = Fernet(Fernet.generate_key())

        async def turn(chat: str) -> None:
            # As the original does it: sqlite3 calls straight from the handler.
            store.identity("websocket", "ana")
            store.add(chat, "user", fernet.encrypt(QUESTION.encode()).decode())
            for line in store.recent(chat):
                fernet.decrypt(line.encode())
            await asyncio.sleep(0)  # the model answers
            store.add(chat, "assistant", fernet.encrypt(ANSWER.encode()).decode())

        times: list[float] = []

        async def saturate(number: int) -> None:
            for _ in range(count // CONVERSATIONS):
                begun = time.perf_counter()
                await turn(f"chat-{number}")
                times.append(time.perf_counter() - begun)

        async def paced(number: int, due: float) -> None:
            await turn(f"chat-{number % CONVERSATIONS}")
            times.append(time.perf_counter() - due)

        used, begun = cpu(), time.perf_counter()
        if rate == 0:
            await asyncio.gather(*(saturate(number) for number in range(CONVERSATIONS)))
        else:
            async with asyncio.TaskGroup() as group:
                for number in range(count):
                    due = begun + number / rate
                    if (wait := due - time.perf_counter()) > 0:
                        await asyncio.sleep(wait)
                    group.create_task(paced(number, due))
        elapsed = time.perf_counter() - begun
        times.sort()
        suffix = "" if synchronous == "FULL" else f" (peer: synchronous={synchronous})"
        load = f" at {rate}/s" if rate else ""
        if rate == 0:
            figure(f"durable turns{suffix}", len(times) / elapsed, "1/s")
        figure(f"turn p50{load}{suffix}", times[len(times) // 2] * 1000, "ms")
        figure(f"turn p99{load}{suffix}", times[int(len(times) * 0.99)] * 1000, "ms")
        figure(f"CPU per turn{load}{suffix}", (cpu() - used) * 1000 / len(times), "ms")


def codecs() -> None:
    fernet = Fernet(b"cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=")
    payload = b"x" * 1024
    count, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < 2:
        for _ in range(100):
            fernet.decrypt(fernet.encrypt(payload))
        count += 100
    figure("Fernet 1 KB encrypt + decrypt", count / (time.perf_counter() - begun), "1/s")


if __name__ == "__main__":
    if sys.argv[1] == "turns":
        asyncio.run(turns(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]))
    else:
        codecs()
