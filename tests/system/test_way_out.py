"""What scenarios reach outside: nothing of the operator's own networks, unless the operator allows it."""

import json
import unittest

from cordboard import Cordboard
from outside import MailServer, SocketServer, Web
from sessions import Account

ASK = """
const urls = JSON.parse(VoxEngine.customData());
VoxEngine.addEventListener(AppEvents.Started, async () => {
  for (const url of urls) {
    const result = await Net.httpRequestAsync(url, { timeout: 20 });
    Logger.write(`T ${url} ${result.code} ${result.text} ${result.error}`);
  }
  VoxEngine.terminate();
});
"""

MAIL = """
const [server, port] = JSON.parse(VoxEngine.customData());
VoxEngine.addEventListener(AppEvents.Started, async () => {
  const result = await Net.sendMailAsync(server, 'from@example.org', 'to@example.org', 'Grüße', 'Body ü\\n.dot', { port, cc: 'cc@example.org', bcc: ['bcc@example.org'], html: '<b>B</b>' });
  Logger.write(`T ${result.code} ${result.error}`);
  VoxEngine.terminate();
});
"""

SOCKET = """
const ws = VoxEngine.createWebSocket(VoxEngine.customData());
ws.onopen = () => Logger.write('T open');
ws.onerror = (e) => Logger.write('T error');
ws.onclose = (e) => { Logger.write('T closed'); VoxEngine.terminate(); };
"""


class WayOut(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.closed, cls.open = Cordboard(), Cordboard("--way-out-allow", "127.0.0.0/8")
        for server in (cls.closed, cls.open):
            server.start()

    @classmethod
    def tearDownClass(cls):
        for server in (cls.closed, cls.open):
            server.__exit__(None, None, None)

    def said(self, server, script, data):
        session = Account(server).run(script, script_custom_data=data)
        session.ended()
        return [line[2:] for line in session.log() if line.startswith("T ")]

    def test_addresses_of_inner_networks_are_refused(self):
        with Web() as web:
            hosts = ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[::]"]
            urls = [f"http://{host}:{web.port}/" for host in hosts]
            urls += ["http://10.0.0.1/", "http://172.16.0.1/", "http://192.168.1.1/", "http://100.64.0.1/", "http://169.254.169.254/latest/meta-data", "http://[fe80::1]/", "http://[fd00::1]/", "http://224.0.0.1/"]
            said = self.said(self.closed, ASK, json.dumps(urls))
            self.assertEqual(len(said), len(urls))
            for url, line in zip(urls, said):
                self.assertTrue(line.startswith(f"{url} -4 "), line)
                self.assertIn("way_out_allow", line)
            self.assertTrue(web.requests.empty())

    def test_the_operators_network_is_reached_and_no_other(self):
        with Web(lambda request: (200, {}, b"hello")) as web:
            urls = [f"http://127.0.0.1:{web.port}/a?b=c", f"http://localhost:{web.port}/", "http://10.0.0.1/", f"http://[::1]:{web.port}/"]
            said = self.said(self.open, ASK, json.dumps(urls))
            self.assertIn("200 hello", said[0])
            self.assertIn("200 hello", said[1])
            self.assertIn(" -4 ", said[2])
            self.assertIn(" -4 ", said[3])
            asked = web.next()
            self.assertEqual((asked["method"], asked["path"], asked["headers"]["User-Agent"]), ("GET", "/a?b=c", "VoxEngine/1.0"))

    def test_a_redirect_into_a_network_that_is_not_allowed_is_refused(self):
        with Web() as inner:
            with Web(lambda request: (302, {"Location": f"http://127.0.0.1:{inner.port}{request['path']}" if request["path"] == "/near" else f"http://{request['path'][1:]}/"}, b"")) as web:
                urls = [f"http://127.0.0.1:{web.port}/near", f"http://127.0.0.1:{web.port}/[::1]:{inner.port}", f"http://127.0.0.1:{web.port}/10.0.0.1"]
                near, mapped, far = self.said(self.open, ASK, json.dumps(urls))
            self.assertIn(" 200 ", near)
            for line in (mapped, far):
                self.assertIn(" -4 ", line)
            self.assertEqual(inner.requests.qsize(), 1)

    def test_mail_goes_to_an_allowed_server_alone(self):
        with MailServer() as mail:
            data = json.dumps(["127.0.0.1", mail.port])
            self.assertTrue(self.said(self.closed, MAIL, data)[0].startswith("-4 "))
            self.assertTrue(mail.mails.empty())
            self.assertEqual(self.said(self.open, MAIL, data), ["0 undefined"])
            sender, recipients, text = mail.mails.get(timeout=60)
        self.assertEqual((sender, recipients), ("from@example.org", ["to@example.org", "cc@example.org", "bcc@example.org"]))
        self.assertIn("Subject: =?utf-8?", text)
        self.assertNotIn("bcc@example.org", text)

    def test_a_websocket_goes_to_an_allowed_server_alone(self):
        with SocketServer(lambda socket, path, headers: (socket.close(), socket.receive())) as server:
            url = f"ws://127.0.0.1:{server.port}/"
            self.assertEqual(self.said(self.closed, SOCKET, url), ["error", "closed"])
            self.assertEqual(self.said(self.open, SOCKET, url), ["open", "closed"])

    def test_a_server_may_not_answer_more_than_two_megabytes(self):
        with Web(lambda request: (200, {}, b"x" * int(request["path"][1:]))) as web:
            script = ASK.replace("${result.text} ", "${result.text.length} ")
            said = self.said(self.open, script, json.dumps([f"http://127.0.0.1:{web.port}/{size}" for size in (2 * 1024 * 1024, 2 * 1024 * 1024 + 1)]))
        self.assertIn(" 200 2097152 ", said[0])
        self.assertIn(" -9 ", said[1])


if __name__ == "__main__":
    unittest.main()
