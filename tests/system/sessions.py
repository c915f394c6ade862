"""Sessions as a caller of the API has them: a script becomes a rule, a rule a session, a session an end in the history."""

import http.client
import itertools
import pathlib
import re
import select
import ssl
import time
import urllib.parse

SCENARIOS = pathlib.Path(__file__).resolve().parents[3] / "shared" / "reference" / "scenarios"

NUMBERS = itertools.count(1)

STAMP = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} ")


def scenario(name, replaced):
    """A test scenario of the reference, with other addresses."""
    (file,) = SCENARIOS.glob(f"{name}-*.js")
    text = file.read_text()
    for before, after in replaced.items():
        assert before in text, before
        text = text.replace(before, after)
    return text


def until(condition, what, seconds=60):
    """What the condition gives once it gives something."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {what() if callable(what) else what}"
        select.select([], [], [], 0.01)
    return found


class Answer:
    def __init__(self, response):
        self.status, self.body = response.status, response.read()
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.text = self.body.decode(errors="replace")

    def __repr__(self):
        return f"{self.status} {self.headers.get('content-type')} {self.text!r}"


def request(url, body=None, method="POST", headers=None, ca=None, timeout=120):
    address = urllib.parse.urlsplit(url)
    if address.scheme == "https":
        connection = http.client.HTTPSConnection(address.hostname, address.port, timeout=timeout, context=ssl.create_default_context(cafile=ca))
    else:
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=timeout)
    try:
        connection.request(method, address.path + (f"?{address.query}" if address.query else ""), body, headers or {})
        return Answer(connection.getresponse())
    finally:
        connection.close()


class Account:
    """What an account does with the owner's key, or with another credential."""

    def __init__(self, server, **credentials):
        self.server, self.credentials = server, credentials
        self.token = server.token()

    def child(self, name):
        """A child account, on which the owner's key acts."""
        made = self.ask("AddAccount", account_name=name, account_email=f"{name}@example.org", account_password="Passw0rd!x", active="true")
        child = Account(self.server, account_id=made["account_id"])
        child.ask("AddApplication", application_name="demo")
        return child

    def call(self, method, /, **params):
        return self.server.call(method, token=self.token, **self.credentials, **params)

    def ask(self, method, /, **params):
        answer = self.call(method, **params)
        assert "error" not in answer, (method, answer)
        return answer

    def refused(self, method, /, **params):
        answer = self.call(method, **params)
        assert "error" in answer, (method, answer)
        return answer["error"]

    def rule(self, *scripts, application="demo", name=None, **params):
        """A rule with these scripts, in their order."""
        number = next(NUMBERS)
        ids = [self.ask("AddScenario", scenario_name=f"s{number}-{at}", scenario_script=script)["scenario_id"] for at, script in enumerate(scripts)]
        made = self.ask("AddRule", application_name=application, rule_name=name or f"r{number}", rule_pattern=".*", **params)["rule_id"]
        if ids:
            self.ask("BindScenario", scenario_id=";".join(map(str, ids)), rule_id=made)
        return made

    def start(self, rule, **params):
        return Session(self, self.ask("StartScenarios", rule_id=rule, **params))

    def run(self, script, **params):
        return self.start(self.rule(script), **params)

    def live(self):
        return {row["call_session_history_id"] for row in self.ask("GetLiveSessions", count=1000)["result"]}

    def history(self, **filters):
        return self.ask("GetCallHistory", **filters)["result"]


class Session:
    def __init__(self, account, started):
        assert started["result"] == 1, started
        self.account, self.started = account, started
        self.id = started["call_session_history_id"]
        self.url, self.secure_url = started["media_session_access_url"], started["media_session_access_secure_url"]

    def ask(self, body=None, below="", method="POST", headers=None, secure=False, timeout=120):
        """A request to the control URL."""
        return request((self.secure_url if secure else self.url) + below, body, method, headers, self.account.server.runtime["ca"], timeout)

    def log(self):
        """What the log's lines say, without their moments."""
        lines, offset = "", 0
        while True:
            piece = self.account.ask("GetSessionLog", call_session_history_id=self.id, offset=offset)
            if not piece["result"]:
                return [STAMP.sub("", line) for line in lines.splitlines()]
            lines, offset = lines + piece["result"], piece["next_offset"]

    def logged(self, text, seconds=60):
        """The first line that begins with a text, once it is there."""
        return until(lambda: next((line for line in self.log() if line.startswith(text)), None), lambda: (text, self.log()), seconds)

    def row(self):
        (row,) = self.account.history(call_session_history_id=self.id, with_calls="true")
        return row

    def ended(self, reason="Normal termination", seconds=60):
        """The session's row in the history, once it is there."""
        found = lambda: self.account.history(call_session_history_id=self.id, with_calls="true")
        (row,) = until(found, lambda: f"session {self.id} has ended: {self.log()[-20:]}", seconds)
        assert row["finish_reason"] == reason, (row["finish_reason"], self.log()[-20:])
        return row

    def stop(self):
        return self.account.ask("StopSession", call_session_history_id=self.id)
