"""No answer before the durable commit: kill -9 under load loses nothing, and a trace shows the sync before the answer."""

import re
import threading
import unittest
from http.client import HTTPException

from cordboard import Cordboard, Database

ROUNDS = 4
WRITERS = 8
ANSWERS_BEFORE_THE_KILL = 120


class Killed(unittest.TestCase):
    def losing_nothing(self, server):
        acknowledged = set()
        for turn in range(ROUNDS):
            token = server.token()
            application = server.call("GetApplications", token=token)["result"][0]["application_id"]
            enough = threading.Event()
            counted = threading.Lock()

            def write(writer):
                connection = server.connection()
                number = 0
                while True:
                    name = f"w{turn}-{writer}-{number}"
                    number += 1
                    try:
                        answer = server.call("AddRule", token=token, connection=connection, application_id=application, rule_name=name, rule_pattern=".*")
                    except (OSError, AssertionError, ValueError, HTTPException):
                        connection.close()
                        return
                    if answer.get("result") == 1:
                        with counted:
                            acknowledged.add((answer["rule_id"], name))
                            if len(acknowledged) >= ANSWERS_BEFORE_THE_KILL * (turn + 1):
                                enough.set()

            writers = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
            for writer in writers:
                writer.start()
            self.assertTrue(enough.wait(timeout=60), "too few writes")
            server.kill()
            for writer in writers:
                writer.join(timeout=60)
            server.start()
        rules = server.call("GetRules", count=100000)["result"]
        kept = {(rule["rule_id"], rule["rule_name"]) for rule in rules}
        self.assertEqual(acknowledged - kept, set())
        self.assertEqual(len(kept), len({name for _, name in kept}))

    def test_sqlite_loses_nothing(self):
        with Cordboard("--limits-rules", "100000") as server:
            self.losing_nothing(server)

    def test_postgresql_loses_nothing(self):
        with Database() as url, Cordboard("--limits-rules", "100000", database=url) as server:
            self.losing_nothing(server)


class Traced(unittest.TestCase):
    def test_sqlite_syncs_the_write_ahead_log_before_the_answer(self):
        with Cordboard() as server:
            server.stop()
            trace = server.data.parent / "trace"
            server.prefix = ["strace", "-f", "-y", "-qq", "-s", "400", "-e", "trace=pwrite64,fdatasync,fsync,write,writev,sendto,sendmsg", "-o", str(trace)]
            server.start()
            for number in range(5):
                self.assertEqual(server.call("AddApplication", application_name=f"traced-{number}")["result"], 1)
            server.stop()
            events = []
            for line in trace.read_text(errors="replace").splitlines():
                if re.search(r"pwrite64\(\d+<[^>]*cordboard\.db-wal>", line):
                    events.append("logged")
                elif re.search(r"f(data)?sync\(\d+<[^>]*cordboard\.db-wal>", line):
                    events.append("synced")
                elif "application_id" in line and "HTTP/1.1 200" in line:
                    events.append("answered")
            self.assertEqual(events.count("answered"), 5, events)
            durable = True
            for event in events:
                if event == "logged":
                    durable = False
                elif event == "synced":
                    durable = True
                else:
                    self.assertTrue(durable, "an answer left before its commit was synced")
            self.assertGreaterEqual(events.count("synced"), 5)


if __name__ == "__main__":
    unittest.main()
