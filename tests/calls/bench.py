"""A server with a trunk on loopback, and accounts, applications and users for calls."""

import itertools

from baresip import free_port
from cordboard import Cordboard
from sessions import STAMP, Account, until

# What comes from here is the trunk's; phones of users are on another address of loopback.
TRUNK = "127.0.0.2"
OWN = "15550100"
PASSWORD = "Passw0rd!x"

NUMBERS = itertools.count(1)


class Bench:
    """`numbers` are the trunk's, each with its application. baresip sends audio from 127.0.0.1 whatever its address is, so where it is
    the trunk, that is the trunk's address."""

    def __init__(self, *arguments, numbers=(), trunk=TRUNK):
        self.trunk, self.trunk_port = trunk, free_port(trunk)
        self.arguments = ["--way-out-allow", "127.0.0.0/8", "--trunk-host", f"{trunk}:{self.trunk_port}", "--trunk-sources", f"{trunk}/32", "--trunk-allowed", "+1555*", "--trunk-numbers", f"+{OWN}=demo"]
        for number, application in numbers:
            self.arguments += ["--trunk-numbers", f"+{number}={application}"]
        self.server = Cordboard(*self.arguments, *arguments)

    def __enter__(self):
        self.server.start()
        self.account = Account(self.server)
        host, port = self.server.runtime["sip"].rsplit(":", 1)
        self.sip = (host, int(port))
        return self

    def __exit__(self, *failure):
        self.server.__exit__(*failure)

    def application(self, *scripts, pattern=".*", name=None):
        """An application with one rule; its name and domain."""
        name = name or f"app{next(NUMBERS)}"
        self.account.ask("AddApplication", application_name=name)
        if scripts:
            self.account.rule(*scripts, application=name)
        return name, f"{name}.owner.cordboard.internal"

    def user(self, application, name, **params):
        self.account.ask("AddUser", application_name=application, user_name=name, user_display_name=name.title(), user_password=PASSWORD, **params)

    def ended(self, application, count=1, seconds=30):
        """The rows of an application's sessions, once so many have ended."""
        found = lambda: self.account.history(application_name=application, with_calls="true", count=1000)
        until(lambda: len(found()) >= count, lambda: f"{count} sessions have ended: {found()}", seconds)
        return sorted(found(), key=lambda row: row["call_session_history_id"])

    def session_log(self, row):
        lines, offset = "", 0
        while piece := (answer := self.account.ask("GetSessionLog", call_session_history_id=row["call_session_history_id"], offset=offset))["result"]:
            lines, offset = lines + piece, answer["next_offset"]
        return [STAMP.sub("", line) for line in lines.splitlines()]

    def explanations(self, row):
        return [call.get("explanation") for call in self.account.ask("GetCallExplanations", call_session_history_id=row["call_session_history_id"])["result"]]
