"""What the original imports and serves at start, without its own code: FastAPI, uvicorn, websockets, cryptography, SQLite.

    health_app.py PORT DATABASE
"""

import sys

import uvicorn
import websockets  # noqa: F401 (the original's adapter server)
from cryptography.fernet import Fernet
from fastapi import FastAPI

from store import Store

app = FastAPI()
store = Store(sys.argv[2], None)
fernet = Fernet(Fernet.generate_key())


@app.get("/health")
async def health() -> dict[str, str]:
    store.recent("health")
    return {"status": "ok"}


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
