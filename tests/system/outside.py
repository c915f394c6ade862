"""What sessions meet outside: a web service, a WebSocket server and its client's side, a mail server."""

import base64
import contextlib
import hashlib
import http.server
import os
import queue
import socket
import socketserver
import ssl
import struct
import threading
import urllib.parse

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class Web:
    """A web service. `requests` has what came, and `answer` makes (status, headers, body) of it."""

    def __init__(self, answer=lambda request: (200, {}, b"")):
        self.requests = queue.Queue()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                request = {"method": self.command, "path": self.path, "headers": dict(self.headers), "body": body.decode()}
                outer.requests.put(request)
                status, headers, text = answer(request)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                # Who takes no more than so much hangs up in the middle.
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    self.wfile.write(text)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_any

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def next(self):
        return self.requests.get(timeout=60)


class Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, serve):
        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                serve(self.request)

        super().__init__(("127.0.0.1", 0), Handler)
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Socket:
    """One end of a WebSocket (RFC 6455), of frames that are not fragmented."""

    def __init__(self, plain, masked):
        self.plain, self.masked, self.buffer = plain, masked, b""

    def read(self, count):
        while len(self.buffer) < count:
            chunk = self.plain.recv(65536)
            if not chunk:
                raise ConnectionError("the peer hung up")
            self.buffer += chunk
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def head(self):
        while b"\r\n\r\n" not in self.buffer:
            chunk = self.plain.recv(65536)
            if not chunk:
                break
            self.buffer += chunk
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        return first, {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    def send(self, content, opcode=None):
        opcode = opcode or (TEXT if isinstance(content, str) else BINARY)
        payload = content.encode() if isinstance(content, str) else content
        size = len(payload)
        masked = 0x80 if self.masked else 0
        if size < 126:
            head = struct.pack("!BB", 0x80 | opcode, masked | size)
        elif size < 65536:
            head = struct.pack("!BBH", 0x80 | opcode, masked | 126, size)
        else:
            head = struct.pack("!BBQ", 0x80 | opcode, masked | 127, size)
        if self.masked:
            key = os.urandom(4)
            payload = bytes(byte ^ key[at % 4] for at, byte in enumerate(payload))
            head += key
        self.plain.sendall(head + payload)

    def receive(self):
        """A text, bytes, or (code, reason) of a close; the peer's pings are answered."""
        while True:
            first, size = self.read(2)
            opcode, masked, size = first & 15, size & 0x80, size & 0x7F
            if size >= 126:
                size = int.from_bytes(self.read(2 if size == 126 else 8), "big")
            key = self.read(4) if masked else bytes(4)
            payload = bytes(byte ^ key[at % 4] for at, byte in enumerate(self.read(size)))
            if opcode == PING:
                self.send(payload, PONG)
            elif opcode == CLOSE:
                return (int.from_bytes(payload[:2], "big"), payload[2:].decode()) if payload else (1005, "")
            elif opcode in (TEXT, BINARY):
                return payload.decode() if opcode == TEXT else payload

    def close(self, code=1000, reason=""):
        self.send(struct.pack("!H", code) + reason.encode(), CLOSE)

    def hang_up(self):
        self.plain.close()


def connect(url, headers=None, ca=None):
    """A WebSocket to a control URL as (socket, None), or what was answered as (None, (status, body))."""
    address = urllib.parse.urlsplit(url)
    plain = socket.create_connection((address.hostname, address.port), timeout=60)
    if address.scheme in ("https", "wss"):
        plain = ssl.create_default_context(cafile=ca).wrap_socket(plain, server_hostname=address.hostname)
    key = base64.b64encode(os.urandom(16)).decode()
    path = address.path + (f"?{address.query}" if address.query else "")
    lines = [f"GET {path} HTTP/1.1", f"Host: {address.netloc}", "Upgrade: websocket", "Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    plain.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
    end = Socket(plain, masked=True)
    first, answered = end.head()
    status = int(first.split()[1])
    if status != 101:
        body = end.read(int(answered.get("content-length", 0)))
        plain.close()
        return None, (status, body.decode())
    assert answered["sec-websocket-accept"] == accept(key), answered
    return end, None


def accept(key):
    return base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()


class SocketServer:
    """A WebSocket server; `talk` gets each connection as (socket, path, headers)."""

    def __init__(self, talk):
        self.failures = []

        def serve(plain):
            plain.settimeout(60)
            end = Socket(plain, masked=False)
            first, headers = end.head()
            lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade", f"Sec-WebSocket-Accept: {accept(headers['sec-websocket-key'])}"]
            if "sec-websocket-protocol" in headers:
                lines.append(f"Sec-WebSocket-Protocol: {headers['sec-websocket-protocol'].split(',')[0].strip()}")
            plain.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
            try:
                talk(end, first.split()[1], headers)
            except Exception as failure:
                self.failures.append(failure)

        self.server = Listener(serve)
        self.port = self.server.port

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.server.shutdown()
        self.server.server_close()
        assert failure[0] or not self.failures, self.failures


class MailServer:
    """An SMTP server that takes everything. `mails` has (sender, recipients, text)."""

    def __init__(self):
        self.mails = queue.Queue()

        def serve(plain):
            lines = plain.makefile("rwb")

            def say(text):
                lines.write(text.encode() + b"\r\n")
                lines.flush()

            say("220 mail.test ESMTP")
            sender, recipients = None, []
            while line := lines.readline().decode().strip():
                verb = line.upper()
                if verb.startswith("EHLO"):
                    say("250 mail.test")
                elif verb.startswith("MAIL FROM:"):
                    sender = line[10:].split(">")[0].strip(" <")
                    say("250 ok")
                elif verb.startswith("RCPT TO:"):
                    recipients.append(line[8:].split(">")[0].strip(" <"))
                    say("250 ok")
                elif verb == "DATA":
                    say("354 go on")
                    text = b""
                    while (part := lines.readline()) not in (b".\r\n", b""):
                        text += part
                    self.mails.put((sender, recipients, text.decode()))
                    say("250 taken")
                elif verb == "QUIT":
                    say("221 bye")
                    return
                else:
                    say("502 unknown")

        self.server = Listener(serve)
        self.port = self.server.port

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
