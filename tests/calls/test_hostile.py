"""What bad input gets: broken messages, floods, strangers' audio, broken files. All the while a registered phone calls."""

import pathlib
import random
import socket
import struct
import threading
import unittest

import tones
from baresip import Phone, free_port
from bench import PASSWORD, Bench
from outside import Listener
from sessions import until
from sipp import SDP, Story, play

TORTURE = pathlib.Path(__file__).parents[2] / "crates/sip/tests/torture"

ECHO = """VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
  call.addEventListener(CallEvents.Connected, () => call.sendMediaTo(call));
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.answer();
});"""

PLAY = """VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call, destination }) => {
  call.addEventListener(CallEvents.Connected, () => call.startPlayback(`http://127.0.0.1:PORT/${destination}`));
  call.addEventListener(CallEvents.PlaybackFinished, ({ error }) => { Logger.write(`T finished ${error}`); call.hangup(); });
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.answer();
});"""


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bench = Bench()
        cls.bench.__enter__()
        cls.name, cls.domain = cls.bench.application(ECHO, name="sound")
        cls.bench.user(cls.name, "ada")

    @classmethod
    def tearDownClass(cls):
        cls.bench.__exit__(None, None, None)

    # Who floods comes from here, and is not confused with the phone by its address.
    FLOOD = "127.0.0.66"

    def status(self):
        """Resident memory in kB, open files and threads of the server."""
        root = pathlib.Path(f"/proc/{self.bench.server.runtime['pid']}")
        fields = dict(line.split(":", 1) for line in (root / "status").read_text().splitlines())
        return int(fields["VmRSS"].split()[0]), len(list((root / "fd").iterdir())), int(fields["Threads"])

    def call_works(self, **how):
        with Phone(self.bench.server, "ada", PASSWORD, self.domain, **how) as phone:
            phone.call("echo")
            phone.hears(440)
            phone.hang_up()
            phone.event("CALL_CLOSED")

    def flooded(self, flood, seconds=3, megabytes=80):
        """A registered phone calls while a flood runs, and memory stays within bounds. `flood` sets its second argument when it is full."""
        before, _, _ = self.status()
        stop, full = threading.Event(), threading.Event()
        failures = []

        def run():
            try:
                flood(stop, full)
            except Exception as failure:
                failures.append(failure)
                full.set()

        thread = threading.Thread(target=run)
        with Phone(self.bench.server, "ada", PASSWORD, self.domain) as phone:
            thread.start()
            self.assertTrue(full.wait(60))
            phone.call("echo")
            phone.hears(440, seconds)
            phone.hang_up()
            phone.event("CALL_CLOSED")
            stop.set()
            thread.join()
        self.assertEqual(failures, [])
        self.assertLess(self.status()[0] - before, megabytes * 1024)

    def udp(self):
        plain = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        plain.bind((self.FLOOD, 0))
        plain.settimeout(0)
        return plain

    def tcp(self):
        return socket.create_connection(self.bench.sip, timeout=20, source_address=(self.FLOOD, 0))

    def test_messages_of_rfc_4475_and_5118_stop_nothing(self):
        files = sorted(TORTURE.glob("*/*.dat"))
        self.assertGreater(len(files), 55)
        with Phone(self.bench.server, "ada", PASSWORD, self.domain) as phone:
            phone.call("echo")
            plain = self.udp()
            self.addCleanup(plain.close)
            for file in files:
                plain.sendto(file.read_bytes(), self.bench.sip)
                with self.tcp() as stream:
                    stream.sendall(file.read_bytes())
                    stream.shutdown(socket.SHUT_WR)
            # Cut anywhere, and changed anywhere.
            chance = random.Random(7)
            for file in files:
                content = bytearray(file.read_bytes())
                plain.sendto(content[: chance.randrange(len(content))], self.bench.sip)
                for _ in range(5):
                    content[chance.randrange(len(content))] = chance.randrange(256)
                    plain.sendto(content, self.bench.sip)
            phone.hears(440, 2)
            phone.hang_up()
            phone.event("CALL_CLOSED")
        self.call_works(transport="tcp")

    def test_a_stream_of_nonsense_is_closed(self):
        for text in (b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01" + bytes(600), b"A" * 200_000, b"INVITE sip:a@b SIP/2.0\r\nContent-Length: 99999999\r\n\r\n"):
            with self.tcp() as stream:
                try:
                    stream.sendall(text)
                    stream.shutdown(socket.SHUT_WR)
                    while stream.recv(65536):
                        pass
                except (ConnectionResetError, BrokenPipeError):
                    pass
        self.call_works()

    def invite(self, number, method="INVITE", user="mallory"):
        return (
            f"{method} sip:{'echo' if method == 'INVITE' else ''}{'@' if method == 'INVITE' else ''}{self.domain} SIP/2.0\r\nVia: SIP/2.0/UDP {self.FLOOD}:5060;branch=z9hG4bK{number};rport\r\n"
            f"From: <sip:{user}{number}@{self.domain}>;tag={number}\r\nTo: <sip:{user}{number}@{self.domain}>\r\nCall-ID: flood-{number}\r\nCSeq: 1 {method}\r\n"
            f"Contact: <sip:{user}@{self.FLOOD}:5060>\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
        ).encode()

    def flood_of(self, method):
        def flood(stop, full):
            plain = self.udp()
            self.addCleanup(plain.close)
            # As fast as it is answered; what is lost is not waited for.
            plain.settimeout(1)
            for number in range(20_000):
                if stop.is_set():
                    return
                plain.sendto(self.invite(number, method), self.bench.sip)
                if number >= 500:
                    full.set()
                if number >= 100:
                    try:
                        plain.recv(65536)
                    except TimeoutError:
                        pass

        return flood

    def test_a_flood_of_invites_leaves_a_phone_its_call(self):
        self.flooded(self.flood_of("INVITE"))

    def test_a_flood_of_registers_leaves_a_phone_its_call(self):
        self.flooded(self.flood_of("REGISTER"))

    def test_half_open_connections_leave_a_phone_its_call(self):
        def flood(stop, full):
            held = []
            for number in range(600):
                try:
                    stream = self.tcp()
                    stream.sendall(self.invite(number)[:-2])
                    held.append(stream)
                except OSError:
                    # It has enough of us.
                    pass
            full.set()
            stop.wait(60)
            for stream in held:
                stream.close()

        self.flooded(flood)
        self.call_works(transport="tcp")

    def test_a_flood_of_web_sockets_leaves_a_phone_its_call(self):
        head = b"GET /sip HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: sip\r\n\r\n"

        def flood(stop, full):
            held = []
            for number in range(600):
                try:
                    stream = socket.create_connection(("127.0.0.1", self.bench.server.port()), timeout=20, source_address=(self.FLOOD, 0))
                    stream.sendall(head if number % 2 else head[:-10])
                    held.append(stream)
                except OSError:
                    pass
            full.set()
            stop.wait(60)
            for stream in held:
                stream.close()

        self.flooded(flood)

    def test_audio_of_a_stranger_is_neither_heard_nor_answered(self):
        with Phone(self.bench.server, "ada", PASSWORD, self.domain) as phone:
            phone.call("echo")
            phone.hears(440)
            port = int(phone.trace().split("m=audio ")[-1].split()[0])
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as neighbour:
                stranger.bind(("127.0.0.66", 0))
                # Of the phone's own address, but another port.
                neighbour.bind(("127.0.0.1", 0))
                for each in (stranger, neighbour):
                    each.settimeout(0)
                answered, begun = 0, len(phone.samples())
                for number in range(100):
                    # One to each of the phone's own.
                    before = len(phone.samples())
                    until(lambda: len(phone.samples()) > before, "the phone hears more")
                    payload = bytes([0x20 if number % 2 else 0xA0] * 160)
                    for each in (stranger, neighbour):
                        each.sendto(struct.pack("!BBHII", 0x80, 0, number, number * 160, 0xBAD) + payload, ("127.0.0.1", port))
                        try:
                            each.recv(2048)
                            answered += 1
                        except BlockingIOError:
                            pass
            self.assertEqual(answered, 0)
            # What it heard meanwhile was its own tone, and that goes on.
            meanwhile = phone.samples()[begun:]
            self.assertGreater(tones.heard(meanwhile, 440), 0.75 * len(meanwhile) / tones.RATE)
            phone.hears(440, 1 + len(phone.samples()) / 2 / tones.RATE)
            phone.hang_up()

    def test_files_that_are_none_end_in_an_error(self):
        enough = threading.Event()

        def serve(plain):
            head = b""
            while b"\r\n\r\n" not in head:
                head += plain.recv(4096)
            path = head.split()[1]
            try:
                if path == b"/missing":
                    plain.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno")
                elif path == b"/page":
                    plain.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 27\r\n\r\n<html><body>hi</body></html")
                elif path == b"/huge":
                    plain.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\nContent-Length: 2147483648\r\n\r\n")
                    while not enough.is_set():
                        plain.sendall(bytes(1 << 16))
                elif path == b"/endless":
                    plain.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\n\r\n" + tones.wav(tones.tone(800, 1)))
                    while not enough.is_set():
                        plain.sendall(bytes(1 << 16))
            except OSError:
                pass

        listener = Listener(serve)
        before, _, _ = self.status()
        try:
            for path in ("missing", "page", "huge", "endless", "gone"):
                with self.subTest(path):
                    port = free_port() if path == "gone" else listener.port
                    name, domain = self.bench.application(PLAY.replace("PORT", str(port)))
                    self.bench.user(name, "ada")
                    play(Story("ada", domain, path, PASSWORD).invite().answered().comes("BYE", timeout=50_000).ok(), self.bench.sip)
                    (row,) = self.bench.ended(name)
                    (line,) = [line for line in self.bench.session_log(row) if line.startswith("T finished")]
                    self.assertNotEqual(line, "T finished undefined")
            self.assertLess(self.status()[0] - before, 120 * 1024)
        finally:
            enough.set()
            listener.shutdown()
            listener.server_close()
        self.call_works()

    def test_descriptions_that_fit_nothing_are_refused_and_odd_ones_served(self):
        name, domain = self.bench.application(ECHO)
        self.bench.user(name, "ada")
        video = SDP.replace("m=audio [media_port] RTP/AVP 0 101\na=rtpmap:0 PCMU/8000\n", "m=audio [media_port] RTP/AVP 18 101\na=rtpmap:18 G729/8000\n")
        play(Story("ada", domain, "echo", PASSWORD).invite(body=video).refused(488), self.bench.sip)
        twenty = SDP.replace("RTP/AVP 0 101\n", "RTP/AVP " + " ".join(map(str, range(96, 115))) + " 8\n").replace("a=rtpmap:0 PCMU/8000\n", "".join(f"a=rtpmap:{kind} x{kind}/8000\n" for kind in range(96, 115))).replace("a=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15\n", "")
        private = SDP.replace("c=IN IP[media_ip_type] [media_ip]", "c=IN IP4 10.9.8.7")
        six = SDP.replace("c=IN IP[media_ip_type] [media_ip]", "c=IN IP6 2001:db8::7")
        for body in (twenty, private):
            play(Story("ada", domain, "echo", PASSWORD).invite(body=body).answered().pause(200).bye(), self.bench.sip)
        story = Story("ada", domain, "echo", PASSWORD).invite(body=six).comes(180, optional=True)
        story.step('<recv response="488" optional="true" next="1"/>').comes(200).ack().bye().step('<nop next="2"/>').step('<label id="1"/>').ack(refused=True).step('<label id="2"/>')
        play(story, self.bench.sip)
        play(Story("ada", domain, "echo", PASSWORD).invite(body="v=0\nthis is none\n").refused(400), self.bench.sip)


if __name__ == "__main__":
    unittest.main()
