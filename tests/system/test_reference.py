"""The reference at /docs: pages, snippets and examples."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from cordboard import BINARY, Cordboard

SNIPPETS = pathlib.Path(__file__).resolve().parent.parent.parent / "docs" / "snippets"

# How each is run, as the page about authentication says.
RUN = {
    "token.sh": ["bash", "token.sh"],
    "token.py": ["python3", "-B", "token.py"],
    "token.mjs": ["node", "token.mjs"],
    "token.go": ["go", "run", "token.go"],
}

# What an example may hear on a fresh server: what it names is not there, is there already, or may not go.
FRESH = {115, 116, 117, 132, 147, 150, 168, 322, 355, 433, 434, 156, 194}

# What a fresh server has none of, without a code of its own.
NONE_THERE = {"ResetSecondFactor": 101}


class Reference(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.server = Cordboard().__enter__()
        cls.addClassCleanup(cls.server.__exit__, None, None, None)

    def get(self, path, server=None, **headers):
        connection = (server or self.server).connection()
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response, body.decode()

    def test_pages_are_html_and_markdown_and_known_by_their_tag(self):
        for path, kind, wanted in [
            ("/docs", "text/html", "<h2 id=\"rolesystem\">RoleSystem</h2>"),
            ("/docs/methods/SetKeyRoles", "text/html", "<h1>SetKeyRoles</h1>"),
            ("/docs/methods/SetKeyRoles.md", "text/markdown", "# SetKeyRoles\n"),
            ("/docs/errors/104", "text/html", "<h1>Error 104</h1>"),
            ("/docs/scenarios/VoxEngine.md", "text/markdown", "| `VoxEngine.terminate()` | built |"),
            ("/docs/methods/SetKeyRoles/llms.txt", "text/plain", "- [SetKeyRoles](/docs/methods/SetKeyRoles.md): "),
            ("/llms.txt", "text/plain", "# Cordboard\n"),
            ("/llms-full.txt", "text/plain", "# SetKeyRoles\n"),
        ]:
            response, body = self.get(path)
            self.assertEqual((response.status, response.getheader("content-type").split(";")[0]), (200, kind), path)
            self.assertIn(wanted, body, path)
            policy = response.getheader("content-security-policy")
            self.assertIn("default-src 'none'; script-src 'self'", policy)
            self.assertNotIn("unsafe", policy)
            again, _ = self.get(path, **{"If-None-Match": response.getheader("etag")})
            self.assertEqual(again.status, 304, path)
        self.assertEqual(self.get("/docs/methods/Nothing")[0].status, 404)

    def test_what_programs_read_is_there(self):
        listed = json.loads(self.get("/docs/methods.json")[1])
        printed = json.loads(subprocess.run([BINARY, "methods", "--json"], capture_output=True, check=True).stdout)
        self.assertEqual(listed["methods"], printed)
        document = json.loads(self.get("/docs/openapi.json")[1])
        self.assertEqual(document, json.loads((SNIPPETS.parent / "openapi.json").read_text()))

    def test_every_snippet_makes_a_token_that_is_taken(self):
        page = self.get("/docs/authentication.md")[1]
        self.assertEqual(sorted(RUN), sorted(path.name for path in SNIPPETS.iterdir()))
        for name, command in RUN.items():
            with self.subTest(name):
                self.assertIn((SNIPPETS / name).read_text(), page)
                self.assertIn(f"`{' '.join(word for word in command if word != '-B')} credentials.json`", page)
                environment = {**os.environ, "GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOTOOLCHAIN": "local"}
                made = subprocess.run([*command, self.server.runtime["credentials"]], cwd=SNIPPETS, capture_output=True, text=True, timeout=120, env=environment)
                self.assertEqual(made.returncode, 0, made.stderr)
                self.assertEqual(made.stderr, "")
                answer = self.server.call("GetAccountInfo", token=made.stdout.strip())
                self.assertEqual(answer["result"]["account_name"], "owner")

    def test_every_example_is_a_call_that_the_server_understands(self):
        refused = {}
        # The examples change the account, so the server is their own.
        with Cordboard() as server, tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "cordboard-data").symlink_to(server.data)
            pathlib.Path(folder, "cordboard").symlink_to(BINARY)
            environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "NO_PROXY": "127.0.0.1"}
            rows = [row for row in json.loads(self.get("/docs/methods.json")[1])["methods"] if row["status"] == "real" and row["name"] not in ("Logon", "Logout")]
            # What makes things comes first, what deletes them last, applications behind what is in them.
            for row in sorted(rows, key=lambda row: (not row["name"].startswith(("Add", "Set")), row["name"].startswith("Del"), row["name"] == "DelApplication")):
                page = self.get(f"/docs/methods/{row['name']}.md", server)[1]
                example = re.search(r"```sh\n(.*?)\n```", page, re.DOTALL)
                if row["group"] == "Panel" and row["name"] != "ResetSecondFactor":
                    self.assertIsNone(example, row["name"])
                    continue
                done = subprocess.run(["bash", "-c", example.group(1)], cwd=folder, capture_output=True, text=True, timeout=60, env=environment)
                self.assertEqual(done.returncode, 0, (row["name"], done.stderr))
                try:
                    answer = json.loads(done.stdout)
                except ValueError:
                    continue
                if answer.get("error", {}).get("code", 0) not in FRESH | {0, NONE_THERE.get(row["name"])}:
                    refused[row["name"]] = answer["error"]
        self.assertEqual(refused, {})


if __name__ == "__main__":
    unittest.main()
