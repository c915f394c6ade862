"""baresip as a phone: it registers, calls, answers, sends a tone of its own and keeps what it hears."""

import contextlib
import itertools
import json
import pathlib
import queue
import random
import shutil
import socket
import subprocess
import tempfile
import threading

import tones
from sessions import until

MODULES = next((path for path in pathlib.Path("/usr/lib").glob("**/baresip/modules")), "/usr/lib/baresip/modules")

CONFIG = """\
sip_listen {ip}:{sip_port}
call_max_calls 8
audio_player aubridge,none
audio_source aufile,{folder}/own.wav
audio_alert aubridge,none
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
net_interface {ip}
module_path {modules}
module g711.so
module opus.so
module sndfile.so
module aufile.so
module aubridge.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control_port}
snd_path {folder}
"""


# Neither the ports that the system gives to connections, nor those of the server's media.
PORTS = itertools.cycle(random.sample(range(10_000, 16_000), 6_000))


def free_port(ip="127.0.0.1"):
    """A port that neither UDP nor TCP has, nor UDP the three above it: SIPp takes them for RTP, two for each kind of media."""
    for port in PORTS:
        with contextlib.ExitStack() as open_ones:
            try:
                for kind, at in [(socket.SOCK_STREAM, port), *((socket.SOCK_DGRAM, port + above) for above in range(4))]:
                    open_ones.enter_context(socket.socket(socket.AF_INET, kind)).bind((ip, at))
            except OSError:
                continue
            return port


class Phone:
    """One process with one account: a registered user's, or one that a trunk's number rings (`server` None)."""

    def __init__(self, server, user, password="", domain="demo.owner.cordboard.internal", transport="udp", ip="127.0.0.1", port=None, hz=440, answers=True, codecs="pcmu,pcma", more="", others=()):
        self.server, self.user, self.domain = server, user, domain
        self.ip, self.port, self.hz = ip, port or free_port(ip), hz
        parts = [f"<sip:{user}@{domain}>", f"audio_codecs={codecs}", f"answermode={'auto' if answers else 'manual'}"]
        if server:
            parts += [f"auth_pass={password}", f'outbound="sip:{server.runtime["sip"]};transport={transport}"', "regint=600"]
        else:
            parts += ["regint=0"]
        self.accounts = [";".join(parts) + more, *others]
        self.events, self.seen = queue.Queue(), []
        self.answered = queue.Queue()

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cordboard-phone-"))
        (self.folder / "own.wav").write_bytes(tones.wav(tones.tone(self.hz, 60)))
        control_port = free_port()
        (self.folder / "config").write_text(CONFIG.format(ip=self.ip, sip_port=self.port, control_port=control_port, folder=self.folder, modules=MODULES))
        (self.folder / "accounts").write_text("\n".join(line.replace("{folder}", str(self.folder)) for line in self.accounts) + "\n")
        with open(self.folder / "out", "wb") as out:
            self.process = subprocess.Popen(["baresip", "-s", "-f", str(self.folder)], stdin=subprocess.DEVNULL, stdout=out, stderr=out)

        def control():
            try:
                return socket.create_connection(("127.0.0.1", control_port), timeout=60)
            except ConnectionRefusedError:
                assert self.process.poll() is None, self.trace()
                return None

        self.control = until(control, self.trace, 20)
        threading.Thread(target=self.listen, daemon=True).start()
        if self.server:
            # It registers before somebody listens to what it says.
            until(lambda: "200 OK" in self.trace(), lambda: f"{self.user} registers: {self.trace()}", 20)
        return self

    def __exit__(self, *failure):
        if failure[0]:
            print(f"--- the phone of {self.user}\n{self.trace()[-6000:]}")
        self.process.terminate()
        try:
            self.process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            # It waits for a server that is not there any more.
            self.process.kill()
            self.process.wait()
        self.control.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def trace(self):
        return (self.folder / "out").read_text(errors="replace")

    def listen(self):
        """Netstrings of JSON."""
        stream = self.control.makefile("rb")
        try:
            while True:
                size = b""
                while (digit := stream.read(1)).isdigit():
                    size += digit
                if not size:
                    return
                said = json.loads(stream.read(int(size)))
                stream.read(1)
                (self.events if said.get("event") else self.answered).put(said)
        except OSError:
            pass

    def do(self, command, params=""):
        text = json.dumps({"command": command, "params": params, "token": "1"}).encode()
        self.control.sendall(b"%d:%s," % (len(text), text))
        return self.answered.get(timeout=20)

    def event(self, kind, seconds=20):
        """The next event of a kind; those before it are kept in `seen`."""
        while True:
            try:
                said = self.events.get(timeout=seconds)
            except queue.Empty:
                raise AssertionError(f"{self.user} does not hear {kind}: {self.seen}\n{self.trace()}") from None
            self.seen.append(said)
            if said["type"] == kind:
                return said

    def dial(self, destination):
        self.do("dial", destination if "@" in destination else f"sip:{destination}@{self.domain}")

    def call(self, destination):
        """Calls and waits for the answer."""
        self.dial(destination)
        return self.event("CALL_ESTABLISHED")

    def press(self, keys):
        self.do("sndcode", keys)

    def hang_up(self):
        self.do("hangup")

    def recordings(self):
        return sorted(self.folder.glob("dump-*-dec.wav"))

    def samples(self):
        """What the last call heard."""
        files = self.recordings()
        return tones.read(files[-1]) if files else []

    def hears(self, hz, seconds=1, within=20):
        """Waits until so much of a tone was heard."""
        until(lambda: tones.heard(self.samples(), hz) >= seconds, lambda: f"{self.user} hears {hz} Hz: {tones.heard(self.samples(), hz)} s of {len(self.samples()) / tones.RATE} s, loud {tones.loud(self.samples())}", within)

    def hears_speech(self, seconds=0.5, within=20):
        until(lambda: tones.loud(self.samples()) >= seconds, lambda: f"{self.user} hears somebody speak: {tones.loud(self.samples())} s of {len(self.samples()) / tones.RATE}", within)
