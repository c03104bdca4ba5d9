"""The Python side of the encrypted WebSocket figures: `websockets` and `cryptography.fernet`, as the original used them.

    echo_server.py PORT KEY             decrypts every frame and encrypts it back
    echo_server.py PORT KEY DATABASE    also stores message and reply, one commit each with synchronous=FULL
"""

import asyncio
import json
import logging
import sys

import websockets
from cryptography.fernet import Fernet

from store import Store

ANSWER = "The pump is in the shed behind the second door. " * 21


async def main(port: int, key: str, database: str | None) -> None:
    fernet = Fernet(key)
    store = Store(database, "FULL") if database else None

    async def echo(connection) -> None:
        async for frame in connection:
            await connection.send(fernet.encrypt(fernet.decrypt(frame.encode())).decode())

    async def answer(connection) -> None:
        async for frame in connection:
            message = json.loads(fernet.decrypt(frame.encode()))
            store.add(message["chat_id"], "user", fernet.encrypt(message["content"].encode()).decode())
            history = [fernet.decrypt(line.encode()) for line in store.recent(message["chat_id"])]
            assert history
            store.add(message["chat_id"], "assistant", fernet.encrypt(ANSWER.encode()).decode())
            reply = {"type": "message", "chat_id": message["chat_id"], "content": ANSWER}
            await connection.send(fernet.encrypt(json.dumps(reply).encode()).decode())

    # The load generator ends without closing handshakes; that is no news.
    logging.getLogger("websockets").setLevel(logging.CRITICAL)
    async with websockets.serve(answer if store else echo, "127.0.0.1", port, compression=None):
        print("ready", flush=True)
        await asyncio.Future()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None))
