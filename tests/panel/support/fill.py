"""Fills the database of a Cordboard, which is SQLite's file: many users of `demo` and many ended sessions, as an old installation has them."""

import sqlite3
import sys
import time

path, users, sessions = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
now = int(time.time() * 1000)
database = sqlite3.connect(path, timeout=60, isolation_level=None)
account, application = database.execute("SELECT account_id, id FROM applications WHERE name = 'demo'").fetchone()

# Some at once, so that the server, which writes to the same file, never waits for long.
BATCH = 10_000


def fill(statement, rows, count):
    for begin in range(0, count, BATCH):
        database.execute("BEGIN IMMEDIATE")
        database.executemany(statement, (rows(number) for number in range(begin, min(count, begin + BATCH))))
        database.execute("COMMIT")


fill(
    """INSERT INTO users (account_id, application_id, name, display_name, display_name_folded, digest_name, digests_encrypted, active, parent_accounting,
       created_at, modified_at) VALUES (?, ?, ?, ?, ?, ?, ?, 1, 1, ?, ?)""",
    lambda n: (account, application, f"user{n:06}", f"User {n:06}", f"user {n:06}", f"user{n:06}", b"", now, now),
    users,
)
fill(
    """INSERT INTO sessions (account_id, application_id, application_name, rule_id, rule_name, node, epoch, token_hash, initiator_address,
       media_server_address, secure, started_at, ended_at, duration, finish_reason, custom_data, custom_data_key)
       VALUES (?, ?, 'demo', 1, 'all', 'filled', 1, ?, '127.0.0.1', '127.0.0.1', 0, ?, ?, 20, 'Normal termination', ?, ?)""",
    lambda n: (account, application, n.to_bytes(32, "big"), now - (sessions - n) * 2_000, now - (sessions - n) * 2_000 + 20_000, f"order {n}", n),
    sessions,
)
