"""Scripts that burn or hoard: the session ends, and nobody else notices."""

import http.client
import pathlib
import socket
import threading
import time
import unittest
import urllib.parse

from cordboard import Cordboard
from outside import connect
from sessions import Account, until

# Native functions that do not look at the brake and go on for long after their second.
JOIN = "new Array(4e9).join('')"
CONCAT = "const a = []; a[4e9] = 1; for (let i = 0; i < 100; i += 1) [].concat(a, a);"
REVERSE = "const a = []; a[4e9] = 1; a.reverse();"
INDEX_OF = "('a'.repeat(4 << 20)).indexOf('a'.repeat(1 << 20) + 'b');"

# From the end of its second of processor time until a session is over: half a second, and what a loaded machine adds.
OVER_SECONDS = 6

# What a server may hold for callers who do not read.
UNREAD_BYTES = 200 * 1024 * 1024

# How late others may be answered, beside what a loaded machine adds: that is what requests take which no session
# answers, and no more than as much again.
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
    """Asks a session's control URL every 20 ms and remembers how long each answer took, and the same of a session that is not there."""

    def __init__(self, session):
        self.address = urllib.parse.urlsplit(session.url)
        self.times, self.floor, self.failures, self.asked = [], [], [], time.monotonic()
        self.stopping = threading.Event()
        beats = [(self.address.path, (200, b"alive"), self.times), ("/request/0/none", (404, None), self.floor)]
        self.threads = [threading.Thread(target=self.run, args=beat) for beat in beats]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        until(lambda: len(self.times) > 5 and self.floor, "the pulse beats")
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def late(self):
        """Whether an answer is awaited for far too long."""
        return time.monotonic() - self.asked > 10

    def check(self, test):
        allowed = LATE_SECONDS + min(LATE_SECONDS, max(self.floor))
        late = [f"{took * 1000:.0f} ms" for took in self.times if took > allowed]
        test.assertEqual((self.failures, late), ([], []), f"{len(self.times)} answers; those of no session took {max(self.floor) * 1000:.0f} ms at most")

    def run(self, path, wanted, times):
        connection = http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=15)
        while not self.stopping.is_set():
            began = time.monotonic()
            if times is self.times:
                self.asked = began
            try:
                connection.request("GET", path)
                response = connection.getresponse()
                body = response.read()
                if (response.status, body) != (wanted[0], wanted[1] or body):
                    self.failures.append((response.status, body))
            except OSError as failure:
                self.failures.append(failure)
                connection.close()
            times.append(time.monotonic() - began)
            self.stopping.wait(max(0, 0.02 - times[-1]))
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
        pulse.check(self)
        self.assertEqual({status for status, _ in over.values()}, {404})
        moments = sorted(exhaustion.moments.values())
        self.assertGreaterEqual(len(moments), 4)
        took = [ended - exhausted for ended, exhausted in zip(sorted(moment for _, moment in over.values()), moments)]
        self.assertEqual([seconds for seconds in took if seconds > OVER_SECONDS], [])

    def test_every_hostile_script_that_stalls_is_over(self):
        corpus = pathlib.Path(__file__).resolve().parents[2] / "crates/engine/tests/hostile"
        stalling = [text for text in (path.read_text() for path in sorted(corpus.glob("*.js"))) if "\n// STALLS" in text]
        self.assertGreater(len(stalling), 10)
        with Pulse(self.alive) as pulse:
            for number in range(0, len(stalling), 2):
                # Two burning threads are an account's share.
                account = self.account.child(f"stalls-{number:02}")
                sessions = [account.run(text) for text in stalling[number : number + 2]]
                for session, text in zip(sessions, stalling[number:]):
                    session.ended(text.split("// ENDS: ")[1].splitlines()[0])
        pulse.check(self)

    def test_an_account_whose_threads_burn_starts_nothing_and_others_do(self):
        over = self.burn([self.account.run(burning(JOIN)), self.account.run(burning(CONCAT))])
        self.assertEqual({status for status, _ in over.values()}, {404})
        refused = self.account.refused("StartScenarios", rule_id=self.account.rule("VoxEngine.terminate();"))
        self.assertEqual(refused["code"], 340)
        self.assertIn("still burn in a native function", refused["msg"])
        self.other.run("VoxEngine.terminate();").ended()
        self.assertEqual(self.alive.ask().text, "alive")
        # Reading is not starting.
        self.assertEqual(len(self.account.history()), 2)

    def test_sessions_behind_threads_that_all_burn_end(self):
        # An account has eight threads at most.
        behind = [self.account.run("VoxEngine.addEventListener('Application.HttpRequest', () => 'here');") for _ in range(2)]
        burnt = [self.account.run(burning(JOIN)) for _ in range(8)]
        over = self.burn(burnt)
        self.assertEqual({status for status, _ in over.values()}, {404})
        self.assertEqual(behind[0].ask().status, 404)
        behind[1].stop()
        for session in behind:
            session.ended("JS session error")
            self.assertIn("there is no thread left for it", session.log()[-3])
        self.assertEqual(self.alive.ask().text, "alive")

    def many(self, code, sessions):
        rule = self.account.rule(burning(code))
        started = [self.account.start(rule) for _ in range(sessions)]
        connections = []
        with Pulse(self.alive) as pulse:
            beats = len(pulse.times)
            for session in started:
                address = urllib.parse.urlsplit(session.url)
                connections.append(socket.create_connection((address.hostname, address.port)))
                connections[-1].sendall(f"GET {address.path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            until(lambda: len(pulse.times) > beats + 200 or pulse.late(), "the pulse beats on")
        for connection in connections:
            connection.close()
        pulse.check(self)

    def test_many_sessions_of_one_account_that_loop_hold_up_nobody(self):
        self.many("for (;;);", 40)

    def test_many_sessions_of_one_account_that_burn_in_native_functions_hold_up_nobody(self):
        self.many(JOIN, 100)

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
        pulse.check(self)
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

    def test_answers_that_nobody_reads_take_little_memory(self):
        session = self.account.run("const big = 'x'.repeat(4_000_000); let n = 0; VoxEngine.addEventListener('Application.HttpRequest', (e) => { if (e.method === 'POST') return n; n += 1; return big; });")
        address, before, connections = urllib.parse.urlsplit(session.url), self.resident(), []
        for _ in range(150):
            connection = socket.socket()
            self.addCleanup(connection.close)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect((address.hostname, address.port))
            connection.sendall(f"GET {address.path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            connections.append(connection)
        # Each connection hears the beginning of some answer, so the server has dealt with all of them.
        for connection in connections:
            connection.settimeout(60)
            self.assertTrue(connection.recv(20).startswith(b"HTTP/1.1 "))
        self.assertLess(self.resident() - before, UNREAD_BYTES)
        self.assertEqual(self.alive.ask().text, "alive")

    def test_messages_that_nobody_reads_take_little_memory(self):
        script = """
VoxEngine.allowWebSocketConnections();
VoxEngine.addEventListener('AppEvents.NewWebSocketConnection', (e) => {
  const big = 'x'.repeat(1 << 20);
  let sent = 0;
  const more = () => {
    try { for (let i = 0; i < 7; i += 1) { e.websocket.send(big); sent += 1; } } catch (error) { Logger.write('T refused after ' + sent); return; }
    if (sent < 700) setTimeout(more, 0); else Logger.write('T sent ' + sent);
  };
  more();
});
"""
        session, before = self.account.run(script), self.resident()
        peer, refused = connect(session.url)
        self.assertIsNone(refused)
        self.addCleanup(peer.hang_up)
        session.logged("T ")
        self.assertLess(self.resident() - before, UNREAD_BYTES)
        self.assertEqual(self.alive.ask().text, "alive")

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
