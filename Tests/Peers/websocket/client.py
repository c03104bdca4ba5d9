# SPDX-License-Identifier: Apache-2.0
# Copyright (c) 2026 the MegaBot for Swift authors
"""A client of the native WebSocket channel, written from Documentation/NativeWebSocket.md alone.

Usage: client.py PORT PASSWORD CASE. Runs one case against a server on the loopback interface; exit status 0 when it holds.
The server under test answers the message "say X" with a message "X", the message "stream" with live updates, and
an attachment with the same attachment.
"""

import asyncio
import base64
import hashlib
import json
import os
import socket
import struct
import sys
import time

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

PORT = int(sys.argv[1])
HOST = f"Host: localhost:{PORT}\r\n".encode()
PASSWORD = sys.argv[2].encode()
URL = f"ws://127.0.0.1:{PORT}/"


class Client:
    key = None

    def __init__(self, ws):
        self.ws = ws

    async def start(self):
        self.hello = json.loads(await self.ws.recv())
        assert self.hello["type"] == "hello" and self.hello["kdf"] == "pbkdf2-sha256", self.hello
        if Client.key is None:
            salt = base64.b64decode(self.hello["salt"])
            raw = PBKDF2HMAC(algorithm=SHA256(), length=32, salt=salt, iterations=self.hello["iterations"]).derive(PASSWORD)
            Client.key = base64.urlsafe_b64encode(raw)
        self.fernet = Fernet(Client.key)
        return self

    def token(self, frame):
        return self.fernet.encrypt(json.dumps(frame).encode()).decode()

    async def send(self, frame):
        await self.ws.send(self.token(frame))

    async def recv(self):
        return json.loads(self.fernet.decrypt(await self.ws.recv(), ttl=self.hello["ttl"]))

    async def until(self, kind):
        while (frame := await self.recv())["type"] != kind:
            pass
        return frame


def message(text, ident, chat="c"):
    return {"type": "message", "id": ident, "sender_id": "ana", "chat_id": chat, "content": text}


async def case_chat():
    async with connect(URL) as ws:
        client = await Client(ws).start()
        await client.send({"type": "auth", "challenge": client.hello["challenge"], "client": "peer", "chats": ["c"]})
        assert (await client.recv())["type"] == "auth_ok"
        await client.send(message("say grüße 😀", "1"))
        kinds = {}
        while len(kinds) < 2:
            frame = await client.recv()
            kinds[frame["type"]] = frame
        assert kinds["ack"]["status"] == "accepted" and kinds["ack"]["id"] == "1", kinds
        assert kinds["message"]["content"] == "grüße 😀" and kinds["message"]["chat_id"] == "c", kinds
        await client.send(message("say grüße 😀", "1"))
        assert (await client.until("ack"))["status"] == "duplicate"
        await client.send(message("stream", "2"))
        assert (await client.until("stream"))["event"] == "started"


async def case_upload():
    """The server under test answers an attachment with a message "got it" that carries the same attachment."""
    async with connect(URL, max_size=None) as ws:
        client = await Client(ws).start()
        for number, size in enumerate([0, 1, 1000, 300_000]):
            data = os.urandom(size)
            attachment = {
                "type": "document", "filename": "../notes ü.bin", "mime_type": "application/x-notes", "size": size,
                "data": base64.b64encode(data).decode(), "caption": "a caption"}
            if number % 2:
                sent = {"type": "media_upload", "attachment": attachment}
            else:
                sent = message("", "", chat="up") | {"attachments": [attachment]}
            sent["id"] = f"u{number}"
            await client.send(sent)
            frames = {}
            while len(frames) < 2:
                frame = await client.recv()
                frames[frame["type"]] = frame
            assert frames["ack"]["status"] == "accepted" and frames["ack"]["id"] == f"u{number}", frames
            answer = frames["message"]
            assert answer["content"] == "got it" and answer["chat_id"] == "up", answer
            (back,) = answer["attachments"]
            assert base64.b64decode(back["data"]) == data and back["size"] == size and "omitted" not in back
            assert back["filename"] == "notes ü.bin" and back["mime_type"] == "application/x-notes" and back["caption"] == "a caption"
            assert back["blob"] == hashlib.sha256(data).hexdigest()
        await client.send({"type": "media_upload", "attachment": {"data": "no base64!"}})
        assert (await client.until("error"))["code"] == "bad_frame"
        await client.send({"type": "media_upload", "attachment": {"data": base64.b64encode(b"x" * 400_001).decode()}})
        assert (await client.until("error"))["code"] == "too_large"


async def case_plaintext():
    async with connect(URL) as ws:
        await Client(ws).start()
        await ws.send(json.dumps(message("x", "1")))
        assert json.loads(await ws.recv())["code"] == "decryption_failed"
        await closed(ws, 4401)


async def case_garbage():
    async with connect(URL) as ws:
        await Client(ws).start()
        await ws.send(base64.urlsafe_b64encode(os.urandom(200)).decode())
        assert json.loads(await ws.recv())["code"] == "decryption_failed"
        await closed(ws, 4401)


async def case_replay():
    async with connect(URL) as ws:
        client = await Client(ws).start()
        token = client.token(message("say once", "r1"))
        await ws.send(token)
        await client.until("ack")
        await ws.send(token)
        assert (await client.until("error"))["code"] == "replayed"
    async with connect(URL) as ws:
        await Client(ws).start()
        await ws.send(token)
        assert json.loads(await ws.recv())["code"] == "replayed"
        await closed(ws, 4401)


async def case_stale():
    async with connect(URL) as ws:
        client = await Client(ws).start()
        data = json.dumps(message("x", "1")).encode()
        await ws.send(client.fernet.encrypt_at_time(data, int(time.time()) - 120).decode())
        assert json.loads(await ws.recv())["code"] == "token_expired"
        await closed(ws, 4401)


async def case_refusals():
    for url, headers, status in [
        (URL, {"Origin": "https://evil.example"}, 403),
        (URL + "nowhere", {}, 404),
    ]:
        try:
            async with connect(url, additional_headers=headers):
                raise AssertionError("was accepted")
        except InvalidStatus as error:
            assert error.response.status_code == status, error
    for host in ["evil.example", f"evil.example:{PORT}", f"localhost:{PORT + 1}", "localhost"]:
        assert b" 403 " in raw_request(b"GET / HTTP/1.1\r\nHost: " + host.encode() + b"\r\n" + UPGRADE), host
    assert b" 400 " in raw_request(b"GET / HTTP/1.1\r\n" + UPGRADE)
    assert b" 400 " in raw_request(b"GET / HTTP/1.1\r\n" + HOST + HOST + UPGRADE)
    assert b" 426 " in raw_request(b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
    assert b" 400 " in raw_request(b"\x16\x03\x01 nonsense\r\n\r\n")
    assert b" 431 " in raw_request(b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 40000 + b"\r\n\r\n")


UPGRADE = (
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def raw_request(request, read=4096):
    with socket.create_connection(("127.0.0.1", PORT), timeout=10) as s:
        s.sendall(request)
        return s.recv(read)


def raw_socket():
    s = socket.create_connection(("127.0.0.1", PORT), timeout=10)
    s.sendall(b"GET / HTTP/1.1\r\n" + HOST + UPGRADE)
    data = b""
    while b"\r\n\r\n" not in data:
        data += s.recv(1)
    assert data.startswith(b"HTTP/1.1 101"), data
    assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in data
    opcode, _ = read_frame(s)
    assert opcode == 1
    return s


def read_exactly(s, count):
    data = b""
    while len(data) < count:
        piece = s.recv(count - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


def read_frame(s):
    first, second = read_exactly(s, 2)
    length = second & 127
    if length == 126:
        (length,) = struct.unpack(">H", read_exactly(s, 2))
    elif length == 127:
        (length,) = struct.unpack(">Q", read_exactly(s, 8))
    return first & 15, read_exactly(s, length)


def frame(first, payload, masked=True):
    length = len(payload)
    head = bytes([first])
    bit = 0x80 if masked else 0
    if length < 126:
        head += bytes([bit | length])
    elif length < 65536:
        head += bytes([bit | 126]) + struct.pack(">H", length)
    else:
        head += bytes([bit | 127]) + struct.pack(">Q", length)
    return head + (b"\0\0\0\0" if masked else b"") + payload


async def case_protocol():
    cases = {
        "unmasked": (frame(0x81, b"hello", masked=False), 1002),
        "rsv": (frame(0xC1, b"hello"), 1002),
        "opcode": (frame(0x83, b""), 1002),
        "fragmented ping": (frame(0x09, b""), 1002),
        "long ping": (frame(0x89, b"a" * 126), 1002),
        "continuation": (frame(0x80, b"a"), 1002),
        "interleaved": (frame(0x01, b"a") + frame(0x81, b"b"), 1002),
        "utf-8": (frame(0x81, b"\xff\xfe"), 1007),
        "utf-8 over fragments": (frame(0x01, b"\xe2") + frame(0x80, b"\x28\xa1"), 1007),
        "oversized": (b"\x81\xff" + struct.pack(">Q", 1 << 40) + b"\0\0\0\0", 1009),
        "bad close code": (frame(0x88, struct.pack(">H", 1005)), 1002),
        "close": (frame(0x88, struct.pack(">H", 1000)), 1000),
    }
    for name, (data, code) in cases.items():
        with raw_socket() as s:
            s.sendall(data)
            opcode, payload = read_frame(s)
            assert opcode == 8 and struct.unpack(">H", payload[:2])[0] == code, (name, opcode, payload)
            assert s.recv(10) == b"", name


async def case_fragments():
    async with connect(URL) as ws:
        client = await Client(ws).start()
        token = client.token(message("say " + "é" * 5000, "f1"))
        await ws.send([token[i : i + 37] for i in range(0, len(token), 37)])
        assert (await client.until("message"))["content"] == "é" * 5000
        pong = await ws.ping()
        await asyncio.wait_for(pong, 10)
    with raw_socket() as s:
        token = client.token(message("say x", "f2")).encode()
        s.sendall(frame(0x01, token[:10]) + frame(0x89, b"in between") + frame(0x00, b"") + frame(0x80, token[10:]))
        assert read_frame(s) == (10, b"in between")
        assert read_frame(s)[0] == 1
        for byte in frame(0x88, struct.pack(">H", 1000)):
            s.sendall(bytes([byte]))


async def case_slow():
    """A request that never ends is answered 408 or cut within the server's time limit (2 s in the test)."""
    with socket.create_connection(("127.0.0.1", PORT), timeout=10) as s:
        s.sendall(b"GET / HTTP/1.1\r\nHost: local")
        answer = s.recv(4096)
        assert answer == b"" or b" 408 " in answer, answer


async def case_many():
    async def one(number):
        async with connect(URL, open_timeout=30) as ws:
            client = await Client(ws).start()
            await client.send(message(f"say {number}", f"m{number}", chat=f"chat-{number}"))
            assert (await client.until("message"))["content"] == str(number)

    await asyncio.gather(*(one(number) for number in range(200)))


async def case_bench():
    async with connect(URL, compression=None) as ws:
        client = await Client(ws).start()
        start, count = time.monotonic(), 1000
        for number in range(count):
            await client.send(message("x" * 1000, f"b{number}"))
            await client.until("ack")
        print(f"{count / (time.monotonic() - start):.0f} round trips/s")


async def closed(ws, code):
    try:
        await ws.recv()
    except ConnectionClosed as error:
        assert error.rcvd and error.rcvd.code == code, error
    else:
        raise AssertionError("still open")


asyncio.run(asyncio.wait_for(globals()["case_" + sys.argv[3]](), 60))
print("ok", sys.argv[3])
