# SPDX-License-Identifier: Apache-2.0
# Copyright (c) 2026 the MegaBot for Swift authors
"""A client of MegaBot's native WebSocket, written from Documentation/NativeWebSocket.md only."""

import asyncio
import base64
import hashlib
import json
import time

import websockets
from cryptography.fernet import Fernet

_keys = {}


def derive(password, salt, iterations):
    """The Fernet key; deriving takes tenths of a second, so each is kept."""
    name = (password, salt, iterations)
    if name not in _keys:
        raw = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, iterations, 32)
        _keys[name] = Fernet(base64.urlsafe_b64encode(raw))
    return _keys[name]


class Refused(Exception):
    """The server sent a plaintext error instead of letting us in."""


class Client:
    """One authenticated connection."""

    def __init__(self, socket, fernet):
        self.socket = socket
        self.fernet = fernet

    @classmethod
    async def connect(cls, port, password, chats=(), timeout=20):
        """Connects; a server that is just starting says "try again later" (1013), and is asked again."""
        end = time.monotonic() + timeout
        while True:
            try:
                return await cls.connect_once(port, password, chats, timeout)
            except (OSError, websockets.ConnectionClosed) as error:
                code = error.rcvd.code if isinstance(error, websockets.ConnectionClosed) and error.rcvd else None
                if code not in (None, 1013) or time.monotonic() > end:
                    raise
                await asyncio.sleep(0.02)

    @classmethod
    async def connect_once(cls, port, password, chats=(), timeout=20):
        socket = await websockets.connect(
            f"ws://127.0.0.1:{port}/", max_size=None, open_timeout=timeout, ping_interval=None, proxy=None)
        try:
            hello = json.loads(await asyncio.wait_for(socket.recv(), timeout))
            if hello["type"] != "hello":
                raise Refused(hello)
            fernet = derive(password, base64.b64decode(hello["salt"]), hello["iterations"])
            client = cls(socket, fernet)
            await client.send({"type": "auth", "challenge": hello["challenge"], "client": "tests", "chats": list(chats), "confirms": True})
            answer = await client.receive(timeout)
            if answer["type"] != "auth_ok":
                raise Refused(answer)
            return client
        except BaseException:
            await socket.close()
            raise

    async def send(self, frame):
        await self.socket.send(self.fernet.encrypt(json.dumps(frame).encode()).decode())

    async def say(self, chat, text, id, sender="owner"):
        await self.send({"type": "message", "id": id, "sender_id": sender, "chat_id": chat, "content": text})

    async def receive(self, timeout=20):
        """The next frame. A plaintext one, which only refusals are, raises Refused."""
        text = await asyncio.wait_for(self.socket.recv(), timeout)
        if text.startswith("{"):
            raise Refused(text)
        frame = json.loads(self.fernet.decrypt(text.encode()))
        if frame["type"] in ("message", "approval_request"):
            try:
                await self.send({"type": "received", "id": frame["id"]})
            except websockets.ConnectionClosed:
                pass  # it comes again on the next connection, and is known by its id
        return frame

    async def until(self, fits, timeout=30, seen=None):
        """Reads on to the first frame that fits; the others are added to `seen`."""
        async def read():
            while True:
                frame = await self.receive(timeout)
                if seen is not None:
                    seen.append(frame)
                if fits(frame):
                    return frame
        return await asyncio.wait_for(read(), timeout)

    async def close(self):
        await self.socket.close()
