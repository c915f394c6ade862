"""Servers whose keys may do everything and whose data nobody needs, against docs/openapi.json: Schemathesis, and the examples."""

import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

import jsonschema_rs
from cordboard import Cordboard

HERE = pathlib.Path(__file__).resolve().parent
DOCUMENT = HERE.parent.parent / "docs" / "openapi.json"

# Forms are tried at the edges of every parameter, queries, which are read by the same code, by chance alone.
PASSES = [("POST", "coverage,fuzzing"), ("GET", "fuzzing")]


def violations(schemathesis, verb, phases):
    """Whether Schemathesis found any. An error in the server's log fails the test by itself."""
    with Cordboard() as server:
        command = [schemathesis, "--config-file", str(HERE / "schemathesis.toml"), "run", str(DOCUMENT), "--url", server.runtime["http"]]
        command += ["--include-method", verb, "--phases", phases, "--header", f"Authorization: Bearer {server.token()}"]
        command += ["--workers", "2", "--request-timeout", "30", "--warnings", "off", "--continue-on-failure"]
        return subprocess.run(command, cwd=server.data, env={**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}).returncode != 0


# Of the examples this many succeed on a fresh server at least; random calls seldom name things that are there.
ANSWERED = 50


def wrong_answers():
    """What the examples of the reference answer, with all that can be asked for, where it is not what the document says."""
    document = json.loads(DOCUMENT.read_text())
    wrong, answered = [], 0
    with Cordboard() as server:
        token = server.token()
        connection = server.connection()
        connection.request("GET", "/docs/methods.json")
        rows = [row for row in json.loads(connection.getresponse().read())["methods"] if row["status"] == "real"]
        # What makes things comes first, what deletes them last.
        for row in sorted(rows, key=lambda row: (not row["name"].startswith(("Add", "Set")), row["name"].startswith("Del"), row["name"] == "DelApplication")):
            content = document["components"]["responses"][row["name"]]["content"]
            if "application/octet-stream" in content and len(content["application/json"]["schema"]["anyOf"]) == 1:
                continue
            connection.request("GET", f"/docs/methods/{row['name']}.md")
            example = re.search(r"```sh\n(.*?)\n```", connection.getresponse().read().decode(), re.DOTALL)
            # What the panel's own session calls has no example; a token is refused by it.
            assert example or row["group"] == "Panel", row["name"]
            words = shlex.split(example.group(1).replace("\\\n", "")) if example else []
            sent = dict(pair.split("=", 1) for option, pair in zip(words, words[1:]) if option == "--data-urlencode")
            sent |= {param["name"]: "true" for param in row["params"] if param["type"] == "bool" and param["name"].startswith("with_")}
            answer = server.call(row["name"], token, connection, **sent)
            schema = {**content["application/json"]["schema"], "components": document["components"]}
            faults = [error.message for error in jsonschema_rs.Draft202012Validator(schema).iter_errors(answer)]
            answered += "error" not in answer
            if faults:
                wrong.append((row["name"], answer, faults))
        connection.close()
    if answered < ANSWERED:
        wrong.append(f"only {answered} examples succeeded")
    print(f"{answered} examples answered; not as documented: {wrong}")
    return wrong


failed = [violations(sys.argv[1], verb, phases) for verb, phases in PASSES]
sys.exit(any(failed) or bool(wrong_answers()))
