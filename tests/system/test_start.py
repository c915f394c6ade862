"""Starting, settings, the command line and stopping."""

import json
import os
import pathlib
import pty
import signal
import socket
import ssl
import stat
import subprocess
import tempfile
import threading
import unittest

from cordboard import BINARY, Cordboard, Database


def on_a_terminal(arguments, until=None):
    """What the server prints on a terminal until it ends, or until this comes and it is told to stop; its exit code and the text."""
    master, slave = pty.openpty()
    process = subprocess.Popen([BINARY, *arguments], stdin=subprocess.DEVNULL, stdout=slave, stderr=slave)
    os.close(slave)
    shown, stopped = b"", False
    try:
        while True:
            try:
                part = os.read(master, 4096)
            except OSError:
                break
            if not part:
                break
            shown += part
            if until and not stopped and until.encode() in shown and shown.endswith(b"\n"):
                process.terminate()
                stopped = True
        return process.wait(30), shown.decode()
    finally:
        process.kill()
        process.wait()
        os.close(master)


class Start(unittest.TestCase):
    def test_the_first_start_makes_everything_and_the_next_keeps_it(self):
        with Cordboard() as server:
            for name in ["secret.key", "ca.key", "credentials.json", "owner-password", "cordboard.db"]:
                mode = stat.S_IMODE((server.data / name).stat().st_mode)
                self.assertEqual(mode, 0o600, name)
            self.assertEqual(set(server.runtime), {"http", "https", "sip", "panel", "credentials", "ca", "pid"})
            credentials = json.loads((server.data / "credentials.json").read_text())
            self.assertEqual(set(credentials), {"account_email", "account_id", "key_id", "private_key"})
            names = [application["application_name"] for application in server.call("GetApplications")["result"]]
            self.assertEqual(names, ["demo.owner.cordboard.internal"])
            ca = (server.data / "ca.pem").read_text()
            server.stop()
            password = (server.data / "owner-password").read_text().strip()
            self.assertIn(str(server.data / "owner-password"), server.printed)
            self.assertNotIn(password, server.printed + server.log())
            self.assertFalse((server.data / "runtime.json").exists())
            server.start()
            self.assertEqual(len(server.call("GetApplications")["result"]), 1)
            self.assertEqual((server.data / "ca.pem").read_text(), ca)

    def test_a_second_instance_is_refused_by_name(self):
        with Cordboard() as server:
            second = server.run("serve", "--http", "127.0.0.1:0", "--https", "127.0.0.1:0", "--sip", "127.0.0.1:0")
            self.assertNotEqual(second.returncode, 0)
            self.assertIn(f"another Cordboard (process {server.runtime['pid']})", second.stderr)
            server.call("GetRoles")

    def test_a_port_that_is_taken_is_named_and_nothing_is_made(self):
        for flag, kind in [("--http", socket.SOCK_STREAM), ("--https", socket.SOCK_STREAM), ("--sip", socket.SOCK_STREAM), ("--sip", socket.SOCK_DGRAM)]:
            with socket.socket(socket.AF_INET, kind) as taken, tempfile.TemporaryDirectory() as data:
                taken.bind(("127.0.0.1", 0))
                if kind == socket.SOCK_STREAM:
                    taken.listen()
                address = f"127.0.0.1:{taken.getsockname()[1]}"
                free = [part for other in ("--http", "--https", "--sip") if other != flag for part in (other, "127.0.0.1:0")]
                done = subprocess.run([BINARY, flag, address, *free, "--data-dir", data], capture_output=True, text=True, timeout=30)
                self.assertEqual(done.returncode, 1)
                self.assertIn(f"{flag} {address}", done.stderr)
                self.assertEqual(os.listdir(data), ["lock"])

    def test_the_first_password_is_kept_until_a_terminal_has_shown_it(self):
        with tempfile.TemporaryDirectory() as data:
            plain = ["--http", "127.0.0.1:0", "--https", "127.0.0.1:0", "--sip", "127.0.0.1:0", "--data-dir", data]
            code, shown = on_a_terminal([*plain, "--trunk-host", "no host"])
            self.assertEqual(code, 1, shown)
            self.assertIn("--trunk-host", shown)
            path = pathlib.Path(data, "owner-password")
            password = path.read_text().strip()
            code, shown = on_a_terminal(plain, "Try")
            self.assertEqual(code, 0, shown)
            self.assertIn(f"owner, first password in {path}", shown)
            self.assertNotIn(password, shown)
        with tempfile.TemporaryDirectory() as data:
            code, shown = on_a_terminal([*plain[:-1], data], "Try")
            self.assertEqual(code, 0, shown)
            self.assertRegex(shown, r"Login +owner, password \S+ \(shown this once\)")
            self.assertFalse(pathlib.Path(data, "owner-password").exists())

    def test_another_secret_key_is_refused(self):
        with Cordboard() as server:
            server.stop()
            done = subprocess.run([BINARY, "--data-dir", str(server.data), "--http", "127.0.0.1:0", "--https", "127.0.0.1:0", "--sip", "127.0.0.1:0"], capture_output=True, text=True, timeout=30, env={**os.environ, "CORDBOARD_SECRET_KEY": "00" * 32})
            self.assertEqual(done.returncode, 1)
            self.assertIn("secret key", done.stderr)

    def test_sigterm_finishes_what_is_running(self):
        with Cordboard() as server:
            token = server.token()
            connection = server.connection()
            body = b"application_name=drained"
            connection.putrequest("POST", "/platform_api/AddApplication")
            connection.putheader("Authorization", f"Bearer {token}")
            connection.putheader("Content-Type", "application/x-www-form-urlencoded")
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body[:5])
            server.call("GetRoles", token=token)
            os.kill(server.runtime["pid"], signal.SIGTERM)
            connection.send(body[5:])
            self.assertEqual(json.loads(connection.getresponse().read())["result"], 1)
            connection.close()
            self.assertEqual(server.process.wait(timeout=40), 0)


class SettingsFrom(unittest.TestCase):
    def test_flag_variable_and_file(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "cordboard.toml"
            file.write_text('domain = "file.example"\n[limits]\nusers = 0\napplications = 2\n')
            with Cordboard("--config", str(file), environment={"CORDBOARD_LIMITS_APPLICATIONS": "1"}) as server:
                self.assertEqual(server.call("AddApplication", application_name="shop")["error"]["code"], 108)
                self.assertEqual(server.call("GetApplications")["result"][0]["application_name"], "demo.owner.file.example")
            with Cordboard("--config", str(file), "--domain", "flag.example") as server:
                self.assertEqual(server.call("AddApplication", application_name="shop")["application_name"], "shop.owner.flag.example")

    def test_every_setting_is_printed_with_its_default(self):
        printed = subprocess.run([BINARY, "config"], capture_output=True, text=True, check=True).stdout
        for line in ['# data_dir = "./cordboard-data"', '# http = "127.0.0.1:8080"', "[limits]", "# users = 1000", "[compat]", "# typings = false"]:
            self.assertIn(line, printed)

    def test_a_wrong_setting_is_named(self):
        for arguments, wanted in [(["--http", "nowhere"], "--http"), (["--limits-users=-1"], "--limits-users"), (["--database", "mysql://x"], "--database"), (["--tls-name", "not a name"], "--tls-name"), (["--nonsense"], "--nonsense")]:
            with tempfile.TemporaryDirectory() as data:
                ports = [] if "--http" in arguments else ["--http", "127.0.0.1:0", "--https", "127.0.0.1:0", "--sip", "127.0.0.1:0"]
                done = subprocess.run([BINARY, "--data-dir", data, *ports, *arguments], capture_output=True, text=True, timeout=30)
                self.assertNotEqual(done.returncode, 0, arguments)
                self.assertIn(wanted, done.stderr)

    def test_postgresql_is_the_database_when_named(self):
        with Database() as url, Cordboard(database=url) as server:
            server.call("AddApplication", application_name="shop")
            self.assertFalse((server.data / "cordboard.db").exists())
            server.stop()
            server.start()
            self.assertEqual(server.call("GetApplications")["total_count"], 2)


class Https(unittest.TestCase):
    def test_a_client_that_trusts_the_authority_alone(self):
        with Cordboard("--tls-name", "api.example.org") as server:
            secure = server.connection("https")
            self.assertIn("result", server.call("GetRoles", connection=secure))
            secure.close()
            trusting = ssl.create_default_context(cafile=server.runtime["ca"])
            for name, good in [("api.example.org", True), ("localhost", True), ("other.example.org", False)]:
                with socket.create_connection(("127.0.0.1", server.port("https"))) as plain:
                    if good:
                        trusting.wrap_socket(plain, server_hostname=name).close()
                    else:
                        with self.assertRaises(ssl.SSLCertVerificationError):
                            trusting.wrap_socket(plain, server_hostname=name)


class CommandLine(unittest.TestCase):
    def test_api_prints_the_answer_and_fails_when_it_is_an_error(self):
        with Cordboard() as server:
            good = server.run("api", "AddApplication", "application_name=shop")
            self.assertEqual((good.returncode, json.loads(good.stdout)["result"]), (0, 1))
            bad = server.run("api", "AddApplication", "application_name=shop")
            self.assertEqual((bad.returncode, json.loads(bad.stdout)["error"]["code"]), (1, 129))
            with tempfile.NamedTemporaryFile("w", suffix=".js") as script:
                script.write("// from a file")
                script.flush()
                server.run("api", "AddScenario", "scenario_name=hello", f"scenario_script=@{script.name}")
            self.assertEqual(server.call("GetScenarios", with_script="true", scenario_name="hello")["result"][0]["scenario_script"], "// from a file")
            over_tls = server.run("api", "GetRoles", "--url", server.runtime["https"])
            self.assertEqual(over_tls.returncode, 0, over_tls.stderr)
            self.assertIn("must be NAME=VALUE", server.run("api", "GetRoles", "nonsense").stderr)
        with tempfile.TemporaryDirectory() as nobody:
            done = subprocess.run([BINARY, "api", "GetRoles", "--data-dir", nobody], capture_output=True, text=True)
            self.assertIn("no Cordboard runs on", done.stderr)

    def test_the_catalogue_has_its_members(self):
        rows = json.loads(subprocess.run([BINARY, "methods", "--json"], capture_output=True, text=True, check=True).stdout)
        wanted = {"name", "group", "status", "origin", "kind", "area", "roles", "basic", "params", "returns", "errors"}
        self.assertTrue(all(wanted <= set(row) for row in rows))
        by_name = {row["name"]: row for row in rows}
        self.assertEqual((by_name["SetKeyRoles"]["status"], by_name["SetKeyRoles"]["basic"]), ("real", True))
        self.assertEqual(by_name["GetCallLists"]["status"], "declared")
        cut = subprocess.run(f"{BINARY} methods | head -n 1", shell=True, capture_output=True, text=True)
        self.assertEqual(cut.stderr, "")


class SisterEndpoints(unittest.TestCase):
    def test_locations_and_media_resources_answer_without_credentials(self):
        with Cordboard("--location", "cellar") as server:
            connection = server.connection()
            for path, wanted in [("/getServerLocations", {"result": ["cellar"]}), ("/getMediaResources?with_nodes&with_sbcs=true", {"nodes": [], "sbcs": []}), ("/getMediaResources", {})]:
                connection.request("GET", path)
                self.assertEqual(json.loads(connection.getresponse().read()), wanted)
            connection.close()


class Usage(unittest.TestCase):
    def test_uses_of_a_key_are_written_at_the_end(self):
        import sqlite3

        with Cordboard() as server:
            token = server.token()
            threads = [threading.Thread(target=server.call, args=("GetRoles", token)) for _ in range(5)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            server.stop()
            with sqlite3.connect(server.data / "cordboard.db") as database:
                rows = database.execute("SELECT method, uses FROM key_usage").fetchall()
            self.assertEqual(rows, [("GetRoles", 5)])


if __name__ == "__main__":
    unittest.main()
