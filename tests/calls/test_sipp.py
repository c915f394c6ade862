"""SIPp's own scenarios on both sides of the trunk, its recorded keys, and the stronger digest, which neither peer has."""

import hashlib
import re
import socket
import unittest

import tones
from baresip import Phone, free_port
from bench import PASSWORD, TRUNK, Bench
from outside import Web
from sipp import Sipp, Story, play

ANSWER = """VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
  call.addEventListener(CallEvents.Connected, () => { call.handleTones(true); call.say('Hello.', VoiceList.Amazon.en_US_Joanna); });
  call.addEventListener(CallEvents.ToneReceived, ({ tone }) => Logger.write(`T tone ${tone}`));
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.answer();
});"""

CALL = """VoxEngine.addEventListener(AppEvents.Started, () => {
  const call = VoxEngine.callPSTN(VoxEngine.customData(), '15550100');
  for (const name of ['Ringing', 'Connected', 'Disconnected', 'Failed']) call.addEventListener(CallEvents[name], ({ code }) => Logger.write(`T ${name} ${code}`));
  call.addEventListener(CallEvents.Connected, () => setTimeout(() => call.hangup(), 300));
  call.addEventListener(CallEvents.Failed, VoxEngine.terminate);
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
});"""

EARLY = """VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
  call.startEarlyMedia();
  call.startPlayback('http://127.0.0.1:PORT/tone.wav');
  call.addEventListener(CallEvents.PlaybackFinished, () => call.reject(486));
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
});"""

PCAP = "/usr/share/sip-tester/dtmf_2833_{}.pcap"


class BySipp(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bench = Bench(numbers=[("15550201", "taken")])
        cls.bench.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.bench.__exit__(None, None, None)

    def lines(self, row):
        return [line for line in self.bench.session_log(row) if line.startswith("T ")]

    def taken(self):
        if not self.bench.account.ask("GetApplications", application_name="taken")["result"]:
            self.bench.application(ANSWER, name="taken")
        return len(self.bench.account.history(application_name="taken", count=1000))

    def test_its_caller_is_answered_over_udp_and_tcp(self):
        before = self.taken()
        for transport in ("u1", "t1", "tn"):
            with Sipp("uac", self.bench.sip, calls=20, ip=TRUNK, transport=transport, more=["-s", "15550201", "-r", "20", "-d", "100", "-max_socket", "100"]) as sipp:
                sipp.ends()
        rows = self.bench.ended("taken", before + 60)[before:]
        self.assertEqual({(row["finish_reason"], len(row["calls"]), row["calls"][0]["end_reason"]["code"]) for row in rows}, {("Normal termination", 1, 200)})

    def test_its_callee_is_called_over_the_trunk(self):
        name, _ = self.bench.application(CALL)
        (rule,) = self.bench.account.ask("GetRules", application_name=name)["result"]
        with Sipp("uas", ip=TRUNK, port=self.bench.trunk_port, calls=10) as sipp:
            for _ in range(10):
                self.bench.account.start(rule["rule_id"], script_custom_data="+1 (555) 010-0123")
            sipp.ends()
        for row in self.bench.ended(name, 10):
            self.assertEqual([re.sub(" undefined", "", line) for line in self.lines(row)], ["T Ringing", "T Connected", "T Disconnected"])
            (call,) = row["calls"]
            self.assertEqual((call["incoming"], call["successful"], call["remote_number_type"], call["local_number"]), (False, True, "pstn", "15550100"))

    def test_its_recorded_keys_are_heard(self):
        before = self.taken()
        story = Story("15550777", TRUNK, "15550201").invite().answered().pause(500)
        for key in ("1", "2", "pound"):
            # Packets with addresses of their own, which takes a raw socket.
            story.step(f'<nop><action><exec play_pcap_audio="{PCAP.format(key)}"/></action></nop>').pause(1_500)
        play(story.bye(), self.bench.sip, ip=TRUNK, raw=True)
        row = self.bench.ended("taken", before + 1)[-1]
        self.assertEqual(self.lines(row), ["T tone 1", "T tone 2", "T tone #"])

    def test_early_media_is_heard_before_the_answer(self):
        with Web(lambda _: (200, {"Content-Type": "audio/wav"}, tones.wav(tones.tone(800, 2)))) as web:
            name, domain = self.bench.application(EARLY.replace("PORT", str(web.port)))
            self.bench.user(name, "ada")
            with Phone(self.bench.server, "ada", PASSWORD, domain) as phone:
                phone.dial("early")
                phone.event("CALL_CLOSED", 30)
                self.assertNotIn("CALL_ESTABLISHED", [said["type"] for said in phone.seen])
                self.assertGreater(tones.heard(phone.samples(), 800), 1.5)
        (row,) = self.bench.ended(name)
        self.assertEqual((row["calls"][0]["successful"], row["calls"][0]["end_reason"]["code"]), (False, 486))

    def test_a_phone_that_takes_sha_256_registers_with_it(self):
        name, domain = self.bench.application()
        self.bench.user(name, "ada")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plain:
            plain.bind(("127.0.0.1", 0))
            plain.settimeout(20)
            port = plain.getsockname()[1]

            def register(count, *more):
                lines = [f"REGISTER sip:{domain} SIP/2.0", f"Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bKs{count}", f"From: <sip:ada@{domain}>;tag=1", f"To: <sip:ada@{domain}>", "Call-ID: sha", f"CSeq: {count} REGISTER", f"Contact: <sip:ada@127.0.0.1:{port}>", "Max-Forwards: 70", *more, "Content-Length: 0", "", ""]
                plain.sendto("\r\n".join(lines).encode(), self.bench.sip)
                return plain.recv(65536).decode()

            asked = register(1)
            nonce = re.search(r'nonce="([^"]+)", algorithm=SHA-256', asked).group(1)
            sha = lambda *parts: hashlib.sha256(":".join(parts).encode()).hexdigest()
            response = sha(sha("ada", "voximplant.com", PASSWORD), nonce, "00000001", "c", "auth", sha("REGISTER", f"sip:{domain}"))
            answer = register(2, f'Authorization: Digest username="ada", realm="voximplant.com", nonce="{nonce}", uri="sip:{domain}", algorithm=SHA-256, qop=auth, nc=00000001, cnonce="c", response="{response}"')
            self.assertTrue(answer.startswith("SIP/2.0 200"), answer)
            self.assertIn(f"Contact: <sip:ada@127.0.0.1:{port}>", answer)


if __name__ == "__main__":
    unittest.main()
