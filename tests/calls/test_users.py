"""Users with several devices: who rings, who answers, what is cancelled, held, refused, and what the history says of it."""

import os
import re
import signal
import stat
import unittest

from baresip import Phone, free_port
from bench import PASSWORD, Bench
from sessions import Account, until
from sipp import SDP, Sipp, Story, play

FORWARD = """VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call, callerid, destination, headers }) => {
  Logger.write(`T headers ${JSON.stringify(headers)}`);
  const other = VoxEngine.callUser({ username: destination, callerid, extraHeaders: { 'X-Note': 'hello', 'User-to-User': '4c6f72;encoding=hex' } });
  for (const name of ['Failed', 'Disconnected', 'Connected']) other.addEventListener(CallEvents[name], (e) => Logger.write(`T other ${name} ${e.code} ${e.reason} ${JSON.stringify(e.headers)}`));
  for (const name of ['OnHold', 'OffHold']) call.addEventListener(CallEvents[name], () => Logger.write(`T ${name}`));
  VoxEngine.easyProcess(call, other);
});"""

ELSEWHERE = """VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call, destination }) => {
  call.addEventListener(CallEvents.Connected, () => {
    const other = destination === 'pstn' ? VoxEngine.callPSTN('+442071234567', '15550100') : VoxEngine.callSIP('sip:x@192.0.2.1', 'ada');
    other.addEventListener(CallEvents.Failed, ({ code }) => { Logger.write(`T failed ${code}`); VoxEngine.terminate(); });
  });
  call.answer();
});"""

HOLD = SDP + "a=sendonly\n"


class Users(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bench = Bench()
        cls.bench.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.bench.__exit__(None, None, None)

    def application(self, script=FORWARD, **rule):
        name, domain = self.bench.application(script, **rule)
        for user in ("ada", "bob"):
            self.bench.user(name, user)
        return name, domain

    def phone(self, user, domain, **how):
        return Phone(self.bench.server, user, PASSWORD, domain, **how)

    def caller(self, domain, to="bob"):
        return Story("ada", domain, to, PASSWORD)

    def lines(self, row):
        return [line for line in self.bench.session_log(row) if line.startswith("T ")]

    def test_all_devices_ring_over_udp_and_tcp_and_one_answers(self):
        name, domain = self.application()
        with self.phone("bob", domain, answers=False) as desk, self.phone("bob", domain, answers=False, transport="tcp", hz=1000) as cell, self.phone("ada", domain) as ada:
            ada.dial("bob")
            desk.event("CALL_INCOMING")
            cell.event("CALL_INCOMING")
            cell.do("accept")
            ada.event("CALL_ESTABLISHED")
            desk.event("CALL_CLOSED")
            ada.hears(1000)
            ada.hang_up()
            cell.event("CALL_CLOSED")
        (row,) = self.bench.ended(name)
        first, second = row["calls"]
        self.assertEqual([(call["incoming"], call["local_number"], call["remote_number"], call["remote_number_type"], call["successful"], call["end_reason"]) for call in row["calls"]], [(True, "bob", "ada", "user", True, {"code": 200, "details": first["end_reason"]["details"]}), (False, "ada", "bob", "user", True, {"code": 200, "details": second["end_reason"]["details"]})])
        for call in row["calls"]:
            self.assertRegex(call["start_time"], r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")
            self.assertIn(call["duration"], range(1, 20))

    def test_a_device_that_declines_leaves_the_others_ringing(self):
        name, domain = self.application()
        with self.phone("bob", domain, answers=False) as desk, self.phone("bob", domain, answers=False) as cell, self.phone("ada", domain) as ada:
            ada.dial("bob")
            desk.event("CALL_INCOMING")
            cell.event("CALL_INCOMING")
            desk.hang_up()
            desk.event("CALL_CLOSED")
            cell.do("accept")
            ada.event("CALL_ESTABLISHED")
            cell.hang_up()
            ada.event("CALL_CLOSED")
        self.bench.ended(name)

    def test_a_caller_that_gives_up_cancels_all_devices(self):
        name, domain = self.application()
        with self.phone("bob", domain, answers=False) as desk, self.phone("bob", domain, answers=False, transport="tcp") as cell, self.phone("ada", domain) as ada:
            ada.dial("bob")
            for phone in (desk, cell):
                phone.event("CALL_INCOMING")
            ada.hang_up()
            for phone in (desk, cell):
                phone.event("CALL_CLOSED")
            self.assertIn("CANCEL sip:", cell.trace())
        (row,) = self.bench.ended(name)
        self.assertEqual([(call["successful"], call["duration"], call["end_reason"]["code"]) for call in row["calls"]], [(False, 0, 487), (False, 0, 487)])

    def test_an_offline_and_an_unknown_user_fail_with_their_codes(self):
        for user, status, why in (("bob", 480, "registered"), ("nobody", 404, "no active user")):
            name, domain = self.application(FORWARD.replace("VoxEngine.easyProcess(call, other);", "other.addEventListener(CallEvents.Failed, ({ code }) => { call.reject(code); VoxEngine.terminate(); });"))
            play(self.caller(domain, user).invite().refused(status), self.bench.sip)
            (row,) = self.bench.ended(name)
            outgoing = row["calls"][1]
            self.assertEqual((outgoing["successful"], outgoing["duration"], outgoing["end_reason"]["code"]), (False, 0, status))
            self.assertIn(why, self.bench.explanations(row)[1])

    def test_a_device_is_called_no_more_after_its_user_has_a_new_password_or_is_closed(self):
        for change in ({"user_password": "An0ther-Word"}, {"user_active": "false"}):
            name, domain = self.application(FORWARD.replace("VoxEngine.easyProcess(call, other);", "other.addEventListener(CallEvents.Failed, ({ code }) => { call.reject(code); VoxEngine.terminate(); }); other.addEventListener(CallEvents.Ringing, () => { call.reject(486); VoxEngine.terminate(); });"))
            with self.phone("bob", domain, answers=False):
                play(self.caller(domain).invite().refused(486), self.bench.sip)
                self.bench.account.ask("SetUserInfo", application_name=name, user_name="bob", **change)
                play(self.caller(domain).invite().refused(404 if "user_active" in change else 480), self.bench.sip)

    def test_what_may_not_be_called_is_explained(self):
        name, domain = self.application(ELSEWHERE)
        for to in ("pstn", "sip"):
            play(self.caller(domain, to).invite().answered().comes("BYE").ok(), self.bench.sip)
        first, second = self.bench.ended(name, 2)
        self.assertIn("+442071234567 is not allowed", self.bench.explanations(first)[1])
        self.assertIn("192.0.2.1", self.bench.explanations(second)[1])

    def test_a_call_that_no_rule_takes_says_so_in_the_history(self):
        name, domain = self.bench.application()
        self.bench.user(name, "ada")
        self.bench.account.ask("AddRule", application_name=name, rule_name="sales", rule_pattern="sales[0-9]+")
        play(self.caller(domain, "support").invite().refused(404), self.bench.sip)
        (row,) = self.bench.ended(name)
        self.assertEqual([(call["incoming"], call["successful"], call["end_reason"]["code"], call["remote_number"], call["local_number"]) for call in row["calls"]], [(True, False, 404, "ada", "support")])
        self.assertIn("sales", self.bench.explanations(row)[0])

    def test_strangers_get_a_bare_code_and_the_account_or_the_operator_the_reason(self):
        name, domain = self.application()
        seen = []
        for called in (domain, "demo.nobody.cordboard.internal"):
            stranger = Story("mallory", called, "bob")
            stranger.home = "example.org"
            (*others, (first, headers, body)) = play(stranger.invite().refused(403), self.bench.sip).kept
            seen.append((first, [key for key, _ in headers], body))
        self.assertEqual(*seen)
        self.assertEqual(seen[0][1:], (["Via", "From", "To", "Call-ID", "CSeq", "Content-Length"], ""))
        (row,) = self.bench.ended(name)
        self.assertIn("white list", " ".join(self.bench.explanations(row)).lower())
        refused = self.bench.account.ask("GetRefusedRequests")["result"]
        self.assertTrue(any("demo.nobody" in row["target"] and row["method"] == "INVITE" for row in refused), refused)

    def test_a_wrong_password_and_an_unknown_user_look_the_same(self):
        name, domain = self.application()
        seen = []
        for user, password in (("ada", "wrong"), ("nobody", "wrong")):
            story = Story(user, domain, user, password)
            headers = ["Expires: 600"]
            story.request("REGISTER", headers=headers, to_tag=False, uri=f"sip:{domain}").comes(401, auth=True)
            story.request("REGISTER", headers=headers, to_tag=False, uri=f"sip:{domain}", auth=True).comes(401)
            kept = play(story, self.bench.sip).kept
            first, headers, body = kept[-1]
            seen.append((first, [key for key, _ in headers], body))
        self.assertEqual(*seen)

    def test_headers_pass_both_ways(self):
        name, domain = self.application()
        port = free_port()
        play(Story("bob", domain, "bob", PASSWORD).register(), self.bench.sip, port=port)
        callee = Story("bob", domain, "bob").comes("INVITE").respond(180, "Ringing").respond(200, "OK", SDP, headers=["X-Desk: 4", "Subject: no"], retrans=True).comes("ACK")
        callee.comes("BYE").ok()
        caller = self.caller(domain).invite(headers=["X-Order: 17", "User-to-User: 3031;encoding=hex", "Subject: no"]).answered().bye()
        with Sipp(callee, port=port) as bob:
            play(caller, self.bench.sip)
            bob.ends()
            self.assertEqual((bob.header("INVITE", "X-Note"), bob.header("INVITE", "User-to-User")), ("hello", "4c6f72;encoding=hex"))
        (row,) = self.bench.ended(name)
        offered = next(line for line in self.lines(row) if line.startswith("T headers"))
        self.assertIn('"X-Order":"17"', offered)
        self.assertNotIn("Subject", offered)
        self.assertIn('"X-Desk":"4"', next(line for line in self.lines(row) if "Connected" in line))

    def test_a_caller_holds_and_resumes(self):
        name, domain = self.application()
        with self.phone("bob", domain) as bob:
            caller = self.caller(domain).invite().answered()
            for body in (HOLD, SDP, SDP):
                caller.pause(200).request("INVITE", body.replace("53655765 2353687637", f"53655765 {2353687638 + caller.cseq}")).comes(100, optional=True).comes(200).ack()
            # Without a description: ours offers, and theirs answers in the ACK.
            caller.pause(200).request("INVITE").comes(100, optional=True).comes(200)
            caller.request("ACK", SDP, cseq=caller.cseq)
            kept = play(caller.pause(200).bye(), self.bench.sip).kept
            bob.event("CALL_CLOSED")
        answers = [body for first, headers, body in kept if first.startswith("SIP/2.0 200") and any(value.endswith("INVITE") for key, value in headers if key == "CSeq")]
        self.assertEqual(len(answers), 5)
        self.assertIn("a=recvonly", answers[1])
        for answer in (answers[0], answers[2], answers[3], answers[4]):
            self.assertTrue("a=sendrecv" in answer or not re.search(r"a=(recvonly|sendonly|inactive)", answer), answer)
        (row,) = self.bench.ended(name)
        self.assertEqual([line for line in self.lines(row) if "Hold" in line], ["T OnHold", "T OffHold"])

    def test_odd_requests_within_a_call_are_answered_and_leave_it(self):
        name, domain = self.application()
        with self.phone("bob", domain) as bob:
            caller = self.caller(domain).invite().answered()
            # The hold of RFC 2543, an UPDATE without a description, a codec that nobody has, and what nobody knows.
            old = SDP.replace("c=IN IP[media_ip_type] [media_ip]", "c=IN IP4 0.0.0.0").replace("53655765 2353687637", "53655765 2353687640")
            caller.pause(200).request("INVITE", old).comes(100, optional=True).comes(200).ack()
            caller.request("UPDATE").comes(200)
            alien = SDP.replace("RTP/AVP 0 101\na=rtpmap:0 PCMU/8000", "RTP/AVP 18\na=rtpmap:18 G729/8000").replace("a=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15\n", "")
            caller.request("INVITE", alien).comes(100, optional=True).comes(488).ack(refused=True)
            caller.request("BREW").comes(501)
            caller.request("OPTIONS").comes(200)
            caller.request("INFO").comes(200)
            play(caller.bye(), self.bench.sip)
            bob.event("CALL_CLOSED")
        self.bench.ended(name)

    def test_a_phone_is_asked_to_hold_and_resume_by_baresip(self):
        name, domain = self.application()
        with self.phone("bob", domain, hz=1000) as bob, self.phone("ada", domain) as ada:
            ada.call("bob")
            ada.hears(1000)
            ada.do("hold")
            until(lambda: "sendonly" in ada.trace() or "inactive" in ada.trace(), ada.trace, 10)
            ada.do("resume")
            before = len(bob.samples())
            until(lambda: len(bob.samples()) > before + 16_000, "audio goes on", 20)
            ada.hang_up()
            bob.event("CALL_CLOSED")
        self.bench.ended(name)

    def test_options_are_answered(self):
        for transport in ("u1", "t1"):
            story = Story("monitor", "127.0.0.1", "ping").request("OPTIONS", to_tag=False).comes(200)
            (answer,) = play(story, self.bench.sip, transport=transport).kept
            self.assertIn("INVITE", dict(answer[1]).get("Allow", ""))

    def test_an_invite_without_a_description_is_offered_one(self):
        name, domain = self.application()
        with self.phone("bob", domain) as bob:
            caller = self.caller(domain)
            caller.invite(body="").ringing().comes(200)
            caller.request("ACK", SDP, cseq=caller.cseq)
            kept = play(caller.pause(500).bye(), self.bench.sip).kept
            bob.event("CALL_CLOSED")
        answer = next(body for first, headers, body in kept if first.startswith("SIP/2.0 200") and body)
        self.assertIn("m=audio", answer)
        self.bench.ended(name)

    def test_keys_by_info_are_heard(self):
        script = """VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
          call.addEventListener(CallEvents.Connected, () => call.handleTones(true));
          call.addEventListener(CallEvents.ToneReceived, ({ tone }) => Logger.write(`T tone ${tone}`));
          call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
          call.answer();
        });"""
        name, domain = self.application(script)
        caller = self.caller(domain, "menu").invite().answered().pause(300)
        for key in "5#":
            caller.request("INFO", f"Signal={key}\nDuration=160", "application/dtmf-relay").comes(200)
        caller.request("INFO", "7", "application/dtmf").comes(200)
        play(caller.bye(), self.bench.sip)
        (row,) = self.bench.ended(name)
        self.assertEqual(self.lines(row), ["T tone 5", "T tone #", "T tone 7"])

    def test_a_server_that_is_stopped_hangs_up_and_writes_it_down(self):
        with Bench("--drain", "2") as bench:
            name, domain = bench.application("VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => call.answer());")
            bench.user(name, "ada")
            with Phone(bench.server, "ada", PASSWORD, domain) as phone:
                phone.call("stay")
                os.kill(bench.server.runtime["pid"], signal.SIGTERM)
                # New calls are refused while the old one has its time.
                play(Story("ada", domain, "more", PASSWORD).request("INVITE", SDP, to_tag=False).comes(100, optional=True).comes(503).ack(refused=True), bench.sip)
                phone.event("CALL_CLOSED")
                self.assertEqual(bench.server.process.wait(60), 0)
                self.assertIn("BYE sip:ada", phone.trace())
            bench.server.stop()
            bench.server.start()
            bench.account = Account(bench.server)
            (row,) = bench.ended(name)
            self.assertEqual((row["finish_reason"], [(call["successful"], call["end_reason"]["code"]) for call in row["calls"]]), ("Terminated administratively", [(True, 200)]))

    def test_a_restart_leaves_phones_reachable(self):
        with Bench() as bench:
            name, domain = bench.application(FORWARD)
            for user in ("ada", "bob"):
                bench.user(name, user)
            with Phone(bench.server, "bob", PASSWORD, domain) as bob:
                bench.server.stop()
                self.assertEqual(stat.S_IMODE((bench.server.data / "registrations.json").stat().st_mode), 0o600)
                bench.server.start()
                bench.account = Account(bench.server)
                host, port = bench.server.runtime["sip"].rsplit(":", 1)
                play(Story("ada", domain, "bob", PASSWORD).invite().answered().bye(), (host, int(port)))
                bob.event("CALL_CLOSED")

    def test_devices_come_and_go(self):
        name, domain = self.application()
        with self.phone("bob", domain) as bob:
            story = self.caller(domain).invite().answered().bye()
            play(story, self.bench.sip)
            bob.event("CALL_CLOSED")
        # It unregistered when it ended.
        play(self.caller(domain).invite().refused(603), self.bench.sip)
        rows = self.bench.ended(name, 2)
        self.assertEqual([row["calls"][1]["end_reason"]["code"] for row in rows], [200, 480])


if __name__ == "__main__":
    unittest.main()
