"""StartScenarios: whose rules and users, how many at once, and what becomes of sessions when the server ends."""

import json
import os
import signal
import socket
import threading
import unittest
import urllib.parse

from cordboard import Cordboard, Database
from sessions import Account, Session, until

QUIET = "VoxEngine.addEventListener(AppEvents.HttpRequest, () => 'here');"
ME = "VoxEngine.addEventListener(AppEvents.Started, (e) => { Logger.write('T ' + JSON.stringify([e.sessionId, e.accountId, e.applicationId, e.userId, VoxEngine.customData()])); VoxEngine.terminate(); });"


class StartScenarios(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Cordboard()
        cls.server.start()
        cls.account = Account(cls.server)

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__(None, None, None)

    def said(self, session):
        session.ended()
        return json.loads(session.logged("T ")[2:])

    def test_a_rule_is_named_by_its_id_or_by_its_name_and_application(self):
        rule = self.account.rule(ME, name="by-name")
        application = self.account.ask("GetApplications", application_name="demo")["result"][0]["application_id"]
        for named in ({"rule_id": rule}, {"rule_name": "by-name", "application_name": "demo"}, {"rule_name": "by-name", "application_id": application}):
            session = Session(self.account, self.account.ask("StartScenarios", **named, script_custom_data="ü & 50 %"))
            account = self.account.ask("GetAccountInfo")["result"]["account_id"]
            self.assertEqual(self.said(session), [session.id, account, application, -1, "ü & 50 %"])
        self.assertEqual(self.account.refused("StartScenarios", rule_name="by-name")["code"], 134)
        self.assertEqual(self.account.refused("StartScenarios", rule_id=999999)["code"], 147)

    def test_a_session_runs_as_a_user(self):
        user = self.account.ask("AddUser", application_name="demo", user_name="ada", user_display_name="Ada", user_password="Passw0rd!x")["user_id"]
        rule = self.account.rule(ME)
        for named in ({"user_id": user}, {"user_name": "ada", "application_name": "demo"}):
            self.assertEqual(self.said(self.account.start(rule, **named))[3], user)
        self.assertEqual(self.account.refused("StartScenarios", rule_id=rule, user_id=999999)["code"], 117)
        self.assertEqual(self.account.refused("StartScenarios", rule_id=rule, user_name="none", application_name="demo")["code"], 117)

    def test_the_reference_address_must_be_one(self):
        rule = self.account.rule(ME)
        for address in ("198.51.100.7", "2001:db8::7"):
            self.said(self.account.start(rule, reference_ip=address, server_location="local"))
        self.assertEqual(self.account.refused("StartScenarios", rule_id=rule, reference_ip="somewhere")["code"], 257)

    def test_a_rule_of_another_account_is_not_found(self):
        child = self.account.child("stranger")
        ours, theirs = self.account.rule(ME), child.rule(ME)
        self.assertEqual(child.refused("StartScenarios", rule_id=ours), {**self.account.refused("StartScenarios", rule_id=999999), "msg": f"'rule_id' is invalid: there is no rule {ours}."})
        self.assertEqual(self.account.refused("StartScenarios", rule_id=theirs)["code"], 147)
        session = child.start(theirs)
        self.said(session)
        self.assertEqual(self.account.history(call_session_history_id=session.id), [])
        for method in ("StopSession", "GetSessionLog"):
            self.assertEqual(self.account.refused(method, call_session_history_id=session.id)["code"], 150)

    def test_250_starts_at_once_are_each_answered(self):
        rule = self.account.rule(QUIET)
        address = urllib.parse.urlsplit(self.server.runtime["http"])
        body = urllib.parse.urlencode({"rule_id": rule})
        head = f"POST /platform_api/StartScenarios HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {self.account.token}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        connections = [socket.create_connection((address.hostname, address.port), timeout=120) for _ in range(250)]
        # All but the last byte first, so that they are there at once.
        for connection in connections:
            connection.sendall(head[:-1].encode())
        for connection in connections:
            connection.sendall(head[-1:].encode())
        started = set()
        for connection in connections:
            received = b""
            while chunk := connection.recv(65536):
                received += chunk
            connection.close()
            first, _, text = received.partition(b"\r\n\r\n")
            answer, status = json.loads(text), int(first.split()[1])
            if status == 429:
                self.assertEqual(answer["error"]["code"], 340, answer)
            else:
                self.assertEqual((status, answer.get("result")), (200, 1), answer)
                started.add(answer["call_session_history_id"])
        self.assertGreaterEqual(len(started), 200)
        self.assertEqual(started, self.account.live())
        for session in started:
            self.account.ask("StopSession", call_session_history_id=session)
        mine = lambda: [row for row in self.account.history(count=1000, desc_order="true") if row["call_session_history_id"] in started]
        until(lambda: len(mine()) >= len(started), "all have ended")
        self.assertEqual((len(mine()), {row["finish_reason"] for row in mine()}), (len(started), {"Terminated administratively"}))
        self.assertEqual(self.account.live(), set())

    def test_an_account_has_no_more_sessions_than_its_limit(self):
        with Cordboard("--limits-sessions", "2") as server:
            account = Account(server)
            rule = account.rule(QUIET)
            sessions = [account.start(rule) for _ in range(2)]
            refused = account.refused("StartScenarios", rule_id=rule)
            self.assertEqual(refused["code"], 340)
            self.assertIn("limits.sessions", refused["msg"])
            sessions[0].stop()
            sessions[0].ended("Terminated administratively")
            until(lambda: "error" not in account.call("StartScenarios", rule_id=rule), "there is room again")
            for session in account.live():
                account.ask("StopSession", call_session_history_id=session)

    def test_a_session_without_calls_ends_after_the_idle_limit(self):
        with Cordboard("--idle-limit", "1") as server:
            account = Account(server)
            session = account.run(QUIET)
            self.assertEqual(session.ask().text, "here")
            row = session.ended("Timeout")
            self.assertIn(row["duration"], (1, 2, 3))
            self.assertEqual(session.ask().status, 404)


class End(unittest.TestCase):
    def killed(self, server):
        account = Account(server)
        rule = account.rule(QUIET)
        started, counted = set(), threading.Lock()

        def start():
            connection = server.connection()
            while True:
                answer = server.call("StartScenarios", token=account.token, connection=connection, rule_id=rule)
                self.assertEqual(answer.get("result"), 1, answer)
                with counted:
                    started.add(answer["call_session_history_id"])
                    if len(started) >= 1000:
                        break
            connection.close()

        starters = [threading.Thread(target=start) for _ in range(8)]
        for starter in starters:
            starter.start()
        for starter in starters:
            starter.join(timeout=300)
        self.assertGreaterEqual(len(started), 1000)
        self.assertEqual(account.ask("GetLiveSessions", count=1)["total_count"], len(started))
        server.kill()
        server.start()
        account = Account(server)
        self.assertEqual(account.ask("GetLiveSessions")["total_count"], 0)
        rows = [row for offset in (0, 1000) for row in account.history(count=1000, offset=offset)]
        self.assertEqual(sorted(row["call_session_history_id"] for row in rows), sorted(started))
        self.assertEqual({row["finish_reason"] for row in rows}, {"Internal error (the server was restarted)"})
        self.assertTrue(all(row["active"] is False and 0 <= row["duration"] < 600 for row in rows))
        # The numbers go on, and new sessions run.
        session = account.run("VoxEngine.terminate();")
        self.assertGreater(session.id, max(started))
        session.ended()

    def test_sessions_that_a_crash_cuts_off_are_in_the_history_once_on_sqlite(self):
        with Cordboard("--idle-limit", "3600") as server:
            self.killed(server)

    def test_sessions_that_a_crash_cuts_off_are_in_the_history_once_on_postgresql(self):
        with Database() as url, Cordboard("--idle-limit", "3600", database=url) as server:
            self.killed(server)

    def test_sigterm_gives_sessions_their_time_and_ends_the_others(self):
        with Cordboard("--drain", "3") as server:
            account = Account(server)
            slow = account.run("VoxEngine.addEventListener(AppEvents.HttpRequest, () => { setTimeout(() => { Logger.write('T done'); VoxEngine.terminate(); }, 500); return 'soon'; });")
            staying = [account.run("VoxEngine.addEventListener(AppEvents.Terminating, () => Logger.write('T terminating'));") for _ in range(20)]
            staying[-1].logged("Sent event to JS Application.Started")
            self.assertEqual(slow.ask().text, "soon")
            os.kill(server.runtime["pid"], signal.SIGTERM)
            self.assertEqual(server.process.wait(timeout=60), 0)
            server.stop()
            server.start()
            slow.ended()
            self.assertIn("T done", slow.log())
            for session in staying:
                session.ended("Terminated administratively")
                self.assertIn("T terminating", session.log())
                self.assertEqual(session.log()[-1], "Session terminated")


if __name__ == "__main__":
    unittest.main()
