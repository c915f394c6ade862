"""Scripts that burn or hoard: the session ends, and nobody else notices."""

import http.client
import pathlib
import threading
import time
import unittest
import urllib.parse

from cordboard import Cordboard
from sessions import Account, until

# Native functions that do not look at the brake and go on for long after their second.
JOIN = "new Array(4e9).join('')"
CONCAT = "const a = []; a[4e9] = 1; for (let i = 0; i < 100; i += 1) [].concat(a, a);"
REVERSE = "const a = []; a[4e9] = 1; a.reverse();"
INDEX_OF = "('a'.repeat(4 << 20)).indexOf('a'.repeat(1 << 20) + 'b');"

# From the end of its second of processor time until a session is over: half a second, and what a loaded machine adds.
OVER_SECONDS = 6

# How late others may be answered.
LATE_SECONDS = 0.25


def burning(code):
    return f"VoxEngine.addEventListener('Application.HttpRequest', () => {{ Logger.write('T burns'); {code} }}); VoxEngine.customData('kept');"


class Exhaustion(threading.Thread):
    """When the server's threads that run sessions had each used a second of processor time, by the monotonic clock."""

    def __init__(self, server):
        super().__init__()
        self.tasks, self.moments, self.stopping = pathlib.Path(f"/proc/{server.runtime['pid']}/task"), {}, threading.Event()

    def run(self):
        while not self.stopping.is_set():
            for task in self.tasks.iterdir():
                try:
                    name, _, stat = (task / "stat").read_text().partition(" (")[2].rpartition(") ")
                except OSError:
                    continue  # It ended meanwhile.
                fields = stat.split()
                # User and system time, in hundredths of a second (proc_pid_stat(5), fields 14 and 15).
                if name == "sessions" and int(fields[11]) + int(fields[12]) >= 100:
                    self.moments.setdefault(task.name, time.monotonic())
            self.stopping.wait(0.01)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.join()


class Pulse:
    """Asks a session's control URL every 20 ms and remembers how long each answer took."""

    def __init__(self, session):
        self.session, self.times, self.stopping = session, [], threading.Event()
        self.failures = []
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        until(lambda: len(self.times) > 5, "the pulse beats")
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.thread.join()

    def run(self):
        address = urllib.parse.urlsplit(self.session.url)
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
        while not self.stopping.is_set():
            began = time.monotonic()
            try:
                connection.request("GET", address.path)
                response = connection.getresponse()
                body = response.read()
                if (response.status, body) != (200, b"alive"):
                    self.failures.append((response.status, body))
            except OSError as failure:
                self.failures.append(failure)
                connection.close()
            self.times.append(time.monotonic() - began)
            self.stopping.wait(max(0, 0.02 - self.times[-1]))
        connection.close()


class Isolation(unittest.TestCase):
    def setUp(self):
        # What burns is ended with the process: nothing else can end a native function.
        self.server = Cordboard("--drain", "1")
        self.server.start()
        self.account = Account(self.server)
        self.other = self.account.child("other")
        self.alive = self.other.run("VoxEngine.addEventListener('Application.HttpRequest', () => 'alive');")
        self.addCleanup(self.end)

    def end(self):
        errors = [line for line in self.server.log().splitlines() if " ERROR " in line]
        self.server.kill()
        self.server.__exit__(None, None, None)
        self.assertEqual(errors, [])

    def burn(self, sessions):
        """Lets sessions burn at once, and gives each one's answer and when it came."""
        over = {}

        def ask(session):
            answer = session.ask("burn")
            over[session.id] = (answer.status, time.monotonic())

        threads = [threading.Thread(target=ask, args=(session,)) for session in sessions]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
        return over

    def test_sessions_that_burn_end_and_hold_up_nobody(self):
        sessions = [
            self.account.run(burning(JOIN)),
            self.account.run(burning(CONCAT)),
            self.other.run(burning(REVERSE)),
            self.other.run(burning(INDEX_OF)),
        ]
        with Pulse(self.alive) as pulse, Exhaustion(self.server) as exhaustion:
            beats = len(pulse.times)
            over = self.burn(sessions)
            for session in sessions:
                row = session.ended("JS session error")
                self.assertEqual(row["custom_data"], "kept")
                self.assertEqual(session.ask("again").status, 404)
                self.assertIn("T burns", session.log())
                self.assertEqual(session.log()[-1], "Session terminated")
            # The threads burn on.
            beats_then = len(pulse.times)
            until(lambda: len(pulse.times) > beats_then + 50, "the pulse beats on")
        late = [f"{took * 1000:.0f} ms" for took in pulse.times[beats:] if took > LATE_SECONDS]
        self.assertEqual((pulse.failures, late), ([], []), f"{len(pulse.times)} answers, the slowest after {max(pulse.times) * 1000:.0f} ms")
        self.assertEqual({status for status, _ in over.values()}, {404})
        moments = sorted(exhaustion.moments.values())
        self.assertGreaterEqual(len(moments), 4)
        took = [ended - exhausted for ended, exhausted in zip(sorted(moment for _, moment in over.values()), moments)]
        self.assertEqual([seconds for seconds in took if seconds > OVER_SECONDS], [])

    def test_a_thread_that_comes_back_gives_its_place_back(self):
        # Some seconds of a native function each.
        code = "const a = new Float64Array(1 << 20); new Array(12e7).join('');"
        self.burn([self.account.run(burning(code)), self.account.run(burning(code))])
        rule = self.account.rule("VoxEngine.terminate();")
        until(lambda: "error" not in self.account.call("StartScenarios", rule_id=rule), "the account may start again", seconds=180)

    def test_endless_loops_end(self):
        loops = ["for (;;);", "(async () => { for (;;) await null; })();", "const again = () => Promise.resolve().then(again); again();", "for (;;) try { for (;;); } catch (e) {} finally { }", "/(a+)+$/.test('a'.repeat(40) + 'b');"]
        sessions = [self.account.run(burning(loop)) for loop in loops]
        with Pulse(self.alive) as pulse:
            over = self.burn(sessions)
            for session in sessions:
                session.ended("JS session error")
        self.assertEqual(pulse.failures, [])
        self.assertLess(max(pulse.times), LATE_SECONDS)
        # A handler that has returned is answered; its loop goes on in promises.
        self.assertEqual({status for status, _ in over.values()}, {200, 404})
        # They came back by themselves, so nothing is stuck.
        self.account.run("VoxEngine.terminate();").ended()

    def test_memory_bombs_end_their_session_alone(self):
        bombs = [
            "const a = []; for (;;) a.push(new Array(1000).fill(7));",
            "let s = 'x'; for (;;) s += s;",
            "const a = []; for (;;) a.push(new ArrayBuffer(1 << 20));",
            "const m = new Map(); for (let i = 0; ; i += 1) m.set(i, {});",
            "'x'.repeat(1 << 30);",
            "const deep = () => deep() + 1; deep();",
            "JSON.parse('['.repeat(1 << 20));",
            "const f = []; for (;;) { try { f.push(new Uint8Array(1 << 16)); } catch (e) {} }",
        ]
        sessions = [self.account.run(burning(bomb)) for bomb in bombs]
        before = self.resident()
        over = self.burn(sessions)
        for session in sessions:
            session.ended("JS session error")
        self.assertTrue({status for status, _ in over.values()} <= {404, 500}, over)
        self.assertLess(self.resident() - before, 200 * 1024 * 1024)
        self.assertEqual(self.alive.ask().text, "alive")
        self.account.run("VoxEngine.terminate();").ended()

    def resident(self):
        with open(f"/proc/{self.server.runtime['pid']}/statm") as file:
            return int(file.read().split()[1]) * 4096

    def test_sigterm_while_sessions_burn_writes_their_history(self):
        burnt = self.account.run(burning(JOIN))
        self.burn([burnt])
        waiting = self.account.run("VoxEngine.addEventListener('Application.HttpRequest', () => 'alive');")
        self.server.stop()
        self.assertEqual(self.server.process.returncode, 0)
        self.server.start()
        burnt.ended("JS session error")
        for session in (waiting, self.alive):
            session.account.server = self.server
            session.ended("Terminated administratively")


if __name__ == "__main__":
    unittest.main()
