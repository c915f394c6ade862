"""The running server, and the two ways to it: the official client, and plain https for what the client has no method for."""

import json
import os
import ssl
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from voximplant.apiclient import VoximplantAPI, VoximplantAPIConfig, VoximplantException

RUNTIME_FILE = Path(os.environ["CORDBOARD_RUNTIME"])
RUNTIME = json.loads(RUNTIME_FILE.read_text())
# `documented` or `typings`: which shape the server was told to answer in. This client carries both.
SHAPE = os.environ["CORDBOARD_SHAPE"]
OWNER = json.loads(Path(RUNTIME["credentials"]).read_text())
AUTHORITY = ssl.create_default_context(cafile=os.environ["REQUESTS_CA_BUNDLE"])
OWNER_PASSWORD = (RUNTIME_FILE.parent / "owner-password").read_text().splitlines()[0]

# Folded names of the methods that were called through the client.
CALLED = set()


def built_methods():
    """The methods of the reference that the server says it has."""
    rows = json.loads(Path(os.environ["CORDBOARD_METHODS"]).read_text())
    return {row["name"] for row in rows if row["status"] == "real" and row["origin"] == "reference"}


def folded(name):
    """One spelling for `get_authorized_account_ips` and GetAuthorizedAccountIPs."""
    return name.replace("_", "").lower()


class Recorded:
    """The client as it is, with a note of what was called."""

    def __init__(self, client):
        self._client = client

    def __getattr__(self, name):
        CALLED.add(folded(name))
        return getattr(self._client, name)


class Server:
    def __init__(self, folder):
        self._folder = folder
        self._written = 0

    def connect(self, credentials, account_id=None):
        """The official client with these credentials; `account_id` is its own option."""
        self._written += 1
        path = self._folder / f"{self._written}.json"
        path.write_text(json.dumps(credentials))
        config = VoximplantAPIConfig(str(path), urlsplit(RUNTIME["https"]).netloc, account_id)
        return Recorded(VoximplantAPI(config=config))

    def plain(self, method, parameters, client=None):
        """A call without the client, under its key or with the credentials that the parameters hold."""
        headers = {"Authorization": client.build_auth_header()} if client else {}
        return httpx.post(f"{RUNTIME['https']}/platform_api/{method}", data=parameters, headers=headers, verify=AUTHORITY).json()

    def make_key(self, maker, role_name=None):
        """A new key's credentials file."""
        result = maker.create_key(description="python", role_name=role_name)["result"]
        return result[0] if SHAPE == "typings" else result


def refusal(call, *arguments, **named):
    """The code of the exception that a call ends with."""
    with pytest.raises(VoximplantException) as caught:
        call(*arguments, **named)
    assert caught.value.message
    return caught.value.code
