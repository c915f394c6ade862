"""The history over HTTP: links to logs, and reports that outlive a crash."""

import sqlite3
import unittest
import urllib.parse

from cordboard import Cordboard
from sessions import STAMP, Account

SESSION = """INSERT INTO sessions (account_id, application_id, application_name, rule_id, rule_name, node, epoch, token_hash, initiator_address,
    media_server_address, secure, started_at, ended_at, duration, finish_reason, custom_data, custom_data_key)
    VALUES ((SELECT MIN(id) FROM accounts), 1, 'shop', 1, 'all', 'x', 1, x'00', '192.0.2.1', '192.0.2.2', ?, strftime('%s', 'now') * 1000 - ?,
    strftime('%s', 'now') * 1000, 6, 'Normal termination', '', 0)"""


def insert(server, sessions):
    """Ended sessions, behind the server's back."""
    with sqlite3.connect(server.data / "cordboard.db", timeout=30) as database:
        database.executemany(SESSION, [(False, 60_000 + number) for number in range(sessions)])


TALKING = """VoxEngine.addEventListener(AppEvents.Started, (e) => Logger.write(`link ${e.logURL}`));
VoxEngine.addEventListener(AppEvents.HttpRequest, (e) => Logger.write(e.content));
Logger.write('a snowman: \u2603');"""


class Logs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Cordboard()
        cls.server.start()
        cls.account = Account(cls.server)
        cls.account.ask("AddApplication", application_name="secret", secure_record_storage="true")
        cls.session = cls.account.run(TALKING)
        cls.kept = cls.account.start(cls.account.rule(TALKING, application="secret"))
        cls.open, cls.secure = (urllib.parse.urlsplit(session.logged("link ").split()[1]) for session in (cls.session, cls.kept))

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__(None, None, None)

    def get(self, path, method="GET", **headers):
        connection = self.server.connection("https")
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response.status, dict((name.lower(), value) for name, value in response.getheaders() if name.lower() != "date"), body

    def text(self, session):
        return self.account.ask("GetSessionLog", call_session_history_id=session.id)["result"].encode()

    def test_a_log_is_plain_text_and_comes_in_parts(self):
        self.assertEqual(self.open.netloc, urllib.parse.urlsplit(self.server.runtime["https"]).netloc)
        text = self.text(self.session)
        self.assertIn("a snowman: \u2603\n".encode(), text)
        status, headers, body = self.get(self.open.path)
        self.assertEqual((status, body), (200, text))
        self.assertEqual((headers["content-type"], headers["x-content-type-options"]), ("text/plain; charset=utf-8", "nosniff"))
        status, headers, body = self.get(self.open.path, "HEAD")
        self.assertEqual((status, headers["content-length"], body), (200, str(len(text)), b""))
        status, headers, body = self.get(self.open.path, Range="bytes=6-9")
        self.assertEqual((status, headers["content-range"], body), (206, f"bytes 6-9/{len(text)}", text[6:10]))
        self.assertEqual(self.get(self.open.path, Range="bytes=-4")[2], text[-4:])
        self.assertEqual(self.get(self.open.path, Range="bytes=4-")[2], text[4:])
        for several in ("bytes=0-1,4-5", "lines=1-2", "bytes=x"):
            self.assertEqual(self.get(self.open.path, Range=several)[::2], (200, text))
        status, headers, _ = self.get(self.open.path, Range="bytes=100000-")
        self.assertEqual((status, headers["content-range"]), (416, f"bytes */{len(text)}"))
        self.assertEqual(self.get(self.open.path, "POST")[0], 405)

    def test_a_log_is_there_while_it_grows(self):
        for number in range(3):
            before = self.get(self.open.path)[2]
            self.session.ask(f"line {number}")
            self.session.logged(f"line {number}")
            after = self.get(self.open.path)[2]
            self.assertTrue(after.startswith(before) and after.endswith(f" line {number}\n".encode()), after)
            self.assertEqual(self.get(self.open.path, Range=f"bytes={len(before)}-")[2], after[len(before):])

    def test_a_long_log_comes_whole(self):
        session = self.account.run("for (let i = 0; i < 1000; i += 1) Logger.write(`${i} ${'x'.repeat(1000)}`); VoxEngine.terminate();")
        path = urllib.parse.urlsplit(session.ended()["log_file_url"]).path
        status, headers, body = self.get(path)
        self.assertEqual((status, headers["content-length"]), (200, str(len(body))))
        lines = [line for line in session.log() if line.endswith("x")]
        self.assertEqual(lines, [f"{number} {'x' * 1000}" for number in range(1000)])
        self.assertEqual([STAMP.sub("", line) for line in body.decode().splitlines()], session.log())

    def test_a_person_reads_the_logs_of_all_sessions_in_one_file(self):
        lines = (self.server.data / "logs" / "0.log").read_text().splitlines()
        mark = f"{self.session.id} "
        self.assertIn("a snowman: \u2603", [STAMP.sub("", line.removeprefix(mark)) for line in lines if line.startswith(mark)])
        for file in (self.server.data / "logs").iterdir():
            self.assertEqual(file.stat().st_mode & 0o777, 0o600)

    def test_every_link_that_leads_nowhere_has_one_answer(self):
        _, logs, id, token = self.open.path.split("/")
        wrong = "0" * len(token)
        paths = [f"/logs/{id}/{wrong}", f"/logs/999999/{token}", f"/logs/x/{token}", f"/logs/{id}/..%2f..%2fsecret.key", f"/logs/-1/{token}"]
        insert(self.server, 1)
        rows = self.server.call("GetCallHistory")["result"]
        (without_log,) = [row for row in rows if row["initiator_address"] == "192.0.2.1"]
        answers = [self.get(path) for path in [*paths, urllib.parse.urlsplit(without_log["log_file_url"]).path]]
        self.assertEqual([answer[0] for answer in answers], [404] * 6)
        self.assertEqual([answer for answer in answers if answer != answers[0]], [])

    def test_a_secure_log_needs_a_credential(self):
        status, headers, _ = self.get(self.secure.path)
        self.assertEqual((status, headers["www-authenticate"]), (401, "Bearer"))
        self.assertEqual(self.get(self.secure.path, Authorization="Bearer x")[0], 401)
        self.assertEqual(self.get(self.secure.path, Authorization=f"Bearer {self.server.token()}")[2], self.text(self.kept))


class Reports(unittest.TestCase):
    def finished(self, server, report):
        for _ in range(20_000):
            found = server.call("GetHistoryReports", token=self.token, history_report_id=report, is_completed="true")["result"]
            if found:
                return found[0]
        self.fail("the report is not finished")

    def test_a_report_that_a_crash_broke_off_is_built_by_the_next_start(self):
        with Cordboard() as server:
            insert(server, 100_000)
            self.token = server.token()
            report = server.call("GetCallHistoryAsync", token=self.token, with_header="true")["history_report_id"]
            server.kill()
            server.start()
            found = self.finished(server, report)
            self.assertIn('"session_count":100000', found["calculated_data"])
            connection = server.connection()
            connection.request("GET", f"/platform_api/DownloadHistoryReport?history_report_id={report}", headers={"Authorization": f"Bearer {self.token}"})
            response = connection.getresponse()
            file = response.read()
            connection.close()
            self.assertEqual(response.getheader("Content-Type"), "application/octet-stream")
            self.assertEqual(response.getheader("Content-Disposition"), f'attachment; filename="calls_{report}.csv"')
            self.assertEqual((len(file), file.count(b"\n")), (found["file_size"], 100_001))
            self.assertEqual(sorted(path.name for path in (server.data / "reports").iterdir()), [f"{report}.csv"])
            self.assertEqual((server.data / "reports" / f"{report}.csv").stat().st_mode & 0o777, 0o600)


if __name__ == "__main__":
    unittest.main()
