"""WebSockets that arrive at the control URL."""

import socket
import struct
import unittest
import urllib.parse

from cordboard import Cordboard
from outside import connect
from sessions import Account, until

ECHO = """
VoxEngine.allowWebSocketConnections();
VoxEngine.addEventListener(AppEvents.NewWebSocketFailed, (e) => Logger.write('refused ' + e.reason));
VoxEngine.addEventListener(AppEvents.WebSocket, (e) => {
  Logger.write(`arrived ${e.method} ${e.path.split('/').slice(4).join('/')} ${JSON.stringify(e.headers)}`);
  const ws = e.websocket;
  ws.onmessage = (m) => {
    if (m.text === 'bye') ws.close();
    else if (m.text === 'end') VoxEngine.terminate();
    else ws.send('echo ' + (m.text || m.data.join()));
  };
  ws.addEventListener(WebSocketEvents.CLOSE, (c) => Logger.write(`closed ${c.code} ${c.wasClean}`));
});
"""


class ControlSockets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Cordboard()
        cls.server.start()
        cls.account = Account(cls.server)
        cls.rule = cls.account.rule(ECHO)

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__(None, None, None)

    def tearDown(self):
        for session in self.account.live():
            self.account.call("StopSession", call_session_history_id=session)

    def connect(self, url, headers=None):
        made, refused = connect(url, headers, self.server.runtime["ca"])
        self.assertIsNone(refused)
        self.addCleanup(made.hang_up)
        return made

    def test_text_and_bytes_go_both_ways_over_both_schemes(self):
        session = self.account.start(self.rule)
        for url in (session.url + "/agent?a=b", session.secure_url):
            peer = self.connect(url, {"X-Trace": "abc", "Cookie": "c"})
            peer.send("text ü")
            self.assertEqual(peer.receive(), "echo text ü")
            peer.send(bytes([0, 1, 255]))
            self.assertEqual(peer.receive(), "echo 0,1,255")
            peer.send("x" * 1_000_000)
            self.assertEqual(len(peer.receive()), 1_000_005)
            peer.close(4001)
            session.logged("closed 4001 true")
        self.assertEqual(session.logged("arrived"), 'arrived GET agent?a=b [{"key":"X-Trace","value":"abc"}]')

    def test_the_close_of_a_peer_is_answered(self):
        session = self.account.start(self.rule)
        for url in (session.url, session.secure_url):
            peer = self.connect(url)
            peer.close(4001, "enough")
            self.assertEqual(peer.receive()[0], 4001)

    def test_the_scenario_closes_a_socket(self):
        session = self.account.start(self.rule)
        peer = self.connect(session.url)
        peer.send("bye")
        self.assertEqual(peer.receive()[0], 1000)
        peer.close()
        session.logged("closed 1000 true")

    def test_a_peer_that_hangs_up_is_told(self):
        session = self.account.start(self.rule)
        self.connect(session.url).hang_up()
        session.logged("closed 1006 false")

    def test_a_scenario_that_allows_none_is_asked_in_vain(self):
        session = self.account.run("VoxEngine.addEventListener(AppEvents.NewWebSocketFailed, (e) => Logger.write('refused ' + e.reason));")
        _, refused = connect(session.url)
        self.assertEqual(refused[0], 403)
        self.assertIn("allowWebSocketConnections", refused[1])
        session.logged("refused The scenario takes no WebSocket connections")

    def test_a_fourth_socket_is_refused_until_one_closes(self):
        session = self.account.start(self.rule)
        sockets = [self.connect(session.url) for _ in range(3)]
        _, refused = connect(session.url)
        self.assertEqual(refused[0], 403)
        self.assertIn("3", refused[1])
        session.logged("refused There may be 3 incoming WebSocket connections")
        for peer in sockets:
            peer.send("still")
            self.assertEqual(peer.receive(), "echo still")
        sockets[0].close()
        session.logged("closed 1000 true")
        self.connect(session.url).send("again")

    def test_open_sockets_are_closed_at_the_end(self):
        session = self.account.start(self.rule)
        sockets = [self.connect(session.url), self.connect(session.secure_url)]
        sockets[0].send("end")
        for peer in sockets:
            self.assertEqual(peer.receive(), (1000, "the session has ended"))
        session.ended()

    def test_a_peer_that_hangs_up_during_the_handshake_takes_no_place(self):
        session = self.account.start(self.rule)
        address = urllib.parse.urlsplit(session.url)
        for _ in range(20):
            with socket.create_connection((address.hostname, address.port)) as plain:
                plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                plain.sendall(f"GET {address.path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
        until(lambda: connect(session.url)[0], "there is a place").hang_up()

    def test_an_upgrade_with_a_wrong_token_is_404(self):
        session = self.account.start(self.rule)
        self.assertEqual(connect(session.url[:-1])[1][0], 404)
        session.stop()
        session.ended("Terminated administratively")
        self.assertEqual(connect(session.url)[1][0], 404)

    def test_many_messages_keep_their_order(self):
        session = self.account.start(self.rule)
        peer = self.connect(session.url)
        for number in range(500):
            peer.send(str(number))
        self.assertEqual([peer.receive() for _ in range(500)], [f"echo {number}" for number in range(500)])

    def test_a_message_over_a_mebibyte_closes_that_socket_alone(self):
        session = self.account.start(self.rule)
        peer, other = self.connect(session.url), self.connect(session.url)
        try:
            peer.send("x" * (1024 * 1024 + 1))
            self.assertEqual(peer.receive()[0], 1009)
        except OSError:
            # The server may reset while it is still being sent to.
            pass
        until(lambda: any(line.startswith("closed") for line in session.log()), "the scenario hears of it")
        other.send("still")
        self.assertEqual(other.receive(), "echo still")


if __name__ == "__main__":
    unittest.main()
