"""What phones hear, judged by tones."""

import pathlib
import unittest

import tones
from baresip import Phone
from bench import PASSWORD, Bench
from outside import Web
from sessions import until

MP3 = pathlib.Path(__file__).parents[2] / "crates/media/tests/nets/corpus/sound/tone.mp3"

ECHO = """VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
  call.addEventListener(CallEvents.Connected, () => call.sendMediaTo(call));
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.answer();
});"""

FORWARD = """VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call, callerid, destination }) => {
  VoxEngine.easyProcess(call, VoxEngine.callUser({ username: destination, callerid }));
});"""

PLAY = """VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call, destination }) => {
  call.addEventListener(CallEvents.Connected, () => call.startPlayback(`http://127.0.0.1:PORT/${destination}`, { loop: false }));
  call.addEventListener(CallEvents.PlaybackFinished, ({ error }) => { Logger.write(`T finished ${error}`); call.hangup(); });
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.answer();
});"""

KEYS = """VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
  call.addEventListener(CallEvents.Connected, () => call.handleTones(true));
  call.addEventListener(CallEvents.ToneReceived, ({ tone, type }) => { Logger.write(`T tone ${tone} ${type}`); if (tone === '#') call.hangup(); });
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.answer();
});"""

DIGITS = """VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
  call.addEventListener(CallEvents.Connected, () => call.sendDigits('12#'));
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.answer();
});"""


class Sound(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bench = Bench()
        cls.bench.__enter__()
        cls.name, cls.domain = cls.bench.application(ECHO, name="sound")
        for user in ("ada", "bob"):
            cls.bench.user(cls.name, user)

    @classmethod
    def tearDownClass(cls):
        cls.bench.__exit__(None, None, None)

    def application(self, script):
        name, domain = self.bench.application(script)
        for user in ("ada", "bob"):
            self.bench.user(name, user)
        return name, domain

    def phone(self, user, **how):
        return Phone(self.bench.server, user, PASSWORD, how.pop("domain", self.domain), **how)

    def test_a_phone_hears_its_own_tone_come_back_in_both_laws_and_opus(self):
        for transport, codecs in (("udp", "pcmu"), ("tcp", "pcma"), ("udp", "opus/48000/2")):
            with self.subTest(codecs), self.phone("ada", transport=transport, codecs=codecs) as phone:
                phone.call("echo")
                phone.hears(440)
                self.assertIn(f"set audio decoder: {codecs.split('/')[0]}", phone.trace().lower())
                phone.hang_up()

    def test_two_phones_hear_each_other_and_not_themselves(self):
        name, domain = self.application(FORWARD)
        # The same law, which is relayed, and two, or Opus, which are transcoded.
        for codecs in ("pcmu", "pcma", "opus/48000/2"):
            with self.subTest(codecs), self.phone("ada", domain=domain, codecs="pcmu", hz=440) as ada, self.phone("bob", domain=domain, codecs=codecs, hz=1000) as bob:
                ada.call("bob")
                ada.hears(1000)
                bob.hears(440)
                self.assertLess(tones.heard(ada.samples(), 440), 0.1)
                self.assertLess(tones.heard(bob.samples(), 1000), 0.1)
                bob.hang_up()
                ada.event("CALL_CLOSED")
        for row in self.bench.ended(name, 3):
            self.assertEqual([(call["incoming"], call["successful"], call["end_reason"]["code"]) for call in row["calls"]], [(True, True, 200), (False, True, 200)])

    def test_wav_and_mp3_files_are_played_by_url(self):
        def answer(request):
            if request["path"] == "/tone.wav":
                return 200, {"Content-Type": "audio/wav"}, tones.wav(tones.tone(800, 2))
            return 200, {"Content-Type": "audio/mpeg"}, MP3.read_bytes()

        with Web(answer) as web:
            name, domain = self.application(PLAY.replace("PORT", str(web.port)))
            with self.phone("ada", domain=domain) as phone:
                phone.call("tone.wav")
                phone.event("CALL_CLOSED")
                self.assertGreater(tones.heard(phone.samples(), 800), 1.8)
            with self.phone("ada", domain=domain) as phone:
                phone.call("tone.mp3")
                phone.event("CALL_CLOSED")
                self.assertGreater(tones.loud(phone.samples()), 0.3)
        for row in self.bench.ended(name, 2):
            self.assertIn("T finished undefined", self.bench.session_log(row))

    def test_keys_by_rfc_4733_are_each_heard_once(self):
        name, domain = self.application(KEYS)
        with self.phone("ada", domain=domain) as phone:
            phone.call("keys")
            # Keys before the scenario listens are not heard.
            until(lambda: any("HandleTones" in line for line in self.live_log(name)), lambda: self.live_log(name), 20)
            phone.press("0123456789*ABCD#")
            phone.event("CALL_CLOSED", 30)
        (row,) = self.bench.ended(name)
        heard = [line.split()[2] for line in self.bench.session_log(row) if line.startswith("T tone")]
        self.assertEqual("".join(heard), "0123456789*ABCD#")

    def live_log(self, name):
        live = self.bench.account.ask("GetLiveSessions", count=1000)["result"]
        return [line for row in live for line in self.bench.session_log(row)]

    def test_a_phone_hears_the_digits_that_a_scenario_sends(self):
        _, domain = self.application(DIGITS)
        with self.phone("ada", domain=domain) as phone:
            phone.call("digits")
            self.assertEqual([phone.event("CALL_DTMF_START")["param"] for _ in range(3)], ["1", "2", "#"])
            phone.hang_up()


if __name__ == "__main__":
    unittest.main()
