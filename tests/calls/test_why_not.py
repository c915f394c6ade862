"""What the history says of calls whose scenario stopped: who called whom, the code, and the error with its place."""

import unittest

from bench import PASSWORD, Bench
from sipp import Story, play

ALERTING = "VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => { %s });"


class WhyNot(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bench = Bench()
        cls.bench.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.bench.__exit__(None, None, None)

    def call(self, script, end):
        """A call of ada to 700, whose story ends as `end` says; the row of its session and its explanation."""
        name, domain = self.bench.application(script)
        self.bench.user(name, "ada")
        play(end(Story("ada", domain, "700", PASSWORD).invite()), self.bench.sip)
        (row,) = self.bench.ended(name)
        self.assertEqual(row["finish_reason"], "JS session error")
        self.assertEqual([(call["incoming"], call["local_number"], call["remote_number"], call["remote_number_type"]) for call in row["calls"]], [(True, "700", "ada", "user")])
        (why,) = self.bench.explanations(row)
        return row, why

    def test_a_call_whose_scenario_stops_before_it_hears_of_it_is_there_with_the_error(self):
        for script, error in (
            ("const x = ;", r"SyntaxError: unexpected token in expression: ';' \([\w-]+:1:11\)"),
            ("const settings = undefined;\nsettings.greeting;", r"TypeError: cannot read property 'greeting' of undefined \([\w-]+:2:\d+\)"),
            ("VoxEngine.addEventListener(AppEvent.CallAlerting, () => {});", r"ReferenceError: AppEvent is not defined \([\w-]+:1:\d+\)"),
        ):
            row, why = self.call(script, lambda story: story.refused(603))
            self.assertEqual((row["calls"][0]["successful"], row["calls"][0]["duration"], row["calls"][0]["end_reason"]["code"]), (False, 0, 603))
            self.assertRegex(why, f"^The scenario stopped: {error}\\.$")

    def test_a_call_whose_handler_throws_or_never_ends_says_so(self):
        row, why = self.call(ALERTING % "call.anwser();", lambda story: story.refused(603))
        self.assertEqual(row["calls"][0]["end_reason"]["code"], 603)
        self.assertRegex(why, r"^The scenario stopped: TypeError: not a function \([\w-]+:1:\d+\)\.$")
        log = "\n".join(self.bench.session_log(row))
        self.assertNotRegex(log, r"<null>|cordboard:|\(session:|\(native\)")
        _, why = self.call(ALERTING % "for (;;) {}", lambda story: story.refused(603))
        self.assertEqual(why, "The scenario was stopped: a turn may use 1 s of processor time.")

    def test_a_call_that_talked_when_its_scenario_stopped_says_so(self):
        script = ALERTING % "call.addEventListener(CallEvents.Connected, () => call.record()); call.answer();"
        row, why = self.call(script, lambda story: story.answered().comes("BYE").ok())
        self.assertTrue(row["calls"][0]["successful"])
        self.assertRegex(why, r"^The scenario stopped: Error: .*record.*not yet available.* \([\w-]+:1:\d+\)\.$")

    def test_a_plain_listener_that_ends_the_session_leaves_no_stack(self):
        name, domain = self.bench.application(ALERTING % "call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate); call.answer();")
        self.bench.user(name, "ada")
        play(Story("ada", domain, "700", PASSWORD).invite().answered().bye(), self.bench.sip)
        (row,) = self.bench.ended(name)
        self.assertEqual(self.bench.explanations(row), [None])
        log = self.bench.session_log(row)
        at = log.index("Terminating request..., stack=")
        self.assertRegex(log[at + 1], "^Sent event to JS Application.Terminating")


if __name__ == "__main__":
    unittest.main()
