"""The control URL: what a handler's value becomes, who may ask, and what a session is spared."""

import concurrent.futures
import json
import socket
import unittest
import urllib.parse

from cordboard import Cordboard
from sessions import Account, request, until

ANSWERS = """
let open = null;
const values = {
  string: () => 'plain ü',
  number: () => 42.5,
  object: () => ({ a: [1, null] }),
  nothing: () => {},
  null: () => null,
  promise: () => Promise.resolve({ later: true }),
  promised: async () => 'text',
  rejected: async () => { throw new Error('no such order 4711'); },
  terminate: () => { VoxEngine.terminate(); return 'last words'; },
  terminate_later: async () => { VoxEngine.terminate(); return 'last words'; },
  throw: () => { throw new Error('a secret of the author'); },
  wait: () => new Promise((resolve) => { open = resolve; }),
  release: () => { open('released'); return 'done'; },
  timed: () => new Promise((resolve) => setTimeout(() => resolve('in time'), 50)),
};
VoxEngine.addEventListener(AppEvents.HttpRequest, (e) => {
  Logger.write('T ' + e.content);
  return values[e.content] ? values[e.content]() : JSON.stringify(e);
});
"""


class ControlUrl(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Cordboard()
        cls.server.start()
        cls.account = Account(cls.server)
        cls.rule = cls.account.rule(ANSWERS)

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__(None, None, None)

    def setUp(self):
        self.session = self.account.start(self.rule)

    def tearDown(self):
        for session in self.account.live():
            self.account.call("StopSession", call_session_history_id=session)

    def test_what_a_handler_returns_becomes_the_answer(self):
        text, structured = "text/plain; charset=utf-8", "application/json"
        for what, wanted in [
            ("string", (200, text, "plain ü")),
            ("number", (200, text, "42.5")),
            ("object", (200, structured, '{"a":[1,null]}')),
            ("nothing", (200, None, "")),
            ("null", (200, structured, "null")),
            ("promise", (200, structured, '{"later":true}')),
            ("promised", (200, text, "text")),
            ("timed", (200, text, "in time")),
        ]:
            for secure in (False, True):
                answer = self.session.ask(what, secure=secure)
                self.assertEqual((answer.status, answer.headers.get("content-type"), answer.text), wanted)
                self.assertEqual((answer.headers["cache-control"], answer.headers["x-content-type-options"]), ("no-store", "nosniff"))

    def test_a_rejected_promise_is_500_and_says_no_more(self):
        answer = self.session.ask("rejected")
        self.assertEqual(answer.status, 500)
        self.assertNotIn("4711", answer.text + str(answer.headers))
        self.session.logged("The promise of an HttpRequest handler was rejected: Error: no such order 4711")
        self.assertEqual(self.session.ask("number").status, 200)

    def test_a_handler_that_throws_is_500_and_ends_the_session(self):
        answer = self.session.ask("throw")
        self.assertEqual(answer.status, 500)
        self.assertNotIn("secret", answer.text + str(answer.headers))
        self.session.ended("JS session error")
        self.session.logged("Uncaught Error: a secret of the author")
        self.assertEqual(self.session.ask("number").status, 404)

    def test_what_is_asked_reaches_the_handler(self):
        answer = self.session.ask("é".encode(), below="/deeper/é?a=b&c=%20d".replace("é", "%C3%A9"), method="PUT", headers={"X-Trace": "abc", "x-lower": "y", "Authorization": "secret", "Cookie": "a=b"})
        asked = json.loads(answer.text)
        self.assertEqual((asked["method"], asked["content"]), ("PUT", "é"))
        self.assertTrue(asked["path"].endswith("/deeper/%C3%A9?a=b&c=%20d"), asked["path"])
        self.assertTrue(asked["path"].startswith(f"/request/{self.session.id}/"), asked["path"])
        self.assertEqual(sorted((header["key"].lower(), header["value"]) for header in asked["headers"]), [("x-lower", "y"), ("x-trace", "abc")])

    def test_every_verb_arrives(self):
        for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"):
            answer = self.session.ask(method=method)
            self.assertEqual(answer.status, 200)
            if method == "HEAD":
                self.assertEqual(answer.body, b"")
            else:
                self.assertIn(f'"method":"{method}"', answer.text)

    def test_a_body_has_two_megabytes_at_most(self):
        fits = self.session.ask("a" * (2 * 1024 * 1024))
        self.assertEqual(fits.status, 200)
        self.assertEqual(len(json.loads(fits.text)["content"]), 2 * 1024 * 1024)
        refused = self.session.ask("a" * (2 * 1024 * 1024 + 1))
        self.assertEqual(refused.status, 413)
        self.assertIn("2097152", refused.text)
        self.assertEqual(self.session.ask("number").text, "42.5")

    def test_a_request_waits_for_its_promise_while_others_are_answered(self):
        with concurrent.futures.ThreadPoolExecutor(1) as other:
            waiting = other.submit(self.session.ask, "wait")
            self.session.logged("T wait")
            self.assertEqual(self.session.ask("number").text, "42.5")
            self.assertFalse(waiting.done())
            self.assertEqual(self.session.ask("release").text, "done")
            self.assertEqual(waiting.result(timeout=60).text, "released")

    def test_a_handler_that_terminates_is_answered(self):
        self.assertEqual(repr(self.session.ask("terminate")), "200 text/plain; charset=utf-8 'last words'")
        self.session.ended()
        again = self.account.start(self.rule)
        self.assertEqual(repr(again.ask("terminate_later")), "200 text/plain; charset=utf-8 'last words'")
        again.ended()

    def test_a_request_that_is_open_at_the_end_is_404(self):
        with concurrent.futures.ThreadPoolExecutor(1) as other:
            waiting = other.submit(self.session.ask, "wait")
            self.session.logged("T wait")
            self.session.stop()
            self.assertEqual(waiting.result(timeout=60).status, 404)

    def test_what_leads_to_no_session_has_one_answer(self):
        ended = self.account.start(self.rule)
        ended.ask("terminate")
        ended.ended()
        base, token = self.session.url.rsplit("/", 1)
        root = base.rsplit("/", 1)[0]
        urls = [
            ended.url,
            f"{base}/{'0' * 32}",
            f"{base}/{token[:-1]}",
            f"{base}/{token}0",
            f"{base}/{token.upper()}" if token.upper() != token else f"{base}/x",
            f"{root}/999999/{token}",
            f"{root}/x/{token}",
            f"{root}/-1/{token}",
            f"{root}/{ended.id}/{token}",
            f"{base}/{'0' * 32}/below",
        ]
        answers = [request(url, "number") for url in urls]
        self.assertEqual({answer.status for answer in answers}, {404})
        self.assertEqual(len({answer.text for answer in answers}), 1, answers)
        self.assertEqual(len({str({name: value for name, value in answer.headers.items() if name != "date"}) for answer in answers}), 1)

    def test_a_thousand_requests_wait_at_once_and_each_has_its_answer(self):
        script = """
const waiting = [];
VoxEngine.addEventListener(AppEvents.HttpRequest, (e) => new Promise((resolve) => {
  waiting.push(() => resolve('answer ' + e.content));
  if (waiting.length === 1000) for (const answer of waiting) answer();
}));
"""
        session = self.account.run(script)
        address = urllib.parse.urlsplit(session.url)
        connections = []
        try:
            for number in range(1000):
                connection = socket.create_connection((address.hostname, address.port), timeout=120)
                connections.append(connection)
                body = str(number)
                connection.sendall(f"POST {address.path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
            for number, connection in enumerate(connections):
                received = b""
                while chunk := connection.recv(65536):
                    received += chunk
                self.assertTrue(received.startswith(b"HTTP/1.1 200 OK\r\n"), received[:200])
                self.assertTrue(received.endswith(f"\r\n\r\nanswer {number}".encode()), received[-100:])
        finally:
            for connection in connections:
                connection.close()
        session.stop()
        session.ended("Terminated administratively")

    def test_callers_that_hang_up_leave_nothing_behind(self):
        address = urllib.parse.urlsplit(self.session.url)
        connections = [socket.create_connection((address.hostname, address.port), timeout=60) for _ in range(1000)]
        for connection in connections:
            connection.sendall(f"POST {address.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nwait".encode())
        until(lambda: self.session.log().count("T wait") == 1000, "all requests have come")
        for connection in connections:
            connection.close()
        until(lambda: self.session.ask("number").status == 200, "there is room again")

    def test_the_check_url_says_whether_the_session_lives_and_leaves_it_alone(self):
        session = self.session = self.account.start(self.rule, with_check_url="true")
        url, ca = session.started["media_session_check_url"], self.server.runtime["ca"]
        self.assertEqual(request(url, method="GET", ca=ca).status, 200)
        session.ask("number")
        session.logged("T number")
        self.assertEqual([line for line in session.log() if line.startswith("T ")], ["T number"], "asking the check URL is no HttpRequest")
        session.stop()
        session.ended("Terminated administratively")
        self.assertEqual(request(url, method="GET", ca=ca).status, 404)


if __name__ == "__main__":
    unittest.main()
