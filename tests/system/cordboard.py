"""A Cordboard process for tests, and calls to it."""

import http.client
import json
import os
import pathlib
import select
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
import urllib.parse

BINARY = os.environ["CORDBOARD"]


class Cordboard:
    """A server on free ports with a data directory of its own."""

    def __init__(self, *arguments, data=None, environment=None, prefix=(), database=None):
        self.owns_data = data is None
        self.data = pathlib.Path(data or tempfile.mkdtemp(prefix="cordboard-test-")) / ("data" if data is None else "")
        self.arguments = list(arguments)
        if database:
            self.arguments += ["--database", database]
        self.environment = environment or {}
        self.prefix = list(prefix)
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *failure):
        self.stop()
        errors = [line for line in self.log().splitlines() if " ERROR " in line]
        if self.owns_data:
            shutil.rmtree(self.data.parent, ignore_errors=True)
        assert failure[0] or not errors, errors

    def start(self):
        runtime = self.data / "runtime.json"
        runtime.unlink(missing_ok=True)
        self.data.parent.mkdir(parents=True, exist_ok=True)
        self.log_path = self.data.parent / (self.data.name + ".log")
        command = [*self.prefix, BINARY, "serve", "--data-dir", str(self.data)]
        if not any(argument.startswith("--http") for argument in self.arguments):
            command += ["--http", "127.0.0.1:0", "--https", "127.0.0.1:0"]
        if not any(argument == "--sip" or argument.startswith("--sip=") for argument in self.arguments):
            command += ["--sip", "127.0.0.1:0"]
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(command + self.arguments, stdout=subprocess.PIPE, stderr=log, env={**os.environ, **self.environment})
        deadline = time.monotonic() + 60
        while not runtime.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the server did not start: {self.log()}")
            select.select([], [], [], 0.02)
        self.runtime = json.loads(runtime.read_text())

    def stop(self):
        if self.process and self.process.poll() is None:
            os.kill(self.runtime["pid"], signal.SIGTERM)
            self.process.wait(timeout=60)
        if self.process and self.process.stdout:
            self.printed = self.process.stdout.read().decode()
            self.process.stdout.close()
            self.process.stdout = None

    def kill(self):
        os.kill(self.runtime["pid"], signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()
        self.process.stdout = None

    def log(self):
        return self.log_path.read_text() if self.log_path.exists() else ""

    def run(self, *arguments):
        """Another command of the binary on this data directory."""
        return subprocess.run([BINARY, *arguments, "--data-dir", str(self.data)], capture_output=True, text=True, timeout=60)

    def token(self):
        made = self.run("token")
        assert made.returncode == 0, made.stderr
        return made.stdout.strip()

    def port(self, scheme="http"):
        return int(self.runtime[scheme].rsplit(":", 1)[1])

    def connection(self, scheme="http", timeout=60):
        if scheme == "http":
            return http.client.HTTPConnection("127.0.0.1", self.port(), timeout=timeout)
        trusting = ssl.create_default_context(cafile=self.runtime["ca"])
        return http.client.HTTPSConnection("127.0.0.1", self.port("https"), timeout=timeout, context=trusting)

    def call(self, method, /, token=None, connection=None, **params):
        """The answer of a call with the owner's key, or with a given token."""
        if connection is None:
            connection = self.connection()
            try:
                return self.call(method, token, connection, **params)
            finally:
                connection.close()
        headers = {"Authorization": f"Bearer {token or self.token()}", "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", f"/platform_api/{method}", urllib.parse.urlencode(params, doseq=True), headers)
        response = connection.getresponse()
        body = response.read()
        assert response.status == 200, (response.status, body)
        return json.loads(body)


class Database:
    """A fresh PostgreSQL database on the test server."""

    count = 0

    def __enter__(self):
        self.server = os.environ["CORDBOARD_TEST_POSTGRES"]
        Database.count += 1
        self.name = f"cordboard_system_{os.getpid()}_{Database.count}"
        self.sql(f"CREATE DATABASE {self.name}")
        return self.server.rsplit("/", 1)[0] + "/" + self.name

    def __exit__(self, *_):
        self.sql(f"DROP DATABASE {self.name} WITH (FORCE)")

    def sql(self, statement):
        subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement, self.server], check=True, capture_output=True)
