"""Every built method that the official Python client has, called through it, with its effect seen through it."""

import datetime
import os
import socket
import ssl
from urllib.parse import urlsplit

import httpx
import pytest
from server import AUTHORITY, CALLED, OWNER, OWNER_PASSWORD, RUNTIME, SHAPE, built_methods, folded, refusal
from voximplant.apiclient import VoximplantAPI, VoximplantAPIConfig, VoximplantException

# Built methods that this client has no function for; plain https stands in.
LACKING = {"AddAccount", "Logon", "Logout"}

PASSWORD = "Go0d-Passw"
NEW_PASSWORD = "N3w-Passwort"
BY_PASSWORD = {"account_name": "owner", "account_password": OWNER_PASSWORD}


def names(answer):
    return [role["role_name"] for role in answer["result"]]


def minutes_ago(minutes):
    return datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=minutes)


def is_recent(moment):
    return abs(moment - minutes_ago(0)) < datetime.timedelta(minutes=10)


def test_the_certificate_satisfies_the_checks_of_newer_pythons():
    address = urlsplit(RUNTIME["https"])
    context = ssl.create_default_context(cafile=os.environ["REQUESTS_CA_BUNDLE"])
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    with socket.create_connection((address.hostname, address.port)) as connection:
        with context.wrap_socket(connection, server_hostname=address.hostname) as secure:
            assert secure.version() in {"TLSv1.2", "TLSv1.3"}


def test_the_account_describes_itself_to_its_owner(owner):
    answer = owner.get_account_info(return_live_balance=True)
    account = answer["result"]
    assert account["account_name"] == "owner"
    assert account["account_id"] == OWNER["account_id"]
    assert is_recent(account["created"])
    assert "api_key" not in account, "an API key is shown to the password alone"
    assert "CreateKey" in account["access_entries"]
    assert urlsplit(f"https://{answer['api_address']}").hostname == urlsplit(RUNTIME["https"]).hostname


@pytest.mark.parametrize("written", ["config", "arguments", "environment"])
def test_a_client_without_an_account_id_acts_on_the_account_of_its_key(written, monkeypatch):
    path, endpoint = RUNTIME["credentials"], urlsplit(RUNTIME["https"]).netloc
    if written == "config":
        # The client's own README writes it like this; the token's `iss` is "0" then.
        client = VoximplantAPI(config=VoximplantAPIConfig(credentials_file_path=path, endpoint=endpoint))
    elif written == "arguments":
        client = VoximplantAPI(path, endpoint=endpoint)
    else:
        monkeypatch.setenv("VOXIMPLANT_CREDENTIALS", path)
        client = VoximplantAPI(endpoint=endpoint)
    account = client.get_account_info()["result"]
    assert (account["account_id"], account["account_name"]) == (OWNER["account_id"], "owner")


def test_the_profile_changes_by_what_is_sent(owner):
    changed = owner.set_account_info(
        language_code="fr",
        location="Europe/Paris",
        account_last_name="Bob",
        billing_address_name="Zürich & Söhne; 50 % = ½",
        min_balance_to_notify=7.25,
        send_js_error=False,
        tariff_changing_notifications=True,
        callback_url="https://example.org/python?a=1&b=2",
    )
    assert changed == {"result": 1}
    account = owner.get_account_info()["result"]
    assert (account["language_code"], account["location"], account["account_last_name"]) == ("fr", "Europe/Paris", "Bob")
    assert account["billing_address_name"] == "Zürich & Söhne; 50 % = ½"
    assert (account["min_balance_to_notify"], account["send_js_error"], account["tariff_changing_notifications"]) == (7.25, False, True)
    assert account["callback_url"] == "https://example.org/python?a=1&b=2"


def test_a_refusal_is_an_exception_with_the_code(owner):
    with pytest.raises(VoximplantException) as caught:
        owner.set_account_info(language_code="deu")
    assert caught.value.code == 202
    assert "language_code" in caught.value.message
    assert refusal(owner.set_account_info, account_first_name="x" * 50, callback_salt="s" * 41) == 163


def test_the_e_mail_changes_with_the_password_as_credentials_alone(owner, server):
    assert refusal(owner.set_account_info, new_account_email="python@example.org") == 537
    for email in ("python@example.org", OWNER["account_email"]):
        assert server.plain("SetAccountInfo", {**BY_PASSWORD, "new_account_email": email}) == {"result": 1}
        assert owner.get_account_info()["result"]["account_email"] == email


def test_a_session_logs_on_with_the_password_and_is_over_after_it_logged_out(server):
    by_session = {"session_id": server.plain("Logon", BY_PASSWORD)["result"]}
    assert server.plain("GetAccountInfo", by_session)["result"]["account_name"] == "owner"
    assert server.plain("Logout", by_session) == {"result": 1}
    assert server.plain("GetAccountInfo", by_session)["error"]["code"] == 137


def test_a_child_account_is_found_changed_and_acted_on_by_the_account_id_option(owner, server):
    new = {"account_name": "python-child", "account_email": "child@python.example.org", "account_password": PASSWORD, "active": "True"}
    child_id = server.plain("AddAccount", new, owner)["account_id"]

    found = owner.get_children_accounts(child_account_name="PYTHON-CH", medium_output=True)
    assert found["result"] == [{"account_id": child_id, "account_name": "python-child", "account_email": "child@python.example.org"}]
    everybody = owner.get_children_accounts(child_account_id="all", order_by="child_account_id")
    assert is_recent(next(account["created"] for account in everybody["result"] if account["account_id"] == child_id))
    assert refusal(owner.get_children_accounts, child_account_id=[child_id, 999999]) == 194
    assert owner.get_children_accounts(child_account_id=[child_id, 999999], ignore_invalid_accounts=True)["count"] == 1

    assert owner.set_child_account_info(child_account_id=[child_id], location="Europe/Paris", callback_url="https://example.org/child") == {"result": 1}
    assert refusal(owner.set_child_account_info, child_account_name=["nobody-there"], active=False) == 198

    on_child = server.connect(OWNER, child_id)
    child = on_child.get_account_info()["result"]
    assert (child["account_name"], child["location"], child["callback_url"]) == ("python-child", "Europe/Paris", "https://example.org/child")

    on_child.add_application("of-child")
    assert on_child.get_applications()["total_count"] == 1
    assert owner.get_applications(application_name="of-child.python-child")["total_count"] == 0

    on_child.set_account_info(new_account_password=NEW_PASSWORD)
    assert server.plain("Logon", {"account_name": "python-child", "account_password": NEW_PASSWORD})["account_id"] == child_id
    assert server.plain("Logon", {"account_name": "python-child", "account_password": PASSWORD})["error"]["code"] == 100

    key = server.make_key(on_child, "Owner")
    assert key["account_id"] == child_id
    child_itself = server.connect(key)
    assert child_itself.get_account_info()["result"]["account_name"] == "python-child"
    assert refusal(server.connect(key, OWNER["account_id"]).get_account_info) == 100
    assert refusal(server.connect(OWNER, 999999).get_account_info) == 100

    owner.set_child_account_info(child_account_id=child_id, active=False)
    assert refusal(child_itself.get_account_info) == 131


def test_a_key_is_made_renamed_and_deleted(owner, server):
    credentials = server.make_key(owner, ["Developer", "Support"])
    assert credentials["account_id"] == OWNER["account_id"]
    assert credentials["account_email"] == OWNER["account_email"]
    assert credentials["private_key"].startswith("-----BEGIN PRIVATE KEY-----\n")
    key_id = credentials["key_id"]
    (seen,) = owner.get_keys(key_id=key_id, with_roles=True)["result"]
    assert seen["description"] == "python"
    assert [role["role_name"] for role in seen["roles"]] == ["Support", "Developer"]
    assert len(owner.get_keys(count=1, offset=1)["result"]) == 1

    assert owner.update_key(key_id, "renamed", key_name="python") == {"result": 1}
    (renamed,) = owner.get_keys(key_id=key_id)["result"]
    assert renamed == {"key_id": key_id, "key_name": "python", "description": "renamed"}

    client = server.connect(credentials)
    assert client.get_account_info()["result"]["account_name"] == "owner"
    assert owner.delete_key(key_id) == {"result": 1}
    assert refusal(owner.get_keys, key_id=key_id) == 433
    assert refusal(client.get_account_info) == 100
    assert refusal(owner.delete_key, OWNER["key_id"]) == 435


def test_a_key_may_do_what_its_roles_allow_and_its_roles_change_at_once(owner, server):
    credentials = server.make_key(owner, "Developer")
    key_id = credentials["key_id"]
    limited = server.connect(credentials)
    assert limited.get_scenarios()["total_count"] >= 0
    assert refusal(limited.get_sub_users) == 104
    assert refusal(limited.set_key_roles, key_id, role_name="Owner") == 104

    assert owner.set_key_roles(key_id, role_id=[1, 2, 3]) == {"result": 1}
    roles = owner.get_key_roles(key_id, with_expanded_roles=True)
    assert names(roles) == ["Owner", "Admin", "Support"]
    assert (roles["result"][1]["parent_role_id"], roles["result"][1]["inherited"]) == ([1], True)
    assert isinstance(limited.get_sub_users()["result"], list)

    assert owner.remove_key_roles(key_id, role_name=["Owner", "Admin"]) == {"result": 1}
    assert names(owner.get_key_roles(key_id)) == ["Support"]
    assert refusal(limited.add_application, "not-mine") == 104
    assert refusal(owner.set_key_roles, key_id, role_id=77) == 440

    owner.remove_key_roles(key_id, role_id=3)
    assert refusal(limited.get_role_groups) == 104
    assert names(limited.get_key_roles(key_id)) == []
    owner.delete_key(key_id)


def test_roles_and_their_groups_are_listed(owner):
    every = owner.get_roles()["result"]
    assert every[0] == {"role_id": 1, "role_name": "Owner", "gui_only": False}
    grouped = [role for group in owner.get_role_groups()["result"] for role in owner.get_roles(group_name=group["name"])["result"]]
    assert sorted(role["role_id"] for role in grouped) == [role["role_id"] for role in every]


def test_a_subuser_lives_from_its_first_role_to_its_end(owner, server):
    subuser_id = owner.add_sub_user("python-bob", PASSWORD, role_name="Developer", description="walks")["result"]["subuser_id"]
    (seen,) = owner.get_sub_users(subuser_id=subuser_id, with_roles=True)["result"]
    assert (seen["subuser_name"], seen["description"], seen["roles"][0]["role_name"]) == ("python-bob", "walks", "Developer")
    assert refusal(owner.add_sub_user, "PYTHON-BOB", PASSWORD) == 436
    assert refusal(owner.add_sub_user, "alice-3", "weak") == 463

    assert owner.set_sub_user_roles(subuser_id, role_id=[3]) == {"result": 1}
    assert names(owner.get_sub_user_roles(subuser_id, with_expanded_roles=False)) == ["Support", "Developer"]

    def by_subuser(password):
        return {"account_name": "owner", "subuser_login": "python-bob", "subuser_password": password}

    made = server.plain("CreateKey", {**by_subuser(PASSWORD), "role_name": "Developer"})["result"]
    key_id = (made[0] if isinstance(made, list) else made)["key_id"]
    (of_subuser,) = owner.get_keys(key_id=key_id)["result"]
    assert of_subuser["subuser"][0]["subuser_id"] == subuser_id

    assert refusal(owner.remove_sub_user_roles, subuser_id, role_name="Developer") == 439
    assert owner.remove_sub_user_roles(subuser_id, role_name="Developer", force=True) == {"result": 1}
    assert names(owner.get_sub_user_roles(subuser_id)) == ["Support"]
    assert names(owner.get_key_roles(key_id)) == []

    assert refusal(owner.set_sub_user_info, subuser_id, old_subuser_password="Wr0ng-Passw", new_subuser_password=NEW_PASSWORD) == 448
    assert owner.set_sub_user_info(subuser_id, old_subuser_password=PASSWORD, new_subuser_password=NEW_PASSWORD, description="walked") == {"result": 1}
    assert owner.get_sub_users(subuser_id=subuser_id)["result"][0]["description"] == "walked"
    assert server.plain("Logon", by_subuser(NEW_PASSWORD))["account_name"] == "owner"
    assert server.plain("Logon", by_subuser(PASSWORD))["error"]["code"] == 100

    assert owner.del_sub_user(subuser_id) == {"result": 1}
    assert refusal(owner.get_sub_users, subuser_id=subuser_id) == 434
    assert refusal(owner.get_keys, key_id=key_id) == 433


def test_allowed_and_forbidden_addresses_are_added_found_checked_and_removed(owner):
    try:
        assert owner.add_authorized_account_ip("127.0.0.0/8", allowed=True, description="this host") == {"result": 1}
        assert owner.add_authorized_account_ip("198.51.100.7", allowed=False) == {"result": 1}
        assert refusal(owner.add_authorized_account_ip, "nowhere") == 320

        every = owner.get_authorized_account_ips()
        assert (every["total_count"], every["count"]) == (2, 2)
        (forbidden,) = owner.get_authorized_account_ips(allowed=False, contains_ip="198.51.100.7")["result"]
        assert (forbidden["authorized_ip"], forbidden["allowed"]) == ("198.51.100.7", False)
        assert is_recent(forbidden["created"])
        assert owner.get_authorized_account_ips(description="this")["result"][0]["authorized_ip"] == "127.0.0.0/8"

        assert owner.check_authorized_account_ip("127.0.0.1") == {"result": True, "authorized_ip": "127.0.0.0/8"}
        assert owner.check_authorized_account_ip("198.51.100.7") == {"result": False, "authorized_ip": "198.51.100.7"}
        assert owner.check_authorized_account_ip("203.0.113.1") == {"result": False}
        assert owner.get_account_info()["result"]["account_name"] == "owner", "this host is still allowed"

        assert owner.del_authorized_account_ip(contains_ip="198.51.100.7", allowed=False) == {"result": 1}
        assert owner.del_authorized_account_ip(authorized_ip="127.0.0.0/8") == {"result": 1}
    finally:
        owner.del_authorized_account_ip(authorized_ip="all")
    assert owner.get_authorized_account_ips() == {"result": [], "total_count": 0, "count": 0}


def test_networks_whose_sip_calls_need_no_password_are_added_changed_listed_and_removed(owner):
    added = owner.add_sip_white_list_item("198.51.100.9/24", description="carrier")
    number = added["sip_whitelist_id"]
    assert added == {"result": 1, "sip_whitelist_id": number}
    assert refusal(owner.add_sip_white_list_item, "nowhere") == 170
    item = {"sip_whitelist_id": number, "sip_whitelist_network": "198.51.100.0/24", "description": "carrier"}
    assert owner.get_sip_white_list(sip_whitelist_id=number) == {"result": [item], "total_count": 1, "count": 1}
    assert owner.set_sip_white_list_item(number, "203.0.113.7") == {"result": 1}
    assert owner.get_sip_white_list()["result"][0]["sip_whitelist_network"] == "203.0.113.7"
    assert owner.del_sip_white_list_item(number) == {"result": 1}
    assert refusal(owner.del_sip_white_list_item, number) == 169


def test_an_application_is_added_renamed_found_by_part_of_its_name_and_deleted(owner):
    added = owner.add_application("python-shop", secure_record_storage=True)
    application_id = added.pop("application_id")
    assert added == {"result": 1, "application_name": "python-shop.owner.cordboard.internal", "secure_record_storage": True}
    assert refusal(owner.add_application, "python-shop") == 129
    assert refusal(owner.add_application, "Python Shop") == 107

    renamed = owner.set_application_info(required_application_name="python-shop", application_name="python-store", secure_record_storage=False)
    assert renamed == {"result": 1, "application_name": "python-store.owner.cordboard.internal", "secure_record_storage": False}
    rule_id = owner.add_rule("all", ".*", application_id=application_id)["rule_id"]
    found = owner.get_applications(application_name="YTHON-STOR", with_rules=True, count=5)
    assert (found["total_count"], found["count"]) == (1, 1)
    (seen,) = found["result"]
    assert (seen["application_id"], seen["rules"][0]["rule_id"]) == (application_id, rule_id)
    assert is_recent(seen["modified"])

    other = owner.add_application("python-bank")["application_id"]
    assert refusal(owner.del_application, application_id=[application_id, 999999]) == 116
    assert owner.del_application(application_id=[application_id, other]) == {"result": 1}
    assert owner.get_applications(application_name="python-")["total_count"] == 0


def test_users_of_an_application_are_added_changed_found_and_deleted(owner, application):
    alice = ("alice", "Alice ☎", PASSWORD)
    added = owner.add_user(*alice, application_id=application, user_active=False, parent_accounting=False, user_custom_data='{"vip": true}')
    user_id = added["user_id"]
    assert refusal(owner.add_user, *alice, application_id=application) == 118
    assert refusal(owner.add_user, "carol", "Carol", PASSWORD, application_id=999999) == 116
    owner.add_user("bob", "Bob", PASSWORD, application_name="python-fixture")

    (seen,) = owner.get_users(application_id=application, user_active=False, with_skills=True)["result"]
    assert (seen["user_id"], seen["user_name"], seen["user_display_name"]) == (user_id, "alice", "Alice ☎")
    assert (seen["user_active"], seen["parent_accounting"], seen["user_custom_data"], seen["skills"]) == (False, False, '{"vip": true}', [])
    assert is_recent(seen["created"]) and is_recent(seen["acd_status_change_time"])
    second = owner.get_users(application_name="python-fixture", acd_status=["OFFLINE", "READY"], order_by="user_name", count=1, offset=1)
    assert (second["total_count"], second["result"][0]["user_name"]) == (2, "bob")

    assert owner.set_user_info(user_id=user_id, new_user_name="alice-2", user_active=True, user_password=NEW_PASSWORD) == {"result": 1}
    (renamed,) = owner.get_users(application_id=application, user_id=user_id)["result"]
    assert (renamed["user_name"], renamed["user_active"]) == ("alice-2", True)
    assert refusal(owner.set_user_info, user_id=user_id, new_user_name="bob") == 118

    assert owner.del_user(user_name=["alice-2", "bob"], application_id=application) == {"result": 1}
    assert owner.get_users(application_id=application) == {"result": [], "total_count": 0, "count": 0}
    assert refusal(owner.del_user, user_id=[user_id]) == 117


def test_scenarios_are_added_rewritten_read_and_deleted(owner, application):
    script = "// привет; a=1&b=2 + 50 %\r\nVoxEngine.terminate();\n"
    scenario_id = owner.add_scenario("python-hello", scenario_script=script)["scenario_id"]

    def text():
        return owner.get_scenarios(scenario_id=scenario_id, with_script=True)["result"][0]["scenario_script"]

    assert text() == script
    assert refusal(owner.add_scenario, "python-hello", scenario_script="") == 133

    longest = "x" * 262_144
    assert owner.add_scenario("python-hello", scenario_script=longest, rewrite=True)["scenario_id"] == scenario_id
    assert text() == longest
    assert refusal(owner.set_scenario_info, scenario_id=scenario_id, scenario_script=longest + "x") == 130

    assert owner.set_scenario_info(required_scenario_name="python-hello", scenario_name="python-bye", scenario_script="let c;") == {"result": 1}
    (seen,) = owner.get_scenarios(scenario_name="YTHON-BY", with_script=True)["result"]
    assert (seen["scenario_id"], seen["scenario_script"], seen["parent"]) == (scenario_id, "let c;", False)
    assert is_recent(seen["modified"])

    owner.add_scenario("python-own", application_id=application)
    own = owner.get_scenarios(application_id=application, count=10, offset=0)
    assert (own["total_count"], own["application_name"]) == (1, "python-fixture.owner.cordboard.internal")

    assert owner.del_scenario(scenario_name=["python-bye", "python-own"]) == {"result": 1}
    assert owner.get_scenarios(scenario_name="python-")["total_count"] == 0
    assert refusal(owner.del_scenario, scenario_id=[scenario_id]) == 132


def test_scenarios_are_bound_to_a_rule_ordered_and_unbound(owner, application):
    rule_id = owner.add_rule("all", ".*", application_id=application)["rule_id"]
    a, b, c = (owner.add_scenario(f"python-{letter}", scenario_script="")["scenario_id"] for letter in "abc")

    def bound():
        (rule,) = owner.get_rules(rule_id=rule_id, with_scenarios=True)["result"]
        assert all(is_recent(scenario["modified"]) for scenario in rule["scenarios"])
        return [scenario["scenario_id"] for scenario in rule["scenarios"]]

    assert owner.bind_scenario(scenario_id=[a, b, c], rule_id=rule_id) == {"result": 1}
    assert bound() == [a, b, c]
    assert owner.reorder_scenarios([c, a], rule_id=rule_id) == {"result": 1}
    assert bound() == [c, a, b]
    owner.bind_scenario(scenario_name=["python-a", "python-b"], rule_name="all", application_name="python-fixture", bind=False)
    assert bound() == [c]
    d = owner.add_scenario("python-d", scenario_script="", rule_id=rule_id)["scenario_id"]
    assert bound() == [c, d]
    assert refusal(owner.bind_scenario, scenario_id=a, rule_id=999999) == 147
    assert refusal(owner.reorder_scenarios, [a], rule_id=rule_id) == 132

    owner.del_scenario(scenario_id=[a, b, c, d])
    assert bound() == []


def test_rules_are_added_changed_ordered_found_by_a_destination_and_deleted(owner, application):
    scenario_id = owner.add_scenario("python-ruled", scenario_script="")["scenario_id"]
    moscow = owner.add_rule("Moscow", "749[59].+", application_id=application, scenario_id=[scenario_id])["rule_id"]
    rest = owner.add_rule("Rest", ".*", application_name="python-fixture", rule_pattern_exclude="44.+", video_conference=True, scenario_name=["python-ruled"])[
        "rule_id"
    ]

    def rules(**filters):
        return [rule["rule_name"] for rule in owner.get_rules(application_id=application, **filters)["result"]]

    assert rules() == ["Moscow", "Rest"]
    assert rules(video_conference=True) == ["Rest"]
    assert rules(template="442079460000") == []
    assert refusal(owner.add_rule, "Broken", "(", application_id=application) == 148
    assert refusal(owner.add_rule, "Moscow", "1", application_id=application) == 175

    assert owner.set_rule_info(rest, rule_name="Others", video_conference=False, bind_key_id=OWNER["key_id"]) == {"result": 1}
    (others,) = owner.get_rules(attached_key_id=OWNER["key_id"])["result"]
    assert (others["rule_id"], others["application_id"], others["rule_name"]) == (rest, application, "Others")
    assert (others["rule_pattern"], others["rule_pattern_exclude"], others["video_conference"]) == (".*", "44.+", False)
    assert others["scenarios"][0]["scenario_id"] == scenario_id
    assert is_recent(others["modified"])

    assert owner.reorder_rules([rest, moscow]) == {"result": 1}
    assert rules(template="74951234567") == ["Others", "Moscow"]
    assert refusal(owner.reorder_rules, [999999]) == 147

    assert refusal(owner.del_rule, rule_id=[moscow, 999999]) == 147
    assert owner.del_rule(rule_name=["Others"], application_id=application) == {"result": 1}
    assert rules() == ["Moscow"]
    assert owner.del_rule(rule_id="all", application_id=application) == {"result": 1}
    assert rules() == []
    owner.del_scenario(scenario_id=scenario_id)


def seconds_ahead(seconds):
    return int(minutes_ago(0).timestamp()) + seconds


def test_items_are_stored_replaced_found_by_the_beginning_of_their_keys_and_deleted(owner, application):
    stored = owner.set_key_value_item("звонки:1", "a=1&b=2; 50 % +", application)["result"]
    assert (stored["key"], stored["value"]) == ("звонки:1", "a=1&b=2; 50 % +")
    assert abs(stored["expires_at"] - seconds_ahead(2_592_000)) < 600
    expires_at = seconds_ahead(86_400)
    replaced = owner.set_key_value_item("звонки:1", "new", application, expires_at=expires_at)["result"]
    assert replaced == {"key": "звонки:1", "value": "new", "expires_at": expires_at}
    assert owner.get_key_value_item("звонки:1", application)["result"] == replaced
    owner.set_key_value_item("звонки:2", "v", application, ttl=60)
    owner.set_key_value_item("other", "v", application)
    assert refusal(owner.set_key_value_item, "a b", "v", application) == 101
    assert refusal(owner.set_key_value_item, "k", "v", 999999) == 116
    assert refusal(owner.get_key_value_item, "звонки", application) == 101

    def keys(answer):
        return [item["key"] for item in answer["result"]]

    assert owner.get_key_value_items("звонки:", application, count=1)["result"] == [replaced]
    assert keys(owner.get_key_value_items("звонки:", application, count=1, offset=1)) == ["звонки:2"]
    assert keys(owner.get_key_value_keys(application)) == ["other", "звонки:1", "звонки:2"]
    assert owner.del_key_value_item("звонки:1", application) == {"result": 1}
    assert keys(owner.get_key_value_keys(application, key="звонки")) == ["звонки:2"]


def test_secrets_are_added_read_changed_listed_without_values_and_deleted(owner, application):
    def one(answer):
        return answer["result"][0] if SHAPE == "typings" else answer["result"]

    secret = ("apiKey", "correct; horse & 50 %")
    secret_id = one(owner.add_secret(*secret, application_id=application, description="for the walk"))["secret_id"]
    assert refusal(owner.add_secret, *secret, application_id=application) == 101
    seen = one(owner.get_secret_value(application_name="python-fixture", secret_id=secret_id))
    assert (seen["secret_name"], seen["secret_value"], seen["description"]) == (*secret, "for the walk")
    listed = owner.get_secrets(application_id=application, secret_name_part="APIK")
    assert (listed["count"], listed["total_count"], listed["result"][0]["secret_id"]) == (1, 1, secret_id)
    assert is_recent(listed["result"][0]["modified"])
    assert "horse" not in str(listed)

    assert owner.set_secret_info(application_id=application, secret_name="apiKey", new_secret_name="ApiKey", secret_value="new") == {"result": 1}
    assert one(owner.get_secret_value(application_id=application, secret_name="ApiKey"))["secret_value"] == "new"
    assert refusal(owner.get_secret_value, application_id=application, secret_name="apiKey") == 101
    assert refusal(owner.del_secret, application_id=application, secret_id=[secret_id, 999999]) == 101
    assert owner.del_secret(application_id=application, secret_name=["ApiKey"]) == {"result": 1}
    assert owner.get_secrets(application_id=application) == {"result": [], "count": 0, "total_count": 0}


def test_the_audit_log_tells_what_was_changed(owner):
    application_id = owner.add_application("python-audited")["application_id"]
    owner.del_application(application_id=application_id)
    about = {"from_date": minutes_ago(10), "to_date": minutes_ago(-10), "advanced_filters": "python-audited"}
    log = owner.get_audit_log(**about, filtered_cmd=["AddApplication", "DelApplication"], desc_order=True, with_total_count=True, count=1)
    assert (log["count"], log["total_count"], log["timezone"]) == (1, 1, "Etc/GMT")
    (line,) = log["result"]
    assert (line["cmd_name"], line["account_id"], line["cmd_args"]) == ("AddApplication", OWNER["account_id"], {"application_name": "python-audited"})
    assert line["cmd_result"]["application_id"] == application_id
    assert is_recent(line["requested"])
    assert owner.get_audit_log(audit_log_id=[line["audit_log_id"]], filtered_ip=[line["ip"]])["count"] == 1
    assert owner.get_audit_log(to_date=minutes_ago(60))["count"] == 0
    assert refusal(owner.get_audit_log, from_date=minutes_ago(0), to_date=minutes_ago(10)) == 123


def finished(owner, history_report_id):
    """The report once it is finished."""
    for _ in range(5_000):
        reports = owner.get_history_reports(history_report_id=history_report_id, is_completed=True)["result"]
        if reports:
            return reports[0]
    raise AssertionError(f"report {history_report_id} is not finished")


def test_the_history_of_sessions_is_read_and_refused_where_its_filters_are_wrong(owner, application):
    about = {"from_date": minutes_ago(10), "to_date": minutes_ago(-10), "application_id": application}
    assert owner.get_call_history(**about, with_calls=True, with_records=True, with_total_count=True, remote_number=["111", "222"]) == {
        "result": [],
        "total_count": 0,
        "count": 0,
        "timezone": "Etc/GMT",
    }
    assert len(owner.get_call_history(min_duration=1)["warnings"]) == 2
    assert owner.get_call_history(call_session_history_id=[999999])["count"] == 0
    assert refusal(owner.get_call_history, rule_name="all") == 156
    assert refusal(owner.get_call_history, from_date=minutes_ago(0), to_date=minutes_ago(10)) == 123
    assert refusal(owner.get_call_history, from_date=minutes_ago(60 * 24 * 100), to_date=minutes_ago(0)) == 569


def test_reports_are_ordered_listed_when_they_are_finished_and_downloaded(owner, application):
    orders = {
        "calls": owner.get_call_history_async(application_id=application, with_header=True, with_records=True),
        "calls_brief": owner.get_brief_call_history("csv", with_header=True, from_date=minutes_ago(10)),
        "audit": owner.get_audit_log_async(filtered_cmd=["AddApplication"], from_date=minutes_ago(10)),
    }
    for history_type, order in orders.items():
        assert order["result"] == 1
        report = finished(owner, order["history_report_id"])
        assert (report["history_type"], report["format"], report["download_count"]) == (history_type, "csv", 0)
        assert is_recent(report["created"]) and is_recent(report["completed"])
        assert report["store_until"] > datetime.date.today() + datetime.timedelta(days=28)
        file = owner.download_history_report(order["history_report_id"])["file_content"]
        assert len(file) == report["file_size"]
        assert file.startswith("audit_log_id;" if history_type == "audit" else "call_session_history_id;")
        assert ("python-fixture" in file) == (history_type == "audit")
    (again,) = owner.get_history_reports(application_id=application, history_type="all")["result"]
    assert (again["history_report_id"], again["download_count"]) == (orders["calls"]["history_report_id"], 1)
    assert is_recent(again["last_downloaded"])
    assert owner.download_history_report(999999)["error"]["code"] == 355, "for files this client raises nothing"


ANSWERING = """
VoxEngine.addEventListener(AppEvents.HttpRequest, (e) => {
    if (e.content === 'end') { VoxEngine.customData('done'); VoxEngine.terminate(); }
    return { method: e.method, content: e.content, data: VoxEngine.customData(), headers: e.headers };
});
"""


def ended(owner, session_id):
    """A session's row once it has ended."""
    for _ in range(5_000):
        rows = owner.get_call_history(call_session_history_id=session_id, with_calls=True)["result"]
        if rows:
            return rows[0]
    raise AssertionError(f"session {session_id} is not in the history")


def test_a_session_is_started_asked_over_its_urls_and_found_in_the_history(owner, application):
    scenario_id = owner.add_scenario("python-session", scenario_script=ANSWERING, application_id=application)["scenario_id"]
    rule_id = owner.add_rule("run", ".*", application_id=application, scenario_id=[scenario_id])["rule_id"]
    user_id = owner.add_user("alice", "Alice", PASSWORD, application_id=application)["user_id"]
    assert refusal(owner.start_scenarios, rule_id=999999) == 147
    assert refusal(owner.start_scenarios, rule_name="run") == 134
    assert refusal(owner.start_scenarios, rule_id=rule_id, reference_ip="near") == 257

    named = {"rule_name": "run", "application_name": "python-fixture", "user_name": "alice"}
    started = owner.start_scenarios(**named, script_custom_data="ü; a=1&b=2", reference_ip="198.51.100.7", server_location="local")
    assert started["result"] == 1
    plain, secure = started["media_session_access_url"], started["media_session_access_secure_url"]
    assert (urlsplit(plain).netloc, urlsplit(secure).netloc) == (urlsplit(RUNTIME["http"]).netloc, urlsplit(RUNTIME["https"]).netloc)
    for url in (plain, secure):
        response = httpx.post(url, content="order 7", headers={"X-Trace": "abc"}, verify=AUTHORITY)
        wanted = {"method": "POST", "content": "order 7", "data": "ü; a=1&b=2", "headers": [{"key": "X-Trace", "value": "abc"}]}
        assert response.json() == wanted
    session_id = started["call_session_history_id"]
    assert owner.get_call_history(call_session_history_id=session_id)["result"] == []

    assert httpx.post(plain, content="end").json()["data"] == "done"
    row = ended(owner, session_id)
    assert (row["call_session_history_id"], row["application_id"], row["rule_name"], row["user_id"]) == (session_id, application, "run", user_id)
    assert (row["finish_reason"], row["custom_data"], row["calls"]) == ("Normal termination", "done", [])
    assert is_recent(row["start_date"])
    assert httpx.get(row["log_file_url"], verify=AUTHORITY).text.endswith(" Session terminated\n")
    assert httpx.get(plain).status_code == 404
    owner.del_scenario(scenario_id=scenario_id)


def test_every_built_method_that_the_client_has_was_called():
    has = {folded(name) for name in dir(VoximplantAPI)}
    built = built_methods()
    assert {method for method in built if folded(method) not in has} == LACKING
    assert {method for method in built - LACKING if folded(method) not in CALLED} == set()
