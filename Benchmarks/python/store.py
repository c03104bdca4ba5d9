"""The original's three tables in SQLite, with one commit per write."""

import datetime
import sqlite3

SCHEMA = """
CREATE TABLE IF NOT EXISTS chat_history (
    id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id TEXT, platform TEXT, role TEXT, content TEXT, metadata TEXT, timestamp TEXT);
CREATE INDEX IF NOT EXISTS chat_history_chat ON chat_history (chat_id);
CREATE INDEX IF NOT EXISTS chat_history_time ON chat_history (timestamp);
CREATE INDEX IF NOT EXISTS chat_history_platform ON chat_history (platform);
CREATE TABLE IF NOT EXISTS memories (key TEXT PRIMARY KEY, type TEXT, content TEXT, tags TEXT, created_at TEXT, updated_at TEXT);
CREATE INDEX IF NOT EXISTS memories_type ON memories (type);
CREATE INDEX IF NOT EXISTS memories_tags ON memories (tags);
CREATE TABLE IF NOT EXISTS user_identities (
    platform TEXT, platform_id TEXT, internal_id TEXT, PRIMARY KEY (platform, platform_id));
"""


class Store:
    """`synchronous` is FULL (survives a power cut) or NORMAL; the original left SQLite's own default."""

    def __init__(self, path: str, synchronous: str | None) -> None:
        self.database = sqlite3.connect(path)
        self.database.execute("PRAGMA journal_mode = WAL")
        if synchronous:
            self.database.execute(f"PRAGMA synchronous = {synchronous}")
        self.database.executescript(SCHEMA)

    def add(self, chat: str, role: str, content: str) -> None:
        now = datetime.datetime.now(datetime.timezone.utc).isoformat()
        self.database.execute(
            "INSERT INTO chat_history (chat_id, platform, role, content, metadata, timestamp) VALUES (?, ?, ?, ?, '{}', ?)",
            (chat, "websocket", role, content, now))
        self.database.commit()

    def recent(self, chat: str) -> list[str]:
        """The original's context: the last ten messages."""
        rows = self.database.execute("SELECT content FROM chat_history WHERE chat_id = ? ORDER BY id DESC LIMIT 10", (chat,))
        return [row[0] for row in rows]

    def identity(self, platform: str, sender: str) -> str:
        row = self.database.execute(
            "SELECT internal_id FROM user_identities WHERE platform = ? AND platform_id = ?", (platform, sender)).fetchone()
        return row[0] if row else sender
