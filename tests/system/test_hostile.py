"""What a hostile or broken caller sends: each gets a clear refusal, and nobody else notices."""

import json
import socket
import unittest

from cordboard import Cordboard


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Cordboard()
        cls.server.start()
        cls.token = cls.server.token()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.server.__exit__(None, None, None)

    def tearDown(self):
        self.assertIn("result", self.server.call("GetRoles", token=self.token))

    def raw(self, text, timeout=30):
        with socket.create_connection(("127.0.0.1", self.server.port()), timeout=timeout) as plain:
            received = b""
            try:
                plain.sendall(text)
                plain.shutdown(socket.SHUT_WR)
                while chunk := plain.recv(65536):
                    received += chunk
            except OSError:
                # The server hung up in the middle, which is an answer, too.
                pass
        return received

    def post(self, path, body, content_type="application/x-www-form-urlencoded", token=None):
        connection = self.server.connection()
        connection.request("POST", path, body, {"Authorization": f"Bearer {token or self.token}", "Content-Type": content_type})
        response = connection.getresponse()
        text = response.read()
        connection.close()
        return response.status, json.loads(text) if text.startswith(b"{") else text

    def test_a_hundred_megabytes_are_refused_with_an_answer(self):
        body = b"scenario_name=x&scenario_script=" + b"a" * 100_000_000
        status, answer = self.post("/platform_api/AddScenario", body)
        self.assertEqual((status, answer["error"]["code"]), (200, 101))
        self.assertIn("too large", answer["error"]["msg"])
        status, answer = self.post("/platform_api", b"cmd=AddScenario&" + body)
        self.assertEqual((status, answer["error"]["code"]), (200, 101))

    def test_a_huge_header_is_refused(self):
        answer = self.raw(b"GET /platform_api/GetRoles HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 1_000_000 + b"\r\n\r\n")
        # Most of it is not read, so the kernel may reset the connection before the answer is.
        self.assertTrue(answer == b"" or answer.startswith(b"HTTP/1.1 431"), answer[:100])
        answer = self.raw(b"GET /platform_api/GetRoles HTTP/1.1\r\nHost: x\r\n" + b"X-A: b\r\n" * 5_000 + b"\r\n")
        self.assertTrue(answer.startswith(b"HTTP/1.1 431"), answer[:100])

    def test_what_is_no_http_is_refused(self):
        for text in [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"\x00" * 100, b"GET\r\n\r\n", b"POST /platform_api HTTP/1.1\r\nContent-Length: -1\r\n\r\n"]:
            answer = self.raw(text)
            self.assertTrue(answer == b"" or answer.startswith(b"HTTP/1.1 400"), answer[:100])

    def test_a_caller_that_hangs_up_leaves_nothing(self):
        before = self.server.call("GetScenarios", token=self.token)["total_count"]
        for cut in [20, 200, 400]:
            head = f"POST /platform_api/AddScenario HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.token}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nscenario_name=cut"
            with socket.create_connection(("127.0.0.1", self.server.port())) as plain:
                plain.sendall(head.encode()[:-cut] if cut < len(head) else head.encode())
        self.assertEqual(self.server.call("GetScenarios", token=self.token)["total_count"], before)

    def test_slow_callers_do_not_slow_others(self):
        slow = [socket.create_connection(("127.0.0.1", self.server.port())) for _ in range(200)]
        for plain in slow:
            plain.sendall(b"POST /platform_api/GetRoles HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\na")
        for _ in range(20):
            self.assertIn("result", self.server.call("GetRoles", token=self.token))
        for plain in slow:
            plain.close()

    def test_ten_thousand_parameters_are_refused(self):
        status, answer = self.post("/platform_api/GetRoles", b"&".join(b"p%d=1" % number for number in range(10_000)))
        self.assertEqual((status, answer["error"]["code"]), (200, 101))
        self.assertIn("too many parameters", answer["error"]["msg"])

    def test_deep_and_broken_json_is_refused(self):
        for body in [b"[" * 100_000, b'{"a":' * 100_000, b'{"a":1', b"\xff\xfe", b'{"a":1}{']:
            status, answer = self.post("/platform_api/GetRoles", body, "application/json")
            self.assertEqual((status, answer["error"]["code"]), (200, 101), body[:20])

    def test_broken_multipart_is_refused(self):
        for body in [b"--x", b"--x\r\n\r\n", b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end", b"x" * 10_000]:
            status, answer = self.post("/platform_api/GetRoles", body, "multipart/form-data; boundary=x")
            self.assertEqual((status, answer["error"]["code"]), (200, 101), body[:20])

    def test_other_verbs_and_paths_are_refused(self):
        connection = self.server.connection()
        connection.request("DELETE", "/platform_api/GetRoles")
        response = connection.getresponse()
        self.assertEqual((response.status, response.read()), (405, b"Use GET or POST.\n"))
        connection.request("GET", "/platform_apix")
        response = connection.getresponse()
        self.assertEqual(response.status, 404)
        response.read()
        connection.close()

    def test_a_silent_connection_is_closed(self):
        for port in [self.server.port(), self.server.port("https")]:
            with socket.create_connection(("127.0.0.1", port), timeout=30) as plain:
                self.assertEqual(plain.recv(1), b"")

    def test_guessing_passwords_is_slowed_down(self):
        connection = self.server.connection()
        codes = []
        for _ in range(12):
            connection.request("POST", "/platform_api/GetRoles", "account_name=nobody-here&account_password=guess", {"Content-Type": "application/x-www-form-urlencoded"})
            codes.append(json.loads(connection.getresponse().read())["error"]["code"])
        connection.close()
        self.assertEqual(codes, [100] * 10 + [162] * 2)


if __name__ == "__main__":
    unittest.main()
