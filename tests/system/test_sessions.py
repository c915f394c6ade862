"""A session from its script to its place in the history, and the test scenarios of the reference that need no call."""

import queue
import re
import unittest
import urllib.parse

from cordboard import Cordboard, Database
from outside import SocketServer, Web
from sessions import Account, request, scenario, until

TALK = """
VoxEngine.addEventListener(AppEvents.Started, (e) => Logger.write(`started ${e.sessionId} ${e.accessURL === e.accessSecureURL} ${VoxEngine.customData()}`));
VoxEngine.addEventListener(AppEvents.HttpRequest, (e) => { Logger.write('asked ' + e.content); return { content: e.content }; });
"""


class Story(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Cordboard()
        cls.server.start()
        cls.account = Account(cls.server)

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__(None, None, None)

    def report(self, order):
        """The finished file of an ordered report."""
        id = order["history_report_id"]
        until(lambda: self.account.ask("GetHistoryReports", history_report_id=id, is_completed="true")["result"], f"report {id} is finished")
        return self.download("DownloadHistoryReport", history_report_id=id)

    def download(self, method, **params):
        body = urllib.parse.urlencode(params)
        answer = request(f"{self.server.runtime['https']}/platform_api/{method}", body, headers={"Authorization": f"Bearer {self.account.token}", "Content-Type": "application/x-www-form-urlencoded"}, ca=self.server.runtime["ca"])
        self.assertEqual(answer.status, 200)
        return answer.text

    def test_a_session_from_its_script_to_its_place_in_the_history(self):
        account = self.account
        session = account.run(TALK, script_custom_data="order=7")
        self.assertEqual(urllib.parse.urlsplit(session.url).netloc, urllib.parse.urlsplit(self.server.runtime["http"]).netloc)
        self.assertEqual(urllib.parse.urlsplit(session.secure_url).netloc, urllib.parse.urlsplit(self.server.runtime["https"]).netloc)
        self.assertEqual(session.logged("started"), f"started {session.id} false order=7")

        (live,) = account.ask("GetLiveSessions")["result"]
        self.assertEqual((live["call_session_history_id"], live["custom_data"], live["application_name"]), (session.id, "order=7", "demo.owner.cordboard.internal"))
        self.assertEqual(account.history(call_session_history_id=session.id), [])

        for secure in (False, True):
            answer = session.ask("one", secure=secure)
            self.assertEqual((answer.status, answer.headers["content-type"], answer.text), (200, "application/json", '{"content":"one"}'))
        piece = account.ask("GetSessionLog", call_session_history_id=session.id)
        self.assertTrue(piece["active"])
        self.assertRegex(piece["result"], re.compile(r"\A(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} .*\n)+\Z"))
        self.assertNotIn(session.url.rsplit("/", 1)[1], piece["result"])
        session.ask("more")
        session.logged("asked more")
        more = account.ask("GetSessionLog", call_session_history_id=session.id, offset=piece["next_offset"])["result"]
        self.assertTrue(more.endswith(" asked more\n"), more)

        session.stop()
        row = session.ended("Terminated administratively")
        self.assertEqual((row["custom_data"], row["calls"], row["active"], row["initiator_address"]), ("order=7", [], False, "127.0.0.1"))
        self.assertEqual(account.refused("StopSession", call_session_history_id=session.id)["code"], 150)
        self.assertFalse(account.ask("GetSessionLog", call_session_history_id=session.id)["active"])
        self.assertNotIn(session.id, account.live())
        self.assertEqual(account.history(call_session_history_custom_data="order=7")[0]["call_session_history_id"], session.id)

        log = request(row["log_file_url"], method="GET", ca=self.server.runtime["ca"])
        self.assertEqual((log.status, log.headers["content-type"]), (200, "text/plain; charset=utf-8"))
        self.assertIn(f"started {session.id} false order=7\n", log.text)
        self.assertTrue(log.text.endswith(" Session terminated\n"))

        head = self.download("GetCallHistory", call_session_history_id=session.id, output="csv", with_header="true").splitlines()
        self.assertEqual(len(head), 2)
        self.assertEqual(dict(zip(head[0].split(";"), head[1].split(";")))["call_session_history_id"], str(session.id))
        for order in (account.ask("GetCallHistoryAsync", call_session_history_id=session.id, with_header="true"), account.ask("GetCallHistory", call_session_history_id=session.id, is_async="true", with_header="true")):
            lines = self.report(order).splitlines()
            self.assertEqual(len(lines), 2)
            self.assertEqual(dict(zip(lines[0].split(";"), lines[1].split(";")))["finish_reason"], "Terminated administratively")

    def test_the_log_of_an_application_with_secure_storage_needs_a_credential(self):
        account = self.account
        account.ask("AddApplication", application_name="secure", secure_record_storage="true")
        session = account.start(account.rule("Logger.write('kept'); VoxEngine.terminate();", application="secure"))
        url, ca = session.ended()["log_file_url"], self.server.runtime["ca"]
        refused = request(url, method="GET", ca=ca)
        self.assertEqual((refused.status, refused.headers["www-authenticate"]), (401, "Bearer"))
        allowed = request(url, method="GET", ca=ca, headers={"Authorization": f"Bearer {account.token}"})
        self.assertEqual(allowed.status, 200)
        self.assertIn(" kept\n", allowed.text)

    def test_a_request_by_the_api_is_one_to_the_control_url(self):
        account = self.account
        session = account.run("""
            VoxEngine.addEventListener(AppEvents.HttpRequest, (e) => {
                if (e.content === 'fail') return Promise.reject(new Error('no'));
                if (e.content === 'bye') { VoxEngine.terminate(); return new Promise(() => {}); }
                if (e.content === 'nothing') return;
                if (e.content === 'text') return 'plain';
                return { method: e.method, path: e.path.split('/').slice(4), content: e.content };
            });
        """)
        send = lambda content=None, **params: account.ask("SendSessionRequest", call_session_history_id=session.id, **({"content": content} if content else {}), **params)["result"]
        answer = send("{}", method="PUT", path="/orders/7?paid=yes", content_type="application/json")
        self.assertEqual((answer["status"], answer["content_type"]), (200, "application/json"))
        direct = session.ask("{}", below="/orders/7?paid=yes", method="PUT")
        self.assertEqual((direct.status, direct.text), (200, answer["content"]))
        self.assertEqual(send("text"), {"status": 200, "content_type": "text/plain; charset=utf-8", "content": "plain"})
        self.assertEqual(send("nothing"), {"status": 200, "content": ""})
        self.assertEqual(send("fail"), {"status": 500, "content_type": "text/plain; charset=utf-8", "content": session.ask("fail").text})
        self.assertNotIn(session.url.rsplit("/", 1)[1], "\n".join(session.log()))
        child = account.child("asker")
        self.assertEqual(child.refused("SendSessionRequest", call_session_history_id=session.id)["code"], 150)
        gone = send("bye")
        self.assertEqual((gone["status"], gone["content"]), (404, "There is no such session, or it has ended.\n"))
        session.ended()
        self.assertEqual(send()["status"], 404)

    def test_scenarios_of_a_rule_share_one_world_in_their_order(self):
        rule = self.account.rule("const shared = ['a']; function say(text) { Logger.write('say ' + text); }", "shared.push('b');", "say(shared.join()); VoxEngine.terminate();")
        session = self.account.start(rule)
        session.ended()
        self.assertIn("say a,b", session.log())

    def test_the_secrets_of_the_application_are_there(self):
        self.account.ask("AddSecret", application_name="demo", secret_name="apiKey", secret_value="correct horse")
        session = self.account.run("Logger.write('secret ' + VoxEngine.getSecretValue('apiKey').length + ' ' + VoxEngine.getSecretValue('none')); VoxEngine.terminate();")
        session.ended()
        self.assertIn("secret 13 undefined", session.log())

    def test_an_error_of_the_script_ends_the_session_and_says_where(self):
        for script, wanted in [("let a = ;", "SyntaxError"), ("nothing();", "ReferenceError"), ("setTimeout(() => { throw new Error('late'); }, 1);", "Error: late")]:
            session = self.account.run(script)
            session.ended("JS session error")
            self.assertIn(wanted, "\n".join(session.log()))


class StoryOnPostgresql(Story):
    @classmethod
    def setUpClass(cls):
        cls.database = Database()
        cls.server = Cordboard(database=cls.database.__enter__())
        cls.server.start()
        cls.account = Account(cls.server)

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.database.__exit__(None, None, None)


class Reference(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Cordboard("--way-out-allow", "127.0.0.0/8")
        cls.server.start()
        cls.account = Account(cls.server)

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__(None, None, None)

    def test_16_the_end_of_a_session(self):
        with Web() as web:
            session = self.account.run(scenario("16", {"http://127.0.0.1:8099": f"http://127.0.0.1:{web.port}"}), script_custom_data="any")
            row = session.ended()
            said = [line for line in session.log() if line.startswith("T16")]
            self.assertEqual([line for line in said if line != "T16 request done 200"], ["T16 before any", "T16 still running", "T16 terminating", "T16 terminated"])
            self.assertLess(said.index("T16 request done 200"), said.index("T16 terminated"))
            last = web.next()
            self.assertEqual((last["method"], last["path"], last["body"]), ("POST", "/last", "result=7"))
            self.assertTrue(web.requests.empty())
        self.assertEqual((row["finish_reason"], row["custom_data"], row["calls"]), ("Normal termination", "result=7", []))

    def test_20_helpers(self):
        session = self.account.run(scenario("20", {}))
        session.ended()
        said = [line for line in session.log() if line.startswith("T20")]
        wanted = [
            "T20 b64 aGVsbG8= hello",
            "T20 hex cafe 202,254",
            "T20 utf8 208,191",
            "T20 lev 3",
            "T20 md5 5d41402abc4b2a76b9719d911017c592",
            "T20 sha1 aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d",
            "T20 sha256 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
            "T20 hmac 9307b3b915efb5171ff14d8cb55fbcc798c6c0ef1456d66ded1a6aa723a58b7b",
            "T20 uuid true",
            "T20 tz true",
            "T20 phone +14155552671 US true",
            "T20 bad NOT_A_NUMBER",
        ]
        self.assertEqual(said, wanted)

    def test_07_the_control_url_without_its_call(self):
        stub = "{ state: () => 'CONNECTED', say: (text) => Logger.write('T07 says ' + text), hangup: () => setTimeout(VoxEngine.terminate, 0), addEventListener: () => {} }"
        session = self.account.run(scenario("07", {"VoxEngine.callPSTN(VoxEngine.customData(), '+15550100')": stub}), script_custom_data="+15550101")
        self.assertEqual(repr(session.ask('{"cmd":"status"}', headers={"X-Trace": "abc", "Accept": "y"})), """200 application/json '{"state":"CONNECTED","n":1}'""")
        line = session.logged('T07 POST')
        self.assertTrue(line.endswith('{"cmd":"status"} [{"key":"X-Trace","value":"abc"}]'), line)
        self.assertEqual(repr(session.ask('{"cmd":"text"}')), "200 text/plain; charset=utf-8 'hello'")
        self.assertEqual(session.ask('{"cmd":"number"}').text, "42")
        self.assertEqual(session.ask('{"cmd":"say","text":"Hi"}').text, '{"ok":true}')
        session.logged("T07 says Hi")
        self.assertEqual(session.ask(method="GET").text, '{"n":5}')
        line = session.logged("T07 GET")
        self.assertTrue(line.endswith("  []"), line)
        self.assertEqual(session.ask('{"cmd":"hangup"}').text, '{"ok":true}')
        session.ended()
        self.assertEqual(session.ask('{"cmd":"status"}').status, 404)

    def talk(self, code, script, *orders):
        """What a WebSocket server hears of scenario 12 while it sends these orders and closes with a code, if any."""
        heard = queue.Queue()

        def serve(socket, path, headers):
            heard.put((path, headers.get("x-token"), headers.get("sec-websocket-protocol")))
            heard.put(socket.receive())
            for order in orders:
                socket.send(order)
            if code:
                socket.close(code, "enough")
            heard.put(socket.receive())
            if not code:
                socket.close(1000)

        with SocketServer(serve) as server:
            session = self.account.run(script.replace("ws://127.0.0.1:8098", f"ws://127.0.0.1:{server.port}"))
            what = [heard.get(timeout=60) for _ in range(3)]
            session.ended()
        return session, what

    CALL = """
const events = {};
const call = {
  addEventListener: (name, handler) => { events[name] = handler; },
  callerid: () => '15550199', answer: () => setTimeout(() => events[CallEvents.Connected]({}), 0),
  hangup: () => { Logger.write('T12 hung up'); events[CallEvents.Disconnected]({}); },
  say: (text) => Logger.write('T12 says ' + text), sendMediaTo: () => {},
};
"""

    def test_12_an_outgoing_websocket_without_its_call(self):
        script = scenario("12", {"VoxEngine.addEventListener(AppEvents.CallAlerting,": "VoxEngine.addEventListener(AppEvents.Started,", "const call = e.call;": self.CALL, "      ws.sendMediaTo(call);\n": ""})
        session, (came, hello, closed) = self.talk(None, script, '{"cmd":"say","text":"Hi"}', '{"cmd":"bye"}')
        self.assertEqual(came, ("/agent", "abc", "chat"))
        self.assertEqual((hello, closed[0]), ('{"hello":"15550199"}', 1000))
        said = [line for line in session.log() if line.startswith("T12")]
        self.assertRegex(said[0], r"^T12 open open ws://127\.0\.0\.1:\d+/agent$")
        self.assertEqual(said[1:5], ["T12 message say", "T12 says Hi", "T12 message bye", "T12 hung up"])

        session, (_, _, closed) = self.talk(4003, script)
        said = [line for line in session.log() if line.startswith("T12")]
        self.assertEqual(said[1:], ["T12 closed 4003 true", "T12 hung up"])
        self.assertEqual(closed[0], 4003)

    def test_12_a_server_that_is_not_there_is_an_error(self):
        with Web() as gone:
            port = gone.port
        session = self.account.run(f"const ws = VoxEngine.createWebSocket('ws://127.0.0.1:{port}/agent'); ws.onerror = () => Logger.write('T12 error'); ws.onclose = (e) => {{ Logger.write(`T12 closed ${{e.wasClean}}`); VoxEngine.terminate(); }};")
        session.ended()
        self.assertEqual([line for line in session.log() if line.startswith("T12")], ["T12 error", "T12 closed false"])

    def test_17_storage_over_sessions(self):
        script = scenario(
            "17",
            {
                "VoxEngine.addEventListener(AppEvents.CallAlerting, async (e) => {": "VoxEngine.addEventListener(AppEvents.Started, async (e) => { e.callerid = VoxEngine.customData();",
                "  e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);\n": "",
                "  e.call.addEventListener(CallEvents.Connected, () => e.call.hangup());\n": "",
                "e.call.answer();": "VoxEngine.terminate();",
            },
        )
        rule = self.account.rule(script)
        for caller, count in [("111", 1), ("111", 2), ("222", 1)]:
            session = self.account.start(rule, script_custom_data=caller)
            session.ended()
            counted, refused = (line for line in session.log() if line.startswith("T17"))
            self.assertRegex(counted, rf"^T17 count {count} key=calls:{caller} in (5\d|60|61)s$")
            self.assertEqual(refused, "T17 refused")
        self.assertEqual(self.account.ask("GetKeyValueItem", application_name="demo", key="calls:111")["result"]["value"], "2")

    def test_17_what_is_stored_for_a_second_is_gone_after_it(self):
        script = """
require(Modules.ApplicationStorage);
VoxEngine.addEventListener(AppEvents.Started, async () => {
  const saved = await ApplicationStorage.put('brief', 'v', 1);
  Logger.write('first ' + ((await ApplicationStorage.get('brief')) || {}).value + ' ' + (saved.expireAt - Math.floor(Date.now() / 1000) <= 2));
  const timer = setInterval(async () => {
    if (await ApplicationStorage.get('brief') !== null) return;
    Logger.write('gone ' + JSON.stringify(await ApplicationStorage.keys('brief')));
    clearInterval(timer);
    VoxEngine.terminate();
  }, 100);
});
"""
        session = self.account.run(script)
        session.ended()
        said = session.log()
        self.assertIn("first v true", said)
        self.assertIn('gone {"keys":[]}', said)


if __name__ == "__main__":
    unittest.main()
