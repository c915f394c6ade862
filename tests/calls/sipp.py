"""SIPp with stories of our own: what is sent and what must come, in order."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from baresip import free_port

SDP = """\
v=0
o=user1 53655765 2353687637 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 0 101
a=rtpmap:0 PCMU/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15
"""


class Story:
    """Steps of one call. `user` calls `to`, both within `domain`."""

    def __init__(self, user="sipp", domain="127.0.0.1", to="service", password=None):
        self.user, self.domain, self.to, self.password = user, domain, to, password
        # Whose address From has; that of the called application, unless a stranger's.
        self.home = domain
        self.steps, self.cseq = [], 0

    def step(self, text):
        self.steps.append(text)
        return self

    def send(self, text, retrans=True):
        again = ' retrans="500"' if retrans else ""
        # A line break at the end would be a part of the body.
        return self.step(f"<send{again}><![CDATA[\n{text}]]></send>")

    def comes(self, what, optional=False, auth=False, timeout=20_000):
        """A status or a method that must come now."""
        kind = "response" if isinstance(what, int) else "request"
        flags = (' optional="true"' if optional else f' timeout="{timeout}"') + (' auth="true"' if auth else "") + ' rrs="true"'
        return self.step(f'<recv {kind}="{what}"{flags}/>')

    def pause(self, ms):
        return self.step(f'<pause milliseconds="{ms}"/>')

    def request(self, method, body="", kind="application/sdp", headers=(), to_tag=True, uri=None, auth=False, cseq=None, from_tag="[call_number]"):
        if cseq is None:
            self.cseq += 1
            cseq = self.cseq
        uri = uri or ("[next_url]" if to_tag else f"sip:{self.to}@{self.domain}")
        to = f"<sip:{self.to}@{self.domain}>" + ("[peer_tag_param]" if to_tag else "")
        lines = [
            f"{method} {uri} SIP/2.0",
            "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport",
            f"From: <sip:{self.user}@{self.home}>;tag={from_tag}",
            f"To: {to}",
            "Call-ID: [call_id]",
            f"CSeq: {cseq} {method}",
            f"Contact: <sip:{self.user}@[local_ip]:[local_port];transport=[transport]>",
            "Max-Forwards: 70",
            *headers,
        ]
        if auth:
            lines.append(f"[authentication username={self.user} password={self.password}]")
        if body:
            lines.append(f"Content-Type: {kind}")
        lines += ["Content-Length: [len]", "", body or "\n"]
        return self.send("\n".join(lines), retrans=method != "ACK")

    def ack(self, refused=False):
        """Of a 2xx, or of a refusal: within the transaction."""
        text = self.request("ACK", cseq=self.cseq, to_tag=True, uri=None if not refused else f"sip:{self.to}@{self.domain}")
        return text

    def invite(self, headers=(), body=SDP):
        """The INVITE, with credentials if there is a password."""
        self.request("INVITE", body, headers=headers, to_tag=False)
        if self.password is not None:
            self.comes(100, optional=True).comes(407, auth=True).ack(refused=True)
            self.request("INVITE", body, headers=headers, to_tag=False, auth=True)
        return self.comes(100, optional=True)

    def ringing(self):
        return self.comes(180, optional=True).comes(183, optional=True)

    def answered(self):
        return self.ringing().comes(200).ack()

    def refused(self, status):
        return self.comes(180, optional=True).comes(status).ack(refused=True)

    def bye(self):
        return self.request("BYE").comes(200)

    def register(self, expires=600, contact=True):
        """REGISTER with credentials, whose answer must be 200."""
        headers = [f"Expires: {expires}"]
        uri = f"sip:{self.domain}"
        to = self.to
        self.to = self.user
        self.request("REGISTER", headers=headers, to_tag=False, uri=uri)
        self.comes(401, auth=True)
        self.request("REGISTER", headers=headers, to_tag=False, uri=uri, auth=True).comes(200)
        self.to = to
        return self

    def respond(self, status, reason, body="", kind="application/sdp", headers=(), retrans=False, contact=True):
        """An answer to the last request that came."""
        lines = [f"SIP/2.0 {status} {reason}", "[last_Via:]", "[last_Record-Route:]", "[last_From:]", "[last_To:];tag=[call_number]", "[last_Call-ID:]", "[last_CSeq:]"]
        if contact:
            lines.append("Contact: <sip:[local_ip]:[local_port];transport=[transport]>")
        lines += headers
        if body:
            lines.append(f"Content-Type: {kind}")
        lines += ["Content-Length: [len]", "", body or "\n"]
        return self.send("\n".join(lines), retrans=retrans)

    def ok(self):
        """200 to a request within the dialog, whose To has its tag."""
        lines = ["SIP/2.0 200 OK", "[last_Via:]", "[last_From:]", "[last_To:]", "[last_Call-ID:]", "[last_CSeq:]", "Contact: <sip:[local_ip]:[local_port];transport=[transport]>", "Content-Length: 0", "", "\n"]
        return self.send("\n".join(lines), retrans=False)

    def xml(self):
        return '<?xml version="1.0" encoding="ISO-8859-1" ?>\n<scenario name="story">\n' + "\n".join(self.steps) + "\n</scenario>\n"


class Sipp:
    """One process that plays a story, or a built-in one (`-sn`), so many times."""

    def __init__(self, story, target=None, calls=1, ip="127.0.0.1", port=None, transport="u1", more=(), quiet=False, raw=False):
        self.quiet = quiet
        # Who is not root becomes it for a raw socket.
        self.command = ["sudo", "sipp"] if raw and os.geteuid() else ["sipp"]
        self.story, self.target, self.calls, self.ip, self.transport, self.more = story, target, calls, ip, transport, list(more)
        self.port = port or free_port(ip)

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cordboard-sipp-"))
        command = [*self.command]
        if isinstance(self.story, Story):
            (self.folder / "story.xml").write_text(self.story.xml())
            command += ["-sf", "story.xml"]
            if not self.quiet:
                command += ["-trace_msg", "-message_file", "messages"]
        else:
            command += ["-sn", self.story]
        command += ["-i", self.ip, "-p", str(self.port), "-mi", self.ip, "-mp", str(free_port(self.ip)), "-m", str(self.calls), "-t", self.transport]
        command += ["-nostdin", "-trace_err", "-error_file", "errors", *(["-timeout", "60s"] if "-timeout" not in self.more else []), "-timeout_error", *self.more]
        if self.target:
            command.append("%s:%d" % self.target)
        with open(self.folder / "out", "wb") as out:
            self.process = subprocess.Popen(command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        return self

    def __exit__(self, *failure):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if failure[0]:
            print(f"--- SIPp\n{self.read('errors')}\n{self.read('messages')[-6000:]}")
        shutil.rmtree(self.folder, ignore_errors=True)

    def read(self, name):
        path = self.folder / name
        return path.read_text(errors="replace") if path.exists() else ""

    def ends(self, seconds=60):
        """Waits until all calls went as the story says."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            code = "still running"
        assert code == 0, f"SIPp ends with {code}: {self.read('errors')}\n{self.read('messages')[-6000:]}\n{self.read('out')[-1500:]}"
        return self

    def received(self):
        """What came, each message as (first line, headers as written, body)."""
        found = []
        for block in re.split(r"-{20,}[^\n]*\n", self.read("messages")):
            kind, _, text = block.partition("\n\n")
            if "message received" not in kind:
                continue
            head, _, body = text.replace("\r\n", "\n").partition("\n\n")
            first, *lines = head.strip("\n").split("\n")
            found.append((first, [tuple(line.split(": ", 1)) for line in lines if ": " in line], body.rstrip("\n")))
        return found

    def header(self, first, name):
        """A header of the first received message that begins so; None where it has none."""
        message = next((message for message in self.received() if message[0].startswith(first)), None)
        assert message, (first, [message[0] for message in self.received()])
        return next((value for key, value in message[1] if key == name), None)


def play(story, target, **how):
    with Sipp(story, target, **how) as sipp:
        sipp.ends()
        sipp.kept = sipp.received()
        return sipp
