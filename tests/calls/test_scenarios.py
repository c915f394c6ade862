"""The reference's scenarios with real peers: each test observes what the header of its scenario demands."""

import json
import re
import threading
import time
import unittest

import tones
from baresip import Phone, free_port
from bench import PASSWORD, Bench
from outside import SocketServer, Web
from sessions import scenario, until
from sipp import SDP, Sipp, Story, play

CALLER = "15550777"
TRUNK = "127.0.0.1"
USERS = "127.0.0.3"


class Scenarios(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # Numbers of the trunk lead to the applications s01, s02, …
        cls.bench = Bench(numbers=[(f"155502{number:02}", f"s{number:02}") for number in range(1, 21)], trunk=TRUNK)
        cls.bench.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.bench.__exit__(None, None, None)

    def load(self, number, replaced=None):
        """Application `sNN` with the scenario, under its number of the trunk."""
        name = f"s{number:02}"
        if not self.bench.account.ask("GetApplications", application_name=name)["result"]:
            self.bench.application(scenario(f"{number:02}", replaced or {}), name=name)
        return name, f"155502{number:02}"

    def past(self, name):
        return len(self.bench.account.history(application_name=name))

    def caller(self, **how):
        """A phone behind the trunk."""
        return Phone(None, CALLER, domain=TRUNK, ip=TRUNK, **how)

    def callee(self, *numbers, answers=True, hz=1000):
        """A phone behind the trunk that its numbers ring; each number has its tone."""
        first, *others = numbers
        more = [f"<sip:{number}@{TRUNK}>;regint=0;audio_codecs=pcmu;answermode={'auto' if answers else 'manual'}" for number in others]
        return Phone(None, first, domain=TRUNK, ip=TRUNK, port=self.bench.trunk_port, hz=hz, answers=answers, others=more)

    def dial(self, phone, number):
        phone.dial("sip:%s@%s:%d" % (number, *self.bench.sip))

    def lines(self, row, number):
        return [line for line in self.bench.session_log(row) if line.startswith(f"T{number:02} ")]

    def marked(self, name, number, text):
        """Waits for a marker in the log of the application's running session, and gives its line."""

        def found():
            live = self.bench.account.ask("GetLiveSessions", application_name=name)["result"]
            return next((line for row in live for line in self.lines(row, number) if text in line), None)

        return until(found, lambda: (text, [self.bench.session_log(row) for row in self.bench.account.ask("GetLiveSessions", application_name=name)["result"]]), 20)

    def start(self, name, data):
        (rule,) = self.bench.account.ask("GetRules", application_name=name)["result"]
        return self.bench.account.start(rule["rule_id"], script_custom_data=data)

    def test_01_a_caller_is_greeted(self):
        name, number = self.load(1)
        with self.caller() as phone:
            self.dial(phone, number)
            phone.event("CALL_ESTABLISHED")
            phone.event("CALL_CLOSED", 30)
            closed = time.monotonic()
            self.assertGreater(tones.loud(phone.samples()), 1)
        (row,) = self.bench.ended(name)
        self.assertLess(time.monotonic() - closed, 10)
        log = self.bench.session_log(row)
        marks = [line for line in log if line.startswith("T01")]
        self.assertEqual(marks[:3], [f"T01 alerting {CALLER} -> {number}", "T01 connected state=CONNECTED", "T01 playback finished error=undefined"])
        self.assertRegex(marks[3], r"^T01 disconnected \d+s reason=")
        at = lambda text: next(index for index, line in enumerate(log) if text in line)
        self.assertLess(at("T01 alerting"), at("Answer"))
        (call,) = row["calls"]
        self.assertEqual((call["local_number"], call["remote_number"], call["remote_number_type"], call["incoming"], call["successful"], call["end_reason"]["code"]), (number, CALLER, "pstn", True, True, 200))
        self.assertIn(call["duration"], range(1, 15))

    def test_02_a_call_is_bridged_to_a_number_that_rings_and_answers(self):
        name, number = self.load(2)
        before = self.past(name)
        with self.callee(number, answers=False) as callee, self.caller() as caller:
            self.dial(caller, number)
            callee.event("CALL_INCOMING")
            caller.event("CALL_RINGING")
            self.assertEqual([said for said in caller.seen if said["type"] == "CALL_ESTABLISHED"], [])
            callee.do("accept")
            caller.event("CALL_ESTABLISHED")
            caller.hears(1000)
            callee.hears(440)
            caller.hang_up()
            callee.event("CALL_CLOSED")
        row = self.bench.ended(name, before + 1)[-1]
        self.assertEqual([line for line in self.lines(row, 2) if "bridged" in line], ["T02 bridged true false pstn/pstn"])
        self.assertIn("T02 ringing", self.lines(row, 2))

    def test_02_a_busy_number_releases_the_caller_unanswered(self):
        name, number = self.load(2)
        before = self.past(name)
        busy = Story().comes("INVITE").respond(486, "Busy Here").comes("ACK")
        # The session ends, and with it the call that it did not answer.
        caller = Story(CALLER, TRUNK, number).invite().refused(603)
        with Sipp(busy, ip=TRUNK, port=self.bench.trunk_port) as callee:
            caller = play(caller, self.bench.sip, ip=TRUNK)
            callee.ends()
        self.assertFalse([first for first, *_ in caller.kept if " 200 " in first])
        row = self.bench.ended(name, before + 1)[-1]
        self.assertEqual(self.lines(row, 2)[-1], "T02 failed 486 Busy Here")
        incoming, outgoing = row["calls"]
        self.assertEqual((outgoing["successful"], outgoing["end_reason"]["code"], outgoing["remote_number"]), (False, 486, number))
        self.assertEqual((incoming["successful"], incoming["end_reason"]["code"]), (False, 603))
        self.assertIn("486", self.bench.explanations(row)[1])

    def test_03_two_people_are_called_back_and_joined(self):
        name, _ = self.load(3)
        with self.callee("15550311", "15550312") as phones:
            session = self.start(name, "15550311:15550312")
            started = session.logged("T03 started")
            self.assertRegex(started, r"^T03 started session=\d+ http=http://\S+ https=https://\S+ log=https?://\S+$")
            phones.event("CALL_ESTABLISHED")
            # The second number is called when the first has heard the announcement.
            self.assertNotIn("15550312@", phones.trace().split("CSeq: 1 INVITE", 1)[0])
            phones.event("CALL_ESTABLISHED", 30)
            first, second = phones.recordings()
            until(lambda: tones.heard(tones.read(first), 1000) > 0.5 and tones.heard(tones.read(second), 1000) > 0.5, "both hear the other's tone", 20)
            self.assertGreater(tones.loud(tones.read(first)), 1.5)
            phones.hang_up()
            phones.event("CALL_CLOSED")
            session.ended()
        (first, second) = session.row()["calls"]
        self.assertEqual([call["remote_number"] for call in (first, second)], ["15550311", "15550312"])
        # The announcement lies between the two.
        self.assertNotEqual(first["start_time"], second["start_time"])

    def test_03_a_second_number_that_fails_is_told_to_the_first_and_a_request_stops_all(self):
        name, _ = self.load(3)
        # A telephone that answers the first number and refuses the second.
        with self.callee("15550311") as phone:
            session = self.start(name, "15550311:15550319")
            session.logged("T03 second failed 404", 30)
            phone.event("CALL_CLOSED", 30)
            session.ended()
            session = self.start(name, "15550311:15550319")
            phone.event("CALL_ESTABLISHED")
            answer = session.ask()
            self.assertEqual((answer.status, json.loads(answer.text)), (200, {"stopped": True}))
            phone.event("CALL_CLOSED")
            session.ended()

    def test_04_digits_are_collected_by_hand(self):
        name, number = self.load(4)
        before = self.past(name)
        with self.caller() as phone:
            self.dial(phone, number)
            phone.event("CALL_ESTABLISHED")
            phone.hears_speech(0.3)
            phone.press("9999#")
            self.marked(name, 4, "T04 pin bad")
            self.marked(name, 4, "T04 timeout")
            phone.press("1234#")
            phone.event("CALL_CLOSED", 30)
        row = self.bench.ended(name, before + 1)[-1]
        marks = self.lines(row, 4)
        self.assertEqual("".join(line.split()[2] for line in marks if line.startswith("T04 tone")), "9999#1234#")
        self.assertEqual([line for line in marks if "pin" in line], ["T04 pin bad", "T04 pin ok"])
        # The first key cut the prompt off.
        self.assertNotIn("T04 prompt played to the end", marks[: marks.index("T04 pin bad")])

    def test_04_three_bad_pins_end_the_call(self):
        name, number = self.load(4)
        before = self.past(name)
        with self.caller() as phone:
            self.dial(phone, number)
            phone.event("CALL_ESTABLISHED")
            phone.press("1#*#3#")
            phone.event("CALL_CLOSED", 30)
        row = self.bench.ended(name, before + 1)[-1]
        self.assertEqual([line for line in self.lines(row, 4) if "pin" in line], ["T04 pin bad"] * 3)

    def test_05_the_menu_module_takes_keys(self):
        name, number = self.load(5)
        with self.caller() as phone:
            self.dial(phone, number)
            phone.event("CALL_ESTABLISHED")
            phone.press("9")
            self.marked(name, 5, "T05 no such option 9")
            self.assertEqual(self.marked(name, 5, "timeout"), 'T05 menu timeout ""')
            phone.press("1123")
            phone.event("CALL_CLOSED", 30)
        (row,) = self.bench.ended(name)
        self.assertEqual(self.lines(row, 5)[-1], "T05 account 123 kept=123")

    def test_06_a_web_service_decides(self):
        replies = [(200, {"Content-Type": "application/json"}, b'{"action":"answer"}'), (200, {"Content-Type": "application/json"}, b'{"action":"reject","code":403}'), (500, {"Content-Type": "text/plain"}, b"broken")]
        with Web(lambda request: replies.pop(0)) as web:
            name, number = self.load(6, {"http://127.0.0.1:8099": f"http://127.0.0.1:{web.port}"})
            call = lambda: Story(CALLER, TRUNK, number).invite()
            answered = call().answered().comes("BYE").ok()
            for story in (answered, call().refused(403), call().refused(503)):
                play(story, self.bench.sip, ip=TRUNK)
                asked = web.next()
                headers = {key.lower(): value for key, value in asked["headers"].items()}
                self.assertEqual((asked["method"], asked["path"].split("?")[0]), ("GET", "/route"))
                self.assertEqual(set(asked["path"].split("?")[1].split("&")), {f"did={number}", f"from={CALLER}"})
                self.assertEqual((headers["user-agent"], headers["x-test"]), ("VoxEngine/1.0", "06"))
        rows = self.bench.ended(name, 3)
        for row, mark in zip(rows, ('T06 200 application/json {"action":"answer"}', 'T06 200 application/json {"action":"reject","code":403}', "T06 500 text/plain broken")):
            self.assertIn(mark, self.lines(row, 6))
        self.assertEqual([row["calls"][0]["end_reason"]["code"] for row in rows], [200, 403, 503])
        # What the other two requests gave is there where the session lived to hear it.
        marks = [line for row in rows for line in self.lines(row, 6)]
        self.assertTrue(any(re.match(r"T06 unknown host -3 ", line) for line in marks), marks)
        self.assertTrue(any(re.match(r"T06 closed port -4 ", line) for line in marks), marks)

    def test_07_a_session_is_steered_over_its_control_url(self):
        name, _ = self.load(7)
        with self.callee("15550411") as phone:
            session = self.start(name, "15550411")
            phone.event("CALL_ESTABLISHED")
            session.logged("Sent event to JS Call.Connected")
            ask = lambda **body: session.ask(json.dumps(body), headers={"X-Trace": "abc", "Accept": "*/*"})
            status = ask(cmd="status")
            self.assertEqual((json.loads(status.text), status.headers["content-type"].split(";")[0]), ({"state": "CONNECTED", "n": 1}, "application/json"))
            self.assertEqual((ask(cmd="text").text, ask(cmd="number").text), ("hello", "42"))
            self.assertEqual(json.loads(ask(cmd="say", text="Somebody is at the door.").text), {"ok": True})
            phone.hears_speech()
            self.assertEqual(json.loads(session.ask(method="GET").text), {"n": 5})
            self.assertEqual(json.loads(ask(cmd="hangup").text), {"ok": True})
            phone.event("CALL_CLOSED")
            session.ended()
        lines = [line for line in session.log() if line.startswith("T07 ")]
        self.assertIn('[{"key":"X-Trace","value":"abc"}]', lines[0].replace('": "', '":"'))
        self.assertRegex(lines[4], r"^T07 GET \S+  \[\]$")

    def test_12_an_outgoing_web_socket_steers_the_call(self):
        heads, texts = [], []

        def talk(end, path, headers):
            heads.append((path, headers))
            texts.append(end.receive())
            end.send(json.dumps({"cmd": "say", "text": "I am listening."}))
            if len(heads) == 1:
                heard.wait(20)
                end.send(json.dumps({"cmd": "bye"}))
            else:
                end.close(4001, "enough")
            try:
                end.receive()
            except ConnectionError:
                pass

        heard = threading.Event()
        with SocketServer(talk) as server:
            name, number = self.load(12, {"ws://127.0.0.1:8098": f"ws://127.0.0.1:{server.port}"})
            for time_ in range(2):
                with self.caller() as phone:
                    self.dial(phone, number)
                    phone.event("CALL_ESTABLISHED")
                    if time_ == 0:
                        phone.hears_speech(0.3)
                        heard.set()
                    phone.event("CALL_CLOSED", 30)
            rows = self.bench.ended(name, 2)
        self.assertEqual((heads[0][0], heads[0][1]["x-token"], heads[0][1].get("sec-websocket-protocol")), ("/agent", "abc", "chat"))
        self.assertEqual(json.loads(texts[0]), {"hello": CALLER})
        self.assertEqual(self.lines(rows[0], 12)[:3], [f"T12 open open ws://127.0.0.1:{server.port}/agent", "T12 message say", "T12 message bye"])
        self.assertIn("T12 closed 4001 true", self.lines(rows[1], 12))

    def test_16_a_session_ends_in_order(self):
        with Web() as web:
            name, _ = self.load(16, {"http://127.0.0.1:8099": f"http://127.0.0.1:{web.port}"})
            session = self.start(name, "begin")
            row = session.ended()
            asked = web.next()
            self.assertEqual((asked["method"], asked["path"], asked["body"]), ("POST", "/last", "result=7"))
            self.assertTrue(web.requests.empty())
        marks = [line for line in session.log() if line.startswith("T16")]
        self.assertEqual([mark for mark in marks if "request done" not in mark], ["T16 before begin", "T16 still running", "T16 terminating", "T16 terminated"])
        self.assertEqual(marks[-1], "T16 terminated")
        self.assertEqual((row["custom_data"], row["calls"]), ("result=7", []))

    def test_17_sessions_share_the_storage_of_their_application(self):
        name, number = self.load(17)
        for user in (CALLER, CALLER, "15550778"):
            play(Story(user, TRUNK, number).invite().answered().comes("BYE").ok(), self.bench.sip, ip=TRUNK)
        counts = [self.lines(row, 17) for row in self.bench.ended(name, 3)]
        self.assertEqual([re.match(r"T17 count (\d) key=calls:(\d+) in (59|60|61)s$", lines[0]).groups()[:2] for lines in counts], [("1", CALLER), ("2", CALLER), ("1", "15550778")])
        self.assertEqual([lines[1] for lines in counts], ["T17 refused"] * 3)

    def test_19_headers_messages_and_infos_pass_between_two_legs(self):
        name, _ = self.load(19)
        domain = f"{name}.owner.cordboard.internal"
        for user in ("ada", "bob"):
            self.bench.user(name, user)
        callee = Story("bob", domain, "bob", PASSWORD).register()
        # SIPp's branch of the second call: the same process waits for the INVITE on the port that it registered.
        ringing = Story("bob", domain, "bob").comes("INVITE").respond(180, "Ringing").respond(200, "OK", SDP, headers=["X-Answered: yes"], retrans=True).comes("ACK")
        ringing.comes("MESSAGE").ok().comes("INFO").ok().comes("BYE").ok()
        port = free_port()
        play(callee, self.bench.sip, port=port, ip=USERS)
        caller = Story("ada", domain, "bob", PASSWORD).invite(headers=["X-Order: 17", "Subject: secret"]).ringing().comes(200).ack().pause(300)
        caller.request("MESSAGE", "good ü morning", "text/plain;charset=utf-8").comes(200)
        caller.request("INFO", '{"a":1}', "application/json").comes(200)
        caller.request("MESSAGE", "/quit", "text/plain").comes(200).comes("BYE").ok()
        with Sipp(ringing, port=port, ip=USERS) as bob:
            ada = play(caller, self.bench.sip, ip=USERS)
            bob.ends()
            self.assertEqual(bob.header("INVITE", "X-Order"), "17")
            bodies = {first.split()[0]: (body, dict(headers).get("Content-Type")) for first, headers, body in bob.received()}
        self.assertEqual(bodies["MESSAGE"][0], "good ü morning")
        self.assertEqual(bodies["INFO"], ('{"a":1}', "application/json"))
        answer = next(message for message in ada.kept if message[0].startswith("SIP/2.0 200") and any(value.endswith("INVITE") for key, value in message[1] if key == "CSeq"))
        self.assertIn("X-Agent", dict(answer[1]))
        (row,) = self.bench.ended(name)
        self.assertTrue(self.lines(row, 19)[0].startswith("T19 order 17 "), self.lines(row, 19))
        self.assertIn("T19 info application/json", self.lines(row, 19))
        self.assertIn("X-Answered", next(line for line in self.lines(row, 19) if line.startswith("T19 answered")))
        self.assertNotIn("secret", "".join(self.lines(row, 19)))
        self.assertEqual(row["calls"][0].get("custom_data"), "order=17")

    def test_20_the_functions_that_need_no_call(self):
        name, _ = self.load(20)
        session = self.start(name, "")
        session.ended()
        header = scenario("20", {}).split("and the session ends")[0].split("(exact lines)")[1]
        expected = [f"T20 {text.strip()}" for line in header.splitlines() for text in line.strip(" *").split("T20 ") if text.strip()]
        self.assertEqual([line for line in session.log() if line.startswith("T20")], expected)


if __name__ == "__main__":
    unittest.main()
