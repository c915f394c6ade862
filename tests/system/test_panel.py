"""The web panel's door: where it answers, what its cookie is good for, and what other sites may not do with it."""

import base64
import hmac
import http.client
import json
import re
import time
import unittest
import urllib.parse

from cordboard import Cordboard

NEW_PASSWORD = "N3w-Passwort"

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'"


class Browser:
    """A browser that keeps the panel's cookie and sends what the panel's pages send."""

    def __init__(self, server, scheme="http"):
        self.server, self.scheme = server, scheme
        self.origin = f"{scheme}://127.0.0.1:{server.port(scheme)}"
        self.cookie, self.set_cookie = None, None

    def request(self, method, path, body=None, headers=None, own=True):
        connection = self.server.connection(self.scheme)
        sent = {"Origin": self.origin, "Sec-Fetch-Site": "same-origin", "X-Cordboard-Panel": "1"} if own else {}
        if self.cookie:
            sent["Cookie"] = self.cookie
        sent = {name: value for name, value in {**sent, **(headers or {})}.items() if value is not None}
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        self.set_cookie = response.headers.get("Set-Cookie")
        if self.set_cookie:
            pair = self.set_cookie.split(";")[0]
            self.cookie = None if pair.endswith("=") else pair
        return response, content

    def sign_in(self, **fields):
        headers = {"Content-Type": "application/json", "User-Agent": "Test browser"}
        response, content = self.request("POST", "/panel/sign-in", json.dumps(fields), headers)
        assert response.status == 200, (response.status, content)
        return json.loads(content)

    def call(self, method, headers=None, **params):
        sent = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        response, content = self.request("POST", f"/panel/api/{method}", urllib.parse.urlencode(params), sent)
        return response.status, json.loads(content)

    def choose_password(self, old, new=NEW_PASSWORD):
        status, answer = self.call("ChangePanelPassword", old_password=old, new_password=new)
        assert (status, answer) == (200, {"result": 1}), (status, answer)


def owner_password(server):
    return (server.data / "owner-password").read_text().strip()


class Panel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Cordboard()
        cls.server.start()
        cls.browser = Browser(cls.server)
        cls.first = cls.browser.sign_in(account="owner", password=owner_password(cls.server))
        cls.gated = cls.browser.call("GetApplications")
        cls.browser.choose_password(owner_password(cls.server))

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__(None)

    def other(self, scheme="http"):
        """Another browser with the same cookie."""
        browser = Browser(self.server, scheme)
        browser.cookie = self.browser.cookie
        return browser

    def test_the_first_sign_in_asks_for_a_new_password(self):
        self.assertEqual((self.first["result"]["account_name"], self.first["result"]["password_must_change"]), ("owner", True))
        self.assertEqual((self.gated[0], self.gated[1]["error"]["code"]), (200, 104))
        self.assertFalse(self.browser.call("GetPanelSession")[1]["result"]["password_must_change"])
        self.assertIn("result", self.browser.call("GetApplications")[1])

    def test_a_wrong_password_opens_nothing(self):
        browser = Browser(self.server)
        for fields in [{"account": "owner", "password": "Wr0ng-Passw"}, {"account": "nobody", "password": NEW_PASSWORD}]:
            self.assertEqual(browser.sign_in(**fields)["error"]["code"], 100)
        self.assertEqual(browser.sign_in(account="", password="x")["error"], {"code": 134, "msg": "The parameter 'account' is required.", "field_name": "account"})
        self.assertIsNone(browser.cookie)
        self.assertEqual(browser.call("GetApplications")[0], 401)

    def test_an_e_mail_and_a_subuser_sign_in(self):
        self.server.call("AddSubUser", new_subuser_name="alice", new_subuser_password="Go0d-Passw", role_name="Support")
        alice = Browser(self.server)
        result = alice.sign_in(account="owner@localhost.localdomain", subuser="alice", password="Go0d-Passw")["result"]
        self.assertEqual((result["subuser_name"], result["roles"], result["is_owner"]), ("alice", ["Support"], False))
        alice.choose_password("Go0d-Passw")
        self.assertEqual(alice.call("AddApplication", application_name="shop")[1]["error"]["code"], 104)
        seen = self.browser.call("GetPanelSessions")[1]["result"]
        row = next(row for row in seen if row.get("subuser_name") == "alice")
        self.assertEqual((row["ip"], row["user_agent"], row["current"]), ("127.0.0.1", "Test browser", False))
        self.browser.call("DelPanelSession", panel_session_id=row["panel_session_id"])
        status, answer = alice.call("GetRules")
        self.assertEqual((status, answer["error"]["code"]), (401, 100))

    def test_signing_out_ends_the_session_and_takes_the_cookie(self):
        browser = Browser(self.server)
        browser.sign_in(account="owner", password=NEW_PASSWORD)
        kept = browser.cookie
        response, content = browser.request("POST", "/panel/sign-out")
        self.assertEqual((response.status, json.loads(content), browser.cookie), (200, {"result": 1}, None))
        self.assertIn("Max-Age=0", browser.set_cookie)
        browser.cookie = kept
        self.assertEqual(browser.call("GetApplications")[0], 401)
        self.assertEqual(json.loads(browser.request("POST", "/panel/sign-out")[1]), {"result": 1})

    def test_the_cookie_is_secure_over_tls_and_never_readable(self):
        plain, secure = Browser(self.server), Browser(self.server, "https")
        for browser in [plain, secure]:
            browser.sign_in(account="owner", password=NEW_PASSWORD)
            attributes = browser.set_cookie.split("; ")[1:]
            # A prefix of the name binds the cookie to this host alone; such a cookie has no path of its own.
            path = "Path=/" if browser is secure else "Path=/panel"
            self.assertLessEqual({path, "HttpOnly", "SameSite=Strict"}, set(attributes))
            self.assertFalse([attribute for attribute in attributes if attribute.startswith("Domain")])
            self.assertEqual("Secure" in attributes, browser is secure)
            self.assertRegex(browser.cookie, r"=[A-Za-z0-9_-]{43}$")
            self.assertEqual(browser.call("GetApplications")[0], 200)
        self.assertTrue(secure.cookie.startswith("__Host-"))
        # The cookie of the plain side is nothing over TLS.
        secure.cookie = plain.cookie
        self.assertEqual(secure.call("GetApplications")[0], 401)

    def test_the_cookie_alone_authenticates_no_call_of_the_api(self):
        for path in ["/platform_api/GetApplications", "/platform_api?cmd=GetApplications"]:
            for method in ["GET", "POST"]:
                response, content = self.other().request(method, path)
                self.assertEqual((response.status, json.loads(content)["error"]["code"]), (200, 100))
        token = self.browser.cookie.split("=", 1)[1]
        response, content = self.other().request("GET", f"/platform_api/GetApplications?session_id={token}")
        self.assertEqual(json.loads(content)["error"]["code"], 161)

    def test_a_request_without_the_header_is_refused(self):
        for header in [None, "", "0", "true"]:
            status, answer = self.other().call("GetApplications", headers={"X-Cordboard-Panel": header})
            self.assertEqual((status, answer["error"]["code"]), (403, 104))

    def test_a_request_from_another_site_is_refused(self):
        port = self.server.port()
        strangers = [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": f"http://127.0.0.1:{port + 1}"}, {"Origin": f"https://127.0.0.1:{port}"}]
        strangers += [{"Sec-Fetch-Site": site} for site in ["cross-site", "same-site", "none"]]
        for headers in strangers:
            self.assertEqual(self.other().call("AddApplication", headers=headers, application_name="evil")[0], 403, headers)
            body = json.dumps({"account": "owner", "password": NEW_PASSWORD})
            response, _ = Browser(self.server).request("POST", "/panel/sign-in", body, {"Content-Type": "application/json", **headers})
            self.assertEqual((response.status, response.headers.get("Set-Cookie")), (403, None), headers)
            self.assertEqual(self.other().request("POST", "/panel/sign-out", None, headers)[0].status, 403, headers)
        self.assertNotIn("evil", json.dumps(self.browser.call("GetApplications")[1]))
        response, content = self.other().request("POST", "/panel/sign-in", "account=owner", {"Content-Type": "text/plain"})
        self.assertEqual(json.loads(content)["error"]["code"], 101)

    def test_no_answer_of_the_panel_is_for_other_origins(self):
        for method, path in [("POST", "/panel/api/GetApplications"), ("POST", "/panel/sign-in"), ("OPTIONS", "/panel/api/GetApplications"), ("GET", "/")]:
            response, _ = self.other().request(method, path)
            self.assertIsNone(response.headers.get("Access-Control-Allow-Origin"), path)

    def test_a_foreign_host_on_plain_http_is_refused(self):
        port = self.server.port()
        for host in ["evil.example", f"evil.example:{port}", f"127.0.0.1.evil.example:{port}", "192.0.2.1", ""]:
            for method, path in [("GET", "/"), ("GET", "/assets/x.js"), ("POST", "/panel/sign-in"), ("POST", "/panel/api/GetApplications")]:
                response, content = self.other().request(method, path, None, {"Host": host, "Origin": f"http://{host}", "Accept": "text/html"})
                self.assertEqual(response.status, 403, (host, path))
                self.assertIn(self.server.runtime["https"], content.decode())
        for host in [f"localhost:{port}", f"[::1]:{port}", f"127.0.0.2:{port}"]:
            response, _ = self.other().request("POST", "/panel/api/GetApplications", None, {"Host": host, "Origin": f"http://{host}"})
            self.assertEqual(response.status, 200, host)
        # The API itself is for programs, whatever name they use.
        connection = self.server.connection()
        connection.request("GET", "/platform_api/GetRoles", headers={"Host": "api.example", "Authorization": f"Bearer {self.server.token()}"})
        self.assertIn("result", json.loads(connection.getresponse().read()))
        connection.close()

    def test_what_a_proxy_has_forwarded_is_not_from_this_machine(self):
        for header, value in [("X-Forwarded-For", "192.0.2.1"), ("Forwarded", "for=192.0.2.1"), ("X-Forwarded-Proto", "https")]:
            self.assertEqual(self.other().request("GET", "/", None, {header: value})[0].status, 403, header)

    def test_a_download_is_a_read_by_a_link_of_the_panel(self):
        link = {"X-Cordboard-Panel": None, "Origin": None}
        response, content = self.other().request("GET", "/panel/api/GetAuditLog?output=csv&timezone=auto", None, link)
        self.assertEqual((response.status, response.headers["Content-Type"]), (200, "application/octet-stream"))
        self.assertIn("attachment", response.headers["Content-Disposition"])
        self.assertEqual(self.other().request("GET", "/panel/api/GetAuditLog?output=csv", None, {**link, "Sec-Fetch-Site": None})[0].status, 403)
        self.assertEqual(self.other().request("GET", "/panel/api/GetAuditLog?output=csv", None, {**link, "Sec-Fetch-Site": "cross-site"})[0].status, 403)
        self.assertEqual(self.other().request("GET", "/panel/api/AddApplication?application_name=evil", None, link)[0].status, 403)
        self.assertEqual(self.other().request("GET", "/panel/api/GetApplications?cmd=AddApplication&application_name=evil", None, link)[0].status, 200)
        self.assertNotIn("evil", json.dumps(self.browser.call("GetApplications")[1]))

    def test_credentials_beside_the_cookie_are_refused(self):
        self.assertEqual(self.other().call("GetApplications", account_name="owner", account_password=NEW_PASSWORD)[1]["error"]["code"], 100)
        self.assertEqual(self.other().call("GetApplications", headers={"Authorization": f"Bearer {self.server.token()}"})[1]["error"]["code"], 100)
        # Without a cookie, other credentials do not open this door either.
        self.assertEqual(Browser(self.server).call("GetApplications", account_name="owner", account_password=NEW_PASSWORD)[1]["error"]["code"], 100)

    def test_bodies_may_have_every_form(self):
        names = [("json", "application/json", json.dumps({"application_name": "by-json"}))]
        names.append(("multipart", "multipart/form-data; boundary=b", '--b\r\nContent-Disposition: form-data; name="application_name"\r\n\r\nby-multipart\r\n--b--\r\n'))
        for name, content_type, body in names:
            _, content = self.other().request("POST", "/panel/api/AddApplication", body, {"Content-Type": content_type})
            self.assertEqual(json.loads(content)["result"], 1, name)

    def test_a_child_account_is_acted_on_by_its_id(self):
        child = self.server.call("AddAccount", account_name="tenant-1", account_email="t1@example.org", account_password="Ch1ld-Passw", active="true")["account_id"]
        self.assertEqual(self.browser.call("AddApplication", application_name="of-child", account_id=child)[1]["result"], 1)
        self.assertEqual(self.browser.call("GetPanelSession", account_id=child)[1]["result"]["account_name"], "tenant-1")
        tenant = Browser(self.server)
        tenant.sign_in(account="tenant-1", password="Ch1ld-Passw")
        tenant.choose_password("Ch1ld-Passw")
        owner = self.browser.call("GetPanelSession")[1]["result"]["account_id"]
        self.assertEqual(tenant.call("GetApplications", account_id=owner)[0], 401)
        self.assertEqual(tenant.call("GetApplications")[1]["total_count"], 1)

    def test_every_answer_tells_browsers_to_be_strict(self):
        requests = [("GET", "/"), ("GET", "/applications/1"), ("GET", "/assets/absent.js"), ("POST", "/panel/sign-in"), ("POST", "/panel/api/GetRules"), ("GET", "/panel/api/GetRules")]
        for method, path in requests:
            response, _ = self.other().request(method, path, None, {"Accept": "text/html"})
            headers = response.headers
            self.assertTrue(headers["Content-Security-Policy"].startswith(POLICY) and "frame-ancestors 'none'" in headers["Content-Security-Policy"], path)
            self.assertNotIn("unsafe", headers["Content-Security-Policy"])
            self.assertEqual((headers["X-Content-Type-Options"], headers["Referrer-Policy"], headers["Cross-Origin-Opener-Policy"]), ("nosniff", "no-referrer", "same-origin"), path)
            self.assertIn("camera=()", headers["Permissions-Policy"])

    def test_every_address_of_the_panel_is_its_page(self):
        page = self.other().request("GET", "/")[1]
        self.assertIn(b"Cordboard", page)
        for path in ["/sign-in", "/service-accounts/new", "/applications/1/scenarios/2", "/history?from=x"]:
            response, content = self.other().request("GET", path, None, {"Accept": "text/html,*/*"})
            self.assertEqual((response.status, content), (200, page), path)
        for path, accept in [("/sign-in", "application/json"), ("/assets/absent.js", "text/html"), ("/panel/other", "text/html"), ("/%2e%2e/Cargo.toml", "*/*")]:
            self.assertEqual(self.other().request("GET", path, None, {"Accept": accept})[0].status, 404, path)

    def test_files_are_kept_and_compressed(self):
        response, page = self.other().request("GET", "/")
        names = re.findall(rb'(?:src|href)="(/assets/[^"]+)"', page)
        for name in names:
            response, content = self.other().request("GET", name.decode(), None, {"Accept-Encoding": "gzip"})
            self.assertEqual((response.status, response.headers["Cache-Control"]), (200, "public, max-age=31536000, immutable"), name)
            if name.endswith((b".js", b".css")) and len(self.other().request("GET", name.decode())[1]) > 1024:
                self.assertEqual(response.headers["Content-Encoding"], "gzip", name)
                self.assertNotEqual(content, self.other().request("GET", name.decode())[1], name)
        if names:
            response, page = self.other().request("GET", "/")
            again, content = self.other().request("GET", "/", None, {"If-None-Match": response.headers["ETag"]})
            self.assertEqual((again.status, content), (304, b""))

    def test_no_token_and_no_password_is_in_the_log(self):
        browser = Browser(self.server)
        browser.sign_in(account="owner", password=NEW_PASSWORD)
        self.assertNotIn(browser.cookie.split("=", 1)[1], self.server.log())
        audit = json.dumps(self.browser.call("GetAuditLog")[1])
        self.assertIn("OpenPanelSession", audit)
        for secret in [browser.cookie.split("=", 1)[1], NEW_PASSWORD, owner_password(self.server)]:
            self.assertNotIn(secret, audit)


class Phone(unittest.TestCase):
    """The browser phone at /call, and who gets a credential for it without signing in."""

    @classmethod
    def setUpClass(cls):
        cls.server = Cordboard()
        cls.server.start()
        cls.user = cls.server.call("GetUsers", application_name="demo")["result"][0]["user_name"]

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__(None)

    def ask(self, headers=None, scheme="http", application="demo", user=None):
        body = json.dumps({"application_name": application, "user_name": user or self.user})
        response, content = Browser(self.server, scheme).request("POST", "/call/guest", body, {"Content-Type": "application/json", **(headers or {})})
        return response.status, json.loads(content) if content.startswith(b"{") else content

    def listed(self, headers=None, server=None):
        response, content = Browser(server or self.server).request("GET", "/call/guest", None, headers)
        return [application["application_name"] for application in json.loads(content)["applications"]] if response.status == 200 else response.status

    def test_the_page_alone_may_have_the_microphone(self):
        response, page = Browser(self.server).request("GET", "/call", None, {"Accept": "text/html"})
        self.assertEqual((response.status, response.headers["Permissions-Policy"].split(", ")[:2]), (200, ["camera=()", "microphone=(self)"]))
        self.assertTrue(response.headers["Content-Security-Policy"].startswith(POLICY))
        self.assertNotEqual(page, Browser(self.server).request("GET", "/")[1])
        for path in ["/", "/call/guest", "/call.html", "/call/", "/assets/absent.js"]:
            response, _ = Browser(self.server).request("GET", path, None, {"Accept": "text/html"})
            self.assertIn("microphone=()", response.headers["Permissions-Policy"], path)

    def test_a_guest_on_this_machine_gets_a_credential(self):
        self.assertEqual(self.listed(), ["demo"])
        for scheme in ["http", "https"]:
            status, answer = self.ask(scheme=scheme)
            self.assertEqual((status, answer["result"]["user_name"], answer["result"]["ws_path"]), (200, self.user, "/sip"), answer)
            self.assertNotIn(answer["result"]["password"], self.server.log())
        # Each is another one.
        self.assertNotEqual(self.ask()[1]["result"]["authorization_user"], answer["result"]["authorization_user"])

    def test_other_applications_and_users_are_not_for_guests(self):
        self.server.call("AddApplication", application_name="private")
        for application in ["private", "", "demo.other"]:
            self.assertEqual(self.ask(application=application)[0], 403, application)
        self.assertEqual(self.ask(user="nobody")[1]["error"]["field_name"], "user_name")
        for body, kind in [("{", "application/json"), ("[]", "application/json"), ('{"application_name": 7}', "application/json")]:
            self.assertEqual(Browser(self.server).request("POST", "/call/guest", body, {"Content-Type": kind})[0].status, 403, body)
        _, content = Browser(self.server).request("POST", "/call/guest", "application_name=demo", {"Content-Type": "text/plain"})
        self.assertEqual(json.loads(content)["error"]["code"], 101)

    def test_other_sites_and_whoever_a_proxy_forwards_are_no_guests(self):
        for headers in [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "evil.example"}, {"X-Forwarded-For": "127.0.0.1"}]:
            self.assertEqual(self.ask(headers)[0], 403, headers)
        # Over TLS the panel answers by any name; guests must still be here.
        for headers in [{"Host": "evil.example", "Origin": "https://evil.example"}, {"X-Forwarded-For": "127.0.0.1"}]:
            self.assertEqual(self.ask(headers, "https")[0], 403, headers)
        self.assertEqual(self.listed({"Host": "evil.example"}), 403)

    def test_an_operator_may_have_no_guests(self):
        with Cordboard("--guests", "none") as server:
            self.assertEqual(self.listed(server=server), [])


class Guesses(unittest.TestCase):
    def test_guessing_at_the_sign_in_is_slowed_down(self):
        with Cordboard() as server:
            browser = Browser(server)
            codes = [browser.sign_in(account="owner", password="Wr0ng-Passw")["error"]["code"] for _ in range(11)]
            self.assertEqual(codes, [100] * 10 + [162])
            self.assertEqual(browser.sign_in(account="owner", password=owner_password(server))["error"]["code"], 162)


class SecondFactor(unittest.TestCase):
    def code(self, secret, later=0):
        """What an authenticator app shows, or will show some steps later."""
        step = int(time.time()) // 30 + later
        digest = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), "sha1")
        at = digest[-1] & 15
        return f"{(int.from_bytes(digest[at:at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"

    def test_six_digits_or_a_recovery_code_go_with_the_password(self):
        with Cordboard() as server:
            browser = Browser(server)
            browser.sign_in(account="owner", password=owner_password(server))
            browser.choose_password(owner_password(server))
            started = browser.call("StartSecondFactor", password=NEW_PASSWORD)[1]
            self.assertIn(f"secret={started['secret']}", started["uri"])
            confirmed = browser.call("ConfirmSecondFactor", code=self.code(started["secret"]))[1]
            self.assertEqual(len(confirmed["recovery_codes"]), 10)
            fields = {"account": "owner", "password": NEW_PASSWORD}
            other = Browser(server)
            self.assertEqual((other.sign_in(**fields), other.cookie), ({"second_factor_required": True}, None))
            self.assertEqual(other.sign_in(**fields, code="000000x")["error"]["field_name"], "code")
            later = self.code(started["secret"], later=1)
            self.assertTrue(other.sign_in(**fields, code=later)["result"]["second_factor"])
            self.assertEqual(Browser(server).sign_in(**fields, code=later)["error"]["code"], 232)
            self.assertIn("result", Browser(server).sign_in(**fields, code=confirmed["recovery_codes"][3]))
            self.assertEqual(Browser(server).sign_in(**fields, code=confirmed["recovery_codes"][3])["error"]["code"], 232)
            self.assertEqual(server.run("api", "ResetSecondFactor").returncode, 0)
            self.assertEqual(other.call("GetRules")[0], 401)
            self.assertIn("result", Browser(server).sign_in(**fields))


class Proxy(unittest.TestCase):
    def test_a_trusted_proxy_with_tls_brings_the_panel_to_the_world(self):
        with Cordboard("--trusted-proxies", "127.0.0.1/32") as server:
            browser = Browser(server)
            browser.origin = "https://panel.example"
            forwarded = {"Host": "panel.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
            body = json.dumps({"account": "owner", "password": owner_password(server)})
            response, content = browser.request("POST", "/panel/sign-in", body, {"Content-Type": "application/json", **forwarded})
            self.assertIn("result", json.loads(content))
            self.assertIn("Secure", browser.set_cookie)
            self.assertEqual(json.loads(browser.request("POST", "/panel/api/GetPanelSession", None, forwarded)[1])["result"]["account_name"], "owner")
            for headers in [{**forwarded, "X-Forwarded-Proto": "http"}, {"Host": "panel.example"}]:
                self.assertEqual(browser.request("POST", "/panel/api/GetPanelSession", None, headers)[0].status, 403)
            self.assertEqual(browser.request("POST", "/panel/api/GetPanelSession", None, {**forwarded, "Origin": "https://evil.example"})[0].status, 403)


class Address(unittest.TestCase):
    def test_the_printed_address_is_one_where_the_panel_answers(self):
        with Cordboard() as server:
            self.assertEqual(server.runtime["panel"], server.runtime["http"])
            connection = http.client.HTTPConnection("127.0.0.1", server.port())
            connection.request("GET", "/", headers={"Accept": "text/html"})
            self.assertEqual(connection.getresponse().status, 200)
            connection.close()
        self.assertIn(f"Panel        {server.runtime['panel']}\n", server.printed)


if __name__ == "__main__":
    unittest.main()
