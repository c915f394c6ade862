"""Scenarios that call the Management API: with the rights of the key that is bound to their rule, and no others."""

import unittest

from cordboard import Cordboard
from sessions import Account

USERS = """
require(Modules.VoximplantAPI);
VoxEngine.addEventListener(AppEvents.Started, async () => {
  const users = await new VoximplantAPI.Client().Users.getUsers({ applicationName: 'demo' });
  Logger.write(`T ${users.totalCount} ${users.result.map((user) => user.userName)} ${users.result.every((user) => user.created instanceof Date)}`);
  VoxEngine.terminate();
});
"""

ADD = """
require(Modules.VoximplantAPI);
const client = new VoximplantAPI.Client();
VoxEngine.addEventListener(AppEvents.HttpRequest, async () => {
  const answer = await client.Users.addUser({ applicationName: 'demo', userName: 'mallory', userDisplayName: 'M', userPassword: 'Passw0rd!x' });
  return { code: answer.error ? answer.error.code : 0 };
});
"""


class Management(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Cordboard()
        cls.server.start()
        cls.account = Account(cls.server)
        cls.account.ask("AddUser", application_name="demo", user_name="alice", user_display_name="Alice", user_password="Passw0rd!x")

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__(None, None, None)

    def tearDown(self):
        for session in self.account.live():
            self.account.call("StopSession", call_session_history_id=session)

    def key(self, role):
        return self.account.ask("CreateKey", description=role, role_name=role)["result"]["key_id"]

    def users(self):
        return [user["user_name"] for user in self.account.ask("GetUsers", application_name="demo")["result"]]

    def test_a_scenario_reads_what_its_key_may_read(self):
        session = self.account.start(self.account.rule(USERS, bind_key_id=self.key("Owner")))
        session.ended()
        self.assertEqual(session.logged("T "), f"T {len(self.users())} {','.join(self.users())} true")

    def test_without_a_key_a_scenario_hears_what_is_missing(self):
        session = self.account.start(self.account.rule(ADD))
        session.ended("JS session error")
        self.assertIn("VoximplantAPI needs a service account", "\n".join(session.log()))
        self.assertIn("bind_key_id", "\n".join(session.log()))

    def test_a_key_does_in_a_scenario_what_its_roles_allow(self):
        for role, code in [("Support", 104), ("User manager", 0)]:
            session = self.account.start(self.account.rule(ADD, bind_key_id=self.key(role)))
            self.assertEqual(session.ask().text, f'{{"code":{code}}}')
            self.assertEqual("mallory" in self.users(), code == 0)
        self.account.ask("DelUser", application_name="demo", user_name="mallory")

    def test_what_a_scenario_did_is_in_the_audit_log(self):
        session = self.account.start(self.account.rule(ADD, bind_key_id=self.key("Owner")))
        self.assertEqual(session.ask().text, '{"code":0}')
        (line,) = self.account.ask("GetAuditLog", filtered_cmd="AddUser", advanced_filters="mallory", desc_order="true", count=1)["result"]
        self.assertEqual(line["cmd_args"]["user_name"], "mallory")
        self.assertNotIn("Passw0rd!x", str(line))
        self.account.ask("DelUser", application_name="demo", user_name="mallory")

    def test_a_key_that_is_weakened_or_deleted_is_so_for_a_running_session_too(self):
        key = self.key("Owner")
        session = self.account.start(self.account.rule(ADD, bind_key_id=key))
        self.account.ask("SetKeyRoles", key_id=key, role_name="Support")
        self.assertEqual(session.ask().text, '{"code":104}')
        self.account.ask("DeleteKey", key_id=key)
        self.assertEqual(session.ask().text, '{"code":100}')
        self.assertNotIn("mallory", self.users())


if __name__ == "__main__":
    unittest.main()
