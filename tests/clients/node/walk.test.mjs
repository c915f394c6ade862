/** Every built method that the official Node client has, called through it, with its effect seen through it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NOT_CARRIED } from './not_carried.mjs';
import { builtMethods, called, clientMethods, connect, makeKey, owner, ownerCredentials, ownerPassword, plain, refusal, runtime, shape } from './server.mjs';

/** Built methods that this client has no function for; plain https stands in. */
const LACKING = ['AddAccount', 'Logon', 'Logout'];

const PASSWORD = 'Go0d-Passw';
const NEW_PASSWORD = 'N3w-Passwort';
const ownerByPassword = { account_name: 'owner', account_password: ownerPassword };

const names = (answer) => answer.result.map((role) => role.roleName);
const minutesAgo = (minutes) => new Date(Date.now() - minutes * 60_000);

async function application(applicationName) {
    const added = await owner.Applications.addApplication({ applicationName });
    assert.equal(added.result, 1);
    return added.applicationId;
}

test('the account describes itself to its owner', async () => {
    const { result, apiAddress } = await owner.Accounts.getAccountInfo({ returnLiveBalance: true });
    assert.equal(result.accountName, 'owner');
    assert.equal(result.accountEmail, 'owner@localhost.localdomain');
    assert.equal(result.accountId, ownerCredentials.account_id);
    assert.match(result.created, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    assert.equal(result.apiKey, undefined, 'an API key is shown to the password alone');
    assert.ok(result.accessEntries.includes('CreateKey'));
    assert.equal(new URL(`https://${apiAddress}`).hostname, new URL(runtime.https).hostname);
});

test('the profile changes by what is sent', async () => {
    const changed = await owner.Accounts.setAccountInfo({
        languageCode: 'de',
        location: 'Europe/Berlin',
        accountFirstName: 'Alice',
        billingAddressName: 'Zürich & Söhne; 50 % = ½',
        minBalanceToNotify: 2.5,
        sendJsError: true,
        newsNotifications: false,
        callbackUrl: 'https://example.org/hook?a=1&b=2',
        callbackSalt: 'pepper',
    });
    assert.deepEqual(changed, { result: 1 });
    const { result } = await owner.Accounts.getAccountInfo({});
    assert.equal(result.languageCode, 'de');
    assert.equal(result.location, 'Europe/Berlin');
    assert.equal(result.accountFirstName, 'Alice');
    assert.equal(result.billingAddressName, 'Zürich & Söhne; 50 % = ½');
    assert.equal(result.minBalanceToNotify, 2.5);
    assert.equal(result.sendJsError, true);
    assert.equal(result.newsNotifications, false);
    assert.equal(result.callbackUrl, 'https://example.org/hook?a=1&b=2');
    assert.equal(result.callbackSalt, 'pepper');
});

test('a refusal is an error in what the call resolves with', async () => {
    const refused = await owner.Accounts.setAccountInfo({ languageCode: 'deu' });
    assert.equal(refused.error.code, 202);
    assert.match(refused.error.msg, /language_code/);
    assert.equal(refused.result, undefined);
    const twice = await owner.Accounts.setAccountInfo({ accountFirstName: 'x'.repeat(50), callbackSalt: 's'.repeat(41) });
    assert.deepEqual(
        twice.errors.map((error) => error.code),
        [163, 399],
    );
    assert.deepEqual(twice.error, twice.errors[0]);
});

test('the e-mail changes with the password as credentials alone', async () => {
    assert.equal(await refusal(owner.Accounts.setAccountInfo({ newAccountEmail: 'node@example.org' })), 537);
    for (const email of ['node@example.org', ownerCredentials.account_email]) {
        assert.deepEqual(await plain('SetAccountInfo', { ...ownerByPassword, new_account_email: email }), { result: 1 });
        const { result } = await owner.Accounts.getAccountInfo({});
        assert.equal(result.accountEmail, email);
    }
});

test('a session logs on with the password and is over after it logged out', async () => {
    const session = await plain('Logon', ownerByPassword);
    assert.equal(session.account_name, 'owner');
    assert.equal(session.account_id, ownerCredentials.account_id);
    const bySession = { session_id: session.result };
    assert.equal((await plain('GetAccountInfo', bySession)).result.account_name, 'owner');
    assert.deepEqual(await plain('Logout', bySession), { result: 1 });
    assert.equal((await plain('GetAccountInfo', bySession)).error.code, 137);
});

test('a child account is found, changed and acted on by the account id option', async () => {
    const added = await plain(
        'AddAccount',
        { account_name: 'node-child', account_email: 'child@node.example.org', account_password: PASSWORD, active: 'true' },
        owner.authorization(),
    );
    assert.equal(added.result, 1);
    const childAccountId = added.account_id;

    const all = await owner.Accounts.getChildrenAccounts({ childAccountId: 'all', mediumOutput: true, orderBy: 'child_account_id' });
    assert.equal(all.totalCount, all.result.length);
    assert.deepEqual(
        all.result.find((account) => account.accountId === childAccountId),
        { accountId: childAccountId, accountName: 'node-child', accountEmail: 'child@node.example.org' },
    );
    assert.equal(await refusal(owner.Accounts.getChildrenAccounts({ childAccountId: [childAccountId, 999999] })), 194);
    const known = await owner.Accounts.getChildrenAccounts({ childAccountId: [childAccountId, 999999], ignoreInvalidAccounts: true });
    assert.equal(known.count, 1);

    const changed = await owner.Accounts.setChildAccountInfo({
        childAccountId: [childAccountId],
        location: 'Europe/Paris',
        minBalanceToNotify: 0.000001,
        canUseRestricted: true,
    });
    assert.deepEqual(changed, { result: 1 });
    assert.equal(await refusal(owner.Accounts.setChildAccountInfo({ childAccountName: 'nobody-there', active: false })), 198);

    const onChild = await connect(ownerCredentials, childAccountId);
    const child = (await onChild.Accounts.getAccountInfo({})).result;
    assert.deepEqual([child.accountName, child.location, child.minBalanceToNotify], ['node-child', 'Europe/Paris', 0.000001]);

    await onChild.Applications.addApplication({ applicationName: 'of-child' });
    assert.equal((await onChild.Applications.getApplications({})).totalCount, 1);
    assert.equal((await owner.Applications.getApplications({ applicationName: 'of-child' })).totalCount, 0);

    await onChild.Accounts.setAccountInfo({ newAccountPassword: NEW_PASSWORD });
    const byPassword = (password) => plain('Logon', { account_name: 'node-child', account_password: password });
    assert.equal((await byPassword(NEW_PASSWORD)).account_id, childAccountId);
    assert.equal((await byPassword(PASSWORD)).error.code, 100);

    const ofChild = await makeKey(onChild, 'of the child', 'Owner');
    assert.equal(ofChild.account_id, childAccountId);
    const childItself = await connect(ofChild);
    assert.equal((await childItself.Accounts.getAccountInfo({})).result.accountName, 'node-child');
    const upwards = await connect(ofChild, ownerCredentials.account_id);
    assert.equal(await refusal(upwards.Accounts.getAccountInfo({})), 100);
    const nowhere = await connect(ownerCredentials, 999999);
    assert.equal(await refusal(nowhere.Accounts.getAccountInfo({})), 100);

    await owner.Accounts.setChildAccountInfo({ childAccountId, active: false });
    assert.equal(await refusal(childItself.Accounts.getAccountInfo({})), 131);
});

test('a key is made, renamed and deleted', async () => {
    let made;
    if (shape === 'typings') {
        const answer = await owner.RoleSystem.createKey({ description: 'for the walk', keyName: 'walk', roleId: [5] });
        [made] = answer.result;
        assert.equal(made.accountId, ownerCredentials.account_id);
        assert.match(made.privateKey, /^-----BEGIN PRIVATE KEY-----\n/);
    } else {
        await assert.rejects(owner.RoleSystem.createKey({ description: 'for the walk', keyName: 'walk', roleId: [5] }), TypeError);
        made = (await owner.RoleSystem.getKeys({})).result.find((key) => key.keyName === 'walk');
    }
    const { keyId } = made;
    const [seen] = (await owner.RoleSystem.getKeys({ keyId, withRoles: true })).result;
    assert.deepEqual([seen.keyName, seen.description], ['walk', 'for the walk']);
    assert.deepEqual(
        seen.roles.map((role) => role.role_name),
        ['Developer'],
        'the client maps the outer list alone',
    );
    assert.equal((await owner.RoleSystem.getKeys({ count: 1, offset: 1 })).result.length, 1);

    assert.deepEqual(await owner.RoleSystem.updateKey({ keyId, description: 'still for the walk', keyName: 'renamed' }), { result: 1 });
    const [renamed] = (await owner.RoleSystem.getKeys({ keyId })).result;
    assert.deepEqual([renamed.keyName, renamed.description, renamed.roles], ['renamed', 'still for the walk', undefined]);

    assert.deepEqual(await owner.RoleSystem.deleteKey({ keyId }), { result: 1 });
    assert.equal(await refusal(owner.RoleSystem.getKeys({ keyId })), 433);
    assert.equal(await refusal(owner.RoleSystem.deleteKey({ keyId: ownerCredentials.key_id })), 435);
});

test('a token of a deleted key is refused', async () => {
    const credentials = await makeKey(owner, 'short-lived', 'Admin');
    const client = await connect(credentials);
    assert.equal((await client.Accounts.getAccountInfo({})).result.accountName, 'owner');
    await owner.RoleSystem.deleteKey({ keyId: credentials.key_id });
    assert.equal(await refusal(client.Accounts.getAccountInfo({})), 100);
});

test('a key may do what its roles allow, and its roles change at once', async () => {
    const credentials = await makeKey(owner, 'limited', 'Developer');
    const keyId = credentials.key_id;
    const limited = await connect(credentials);
    assert.ok((await limited.Scenarios.getScenarios({})).totalCount >= 0);
    const refused = await limited.RoleSystem.getSubUsers({});
    assert.equal(refused.error.code, 104);
    assert.match(refused.error.msg, /Owner/);
    assert.equal(await refusal(limited.RoleSystem.setKeyRoles({ keyId, roleName: 'Owner' })), 104);

    assert.deepEqual(await owner.RoleSystem.setKeyRoles({ keyId, roleId: [1, 2, 3], roleName: 'Admin;Editor;Viewer' }), { result: 1 });
    const roles = await owner.RoleSystem.getKeyRoles({ keyId, withExpandedRoles: true });
    assert.deepEqual(names(roles), ['Owner', 'Admin', 'Support', 'Editor', 'Viewer']);
    const { childIds, ...admin } = roles.result[1];
    assert.deepEqual(admin, { roleId: 2, roleName: 'Admin', guiOnly: false, inherited: true, parentRoleId: [1] });
    assert.ok(childIds.includes(3));
    assert.ok(Array.isArray((await limited.RoleSystem.getSubUsers({})).result));

    assert.deepEqual(await owner.RoleSystem.removeKeyRoles({ keyId, roleId: [1, 2], roleName: 'Editor' }), { result: 1 });
    assert.deepEqual(names(await owner.RoleSystem.getKeyRoles({ keyId })), ['Support', 'Viewer']);
    assert.equal(await refusal(limited.Applications.addApplication({ applicationName: 'not-mine' })), 104);
    assert.equal(await refusal(owner.RoleSystem.setKeyRoles({ keyId, roleId: 77 })), 440);

    await owner.RoleSystem.removeKeyRoles({ keyId, roleName: 'Support;Viewer' });
    assert.equal(await refusal(limited.RoleSystem.getRoleGroups({})), 104);
    assert.deepEqual(names(await limited.RoleSystem.getKeyRoles({ keyId })), []);
    await owner.RoleSystem.deleteKey({ keyId });
});

test('roles and their groups are listed', async () => {
    const all = await owner.RoleSystem.getRoles({});
    assert.deepEqual(all.result[0], { roleId: 1, roleName: 'Owner', guiOnly: false });
    assert.equal(all.result.length, 14);
    const groups = (await owner.RoleSystem.getRoleGroups({})).result;
    let grouped = 0;
    for (const { name } of groups) {
        grouped += (await owner.RoleSystem.getRoles({ groupName: name })).result.length;
    }
    assert.equal(grouped, all.result.length);
});

test('a subuser lives from its first role to its end', async () => {
    const added = await owner.RoleSystem.addSubUser({
        newSubuserName: 'node-alice',
        newSubuserPassword: PASSWORD,
        roleName: 'Developer',
        description: 'walks',
    });
    const { subuserId } = added.result;
    const [seen] = (await owner.RoleSystem.getSubUsers({ subuserId, withRoles: true })).result;
    assert.deepEqual([seen.subuserName, seen.description, seen.roles[0].role_name], ['node-alice', 'walks', 'Developer']);
    assert.equal(await refusal(owner.RoleSystem.addSubUser({ newSubuserName: 'NODE-ALICE', newSubuserPassword: PASSWORD })), 436);
    assert.equal(await refusal(owner.RoleSystem.addSubUser({ newSubuserName: 'bob-2', newSubuserPassword: 'weak' })), 463);

    assert.deepEqual(await owner.RoleSystem.setSubUserRoles({ subuserId, roleId: [3] }), { result: 1 });
    assert.deepEqual(names(await owner.RoleSystem.getSubUserRoles({ subuserId, withExpandedRoles: false })), ['Support', 'Developer']);

    const bySubuser = (password) => ({ account_name: 'owner', subuser_login: 'node-alice', subuser_password: password });
    const made = (await plain('CreateKey', { ...bySubuser(PASSWORD), role_name: 'Developer' })).result;
    const key = shape === 'typings' ? made[0] : made;
    const [ofSubuser] = (await owner.RoleSystem.getKeys({ keyId: key.key_id })).result;
    assert.deepEqual([ofSubuser.subuser[0].subuser_id, ofSubuser.subuser[0].subuser_name], [subuserId, 'node-alice']);

    assert.equal(await refusal(owner.RoleSystem.removeSubUserRoles({ subuserId, roleName: 'Developer' })), 439);
    assert.deepEqual(await owner.RoleSystem.removeSubUserRoles({ subuserId, roleName: 'Developer', force: true }), { result: 1 });
    assert.deepEqual(names(await owner.RoleSystem.getSubUserRoles({ subuserId })), ['Support']);
    assert.deepEqual(names(await owner.RoleSystem.getKeyRoles({ keyId: key.key_id })), []);

    const passwords = (oldSubuserPassword) => ({ subuserId, oldSubuserPassword, newSubuserPassword: NEW_PASSWORD, description: 'walked' });
    assert.equal(await refusal(owner.RoleSystem.setSubUserInfo(passwords('Wr0ng-Passw'))), 448);
    assert.deepEqual(await owner.RoleSystem.setSubUserInfo(passwords(PASSWORD)), { result: 1 });
    assert.equal((await owner.RoleSystem.getSubUsers({ subuserId })).result[0].description, 'walked');
    assert.equal((await plain('Logon', bySubuser(NEW_PASSWORD))).account_name, 'owner');
    assert.equal((await plain('Logon', bySubuser(PASSWORD))).error.code, 100);

    assert.deepEqual(await owner.RoleSystem.delSubUser({ subuserId }), { result: 1 });
    assert.equal(await refusal(owner.RoleSystem.getSubUsers({ subuserId })), 434);
    assert.equal(await refusal(owner.RoleSystem.getKeys({ keyId: key.key_id })), 433);
});

test('allowed and forbidden addresses are added, found, checked and removed', async () => {
    const { AuthorizedIPs } = owner;
    try {
        assert.deepEqual(await AuthorizedIPs.addAuthorizedAccountIP({ authorizedIp: '127.0.0.0/8', allowed: true, description: 'this host' }), { result: 1 });
        assert.deepEqual(await AuthorizedIPs.addAuthorizedAccountIP({ authorizedIp: '198.51.100.7', allowed: false }), { result: 1 });
        assert.equal(await refusal(AuthorizedIPs.addAuthorizedAccountIP({ authorizedIp: 'nowhere' })), 320);

        const all = await AuthorizedIPs.getAuthorizedAccountIPs({});
        assert.deepEqual([all.totalCount, all.count], [2, 2]);
        const forbidden = await AuthorizedIPs.getAuthorizedAccountIPs({ allowed: false, containsIp: '198.51.100.7' });
        assert.deepEqual(
            forbidden.result.map(({ authorizedIp, allowed }) => ({ authorizedIp, allowed })),
            [{ authorizedIp: '198.51.100.7', allowed: false }],
        );
        assert.equal((await AuthorizedIPs.getAuthorizedAccountIPs({ description: 'this' })).result[0].authorizedIp, '127.0.0.0/8');

        assert.deepEqual(await AuthorizedIPs.checkAuthorizedAccountIP({ authorizedIp: '127.0.0.1' }), { result: true, authorizedIp: '127.0.0.0/8' });
        assert.deepEqual(await AuthorizedIPs.checkAuthorizedAccountIP({ authorizedIp: '198.51.100.7' }), { result: false, authorizedIp: '198.51.100.7' });
        assert.deepEqual(await AuthorizedIPs.checkAuthorizedAccountIP({ authorizedIp: '203.0.113.1' }), { result: false });
        assert.equal((await owner.Accounts.getAccountInfo({})).result.accountName, 'owner', 'this host is still allowed');

        assert.deepEqual(await AuthorizedIPs.delAuthorizedAccountIP({ containsIp: '198.51.100.7', allowed: false }), { result: 1 });
        assert.deepEqual(await AuthorizedIPs.delAuthorizedAccountIP({ authorizedIp: '127.0.0.0/8' }), { result: 1 });
    } finally {
        await AuthorizedIPs.delAuthorizedAccountIP({ authorizedIp: 'all' });
    }
    assert.deepEqual(await AuthorizedIPs.getAuthorizedAccountIPs({}), { result: [], totalCount: 0, count: 0 });
});

test('networks whose SIP calls need no password are added, changed, listed and removed', async () => {
    const { SIPWhiteList } = owner;
    const added = await SIPWhiteList.addSipWhiteListItem({ sipWhitelistNetwork: '198.51.100.9/24', description: 'carrier' });
    const { sipWhitelistId } = added;
    assert.deepEqual(added, { result: 1, sipWhitelistId });
    assert.equal(await refusal(SIPWhiteList.addSipWhiteListItem({ sipWhitelistNetwork: 'nowhere' })), 170);
    assert.deepEqual(await SIPWhiteList.getSipWhiteList({ sipWhitelistId }), {
        result: [{ sipWhitelistId, sipWhitelistNetwork: '198.51.100.0/24', description: 'carrier' }],
        totalCount: 1,
        count: 1,
    });
    assert.deepEqual(await SIPWhiteList.setSipWhiteListItem({ sipWhitelistId, sipWhitelistNetwork: '203.0.113.7' }), { result: 1 });
    assert.equal((await SIPWhiteList.getSipWhiteList({})).result[0].sipWhitelistNetwork, '203.0.113.7');
    assert.deepEqual(await SIPWhiteList.delSipWhiteListItem({ sipWhitelistId }), { result: 1 });
    assert.equal(await refusal(SIPWhiteList.delSipWhiteListItem({ sipWhitelistId })), 169);
});

test('an application is added, renamed, found by part of its name and deleted', async () => {
    const added = await owner.Applications.addApplication({ applicationName: 'node-shop', secureRecordStorage: true });
    const { applicationId, ...rest } = added;
    assert.deepEqual(rest, { result: 1, applicationName: 'node-shop.owner.cordboard.internal', secureRecordStorage: true });
    assert.equal(await refusal(owner.Applications.addApplication({ applicationName: 'node-shop' })), 129);
    assert.equal(await refusal(owner.Applications.addApplication({ applicationName: 'Node Shop' })), 107);

    const renamed = await owner.Applications.setApplicationInfo({
        requiredApplicationName: 'node-shop',
        applicationName: 'node-store',
        secureRecordStorage: false,
    });
    assert.deepEqual(renamed, { result: 1, applicationName: 'node-store.owner.cordboard.internal', secureRecordStorage: false });
    const found = await owner.Applications.getApplications({ applicationName: 'ODE-STOR', withRules: true, count: 5 });
    assert.deepEqual([found.totalCount, found.count, found.result[0].applicationId], [1, 1, applicationId]);
    assert.match(found.result[0].modified, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);

    const other = await application('node-bank');
    assert.equal(await refusal(owner.Applications.delApplication({ applicationId: [applicationId, 999999] })), 116);
    assert.deepEqual(await owner.Applications.delApplication({ applicationId: [applicationId, other] }), { result: 1 });
    assert.equal((await owner.Applications.getApplications({ applicationName: 'node-' })).totalCount, 0);
});

test('users of an application are added, changed, found and deleted', async () => {
    const applicationId = await application('node-users');
    const alice = { userName: 'alice', userDisplayName: 'Alice ☎', userPassword: PASSWORD, applicationId };
    const added = await owner.Users.addUser({ ...alice, userActive: false, parentAccounting: false, userCustomData: '{"vip": true}' });
    assert.equal(added.result, 1);
    const { userId } = added;
    assert.equal(await refusal(owner.Users.addUser(alice)), 118);
    assert.equal(await refusal(owner.Users.addUser({ ...alice, userName: 'carol', applicationId: 999999 })), 116);
    await owner.Users.addUser({ ...alice, userName: 'bob', userDisplayName: 'Bob' });

    const inactive = await owner.Users.getUsers({ applicationId, userActive: false, withSkills: true, withQueues: true });
    assert.equal(inactive.totalCount, 1);
    const [seen] = inactive.result;
    assert.deepEqual(
        [seen.userId, seen.userName, seen.userDisplayName, seen.userActive, seen.parentAccounting, seen.userCustomData, seen.skills, seen.acdQueues],
        [userId, 'alice', 'Alice ☎', false, false, '{"vip": true}', [], []],
    );
    const byName = await owner.Users.getUsers({ applicationName: 'node-users', orderBy: 'user_name', count: 1, offset: 1 });
    assert.deepEqual([byName.totalCount, byName.count, byName.result[0].userName], [2, 1, 'bob']);

    assert.deepEqual(await owner.Users.setUserInfo({ userId, newUserName: 'alice-2', userActive: true, userPassword: NEW_PASSWORD }), { result: 1 });
    const [renamed] = (await owner.Users.getUsers({ applicationId, userId })).result;
    assert.deepEqual([renamed.userName, renamed.userActive, renamed.userDisplayName], ['alice-2', true, 'Alice ☎']);
    assert.equal(await refusal(owner.Users.setUserInfo({ userId, newUserName: 'bob' })), 118);

    assert.deepEqual(await owner.Users.delUser({ userName: 'bob', applicationId }), { result: 1 });
    assert.equal((await owner.Users.getUsers({ applicationId })).totalCount, 1);
    assert.deepEqual(await owner.Users.delUser({ userId: 'any', applicationId }), { result: 1 });
    assert.deepEqual(await owner.Users.getUsers({ applicationId }), { result: [], totalCount: 0, count: 0 });
    await owner.Applications.delApplication({ applicationId });
});

test('scenarios are added, rewritten, read and deleted', async () => {
    const applicationId = await application('node-scenarios');
    const script = '// привет; a=1&b=2 + 50 %\r\nVoxEngine.terminate();\n';
    const added = await owner.Scenarios.addScenario({ scenarioName: 'node-hello', scenarioScript: script });
    assert.equal(added.result, 1);
    const { scenarioId } = added;
    const textOf = async (id) => (await owner.Scenarios.getScenarios({ scenarioId: id, withScript: true })).result[0].scenarioScript;
    assert.equal(await textOf(scenarioId), script);
    assert.equal(await refusal(owner.Scenarios.addScenario({ scenarioName: 'node-hello', scenarioScript: '' })), 133);

    const longest = 'x'.repeat(262_144);
    assert.equal((await owner.Scenarios.addScenario({ scenarioName: 'node-hello', scenarioScript: longest, rewrite: true })).scenarioId, scenarioId);
    assert.equal(await textOf(scenarioId), longest);
    assert.equal(await refusal(owner.Scenarios.setScenarioInfo({ scenarioId, scenarioScript: `${longest}x` })), 130);

    const changed = await owner.Scenarios.setScenarioInfo({ requiredScenarioName: 'node-hello', scenarioName: 'node-bye', scenarioScript: 'let c;' });
    assert.deepEqual(changed, { result: 1 });
    const [seen] = (await owner.Scenarios.getScenarios({ scenarioName: 'ODE-BY', withScript: true })).result;
    assert.deepEqual([seen.scenarioId, seen.scenarioScript, seen.parent], [scenarioId, 'let c;', false]);

    await owner.Scenarios.addScenario({ scenarioName: 'node-own', applicationId });
    const own = await owner.Scenarios.getScenarios({ applicationId, count: 10, offset: 0 });
    assert.deepEqual([own.totalCount, own.applicationId, own.applicationName], [1, applicationId, 'node-scenarios.owner.cordboard.internal']);

    assert.deepEqual(await owner.Scenarios.delScenario({ scenarioName: 'node-bye;node-own' }), { result: 1 });
    assert.equal((await owner.Scenarios.getScenarios({ scenarioName: 'node-' })).totalCount, 0);
    assert.equal(await refusal(owner.Scenarios.delScenario({ scenarioId: [scenarioId] })), 132);
    await owner.Applications.delApplication({ applicationId });
});

test('scenarios are bound to a rule, ordered and unbound', async () => {
    const applicationId = await application('node-binding');
    const { ruleId } = await owner.Rules.addRule({ applicationId, ruleName: 'all', rulePattern: '.*' });
    const ids = [];
    for (const scenarioName of ['node-a', 'node-b', 'node-c']) {
        ids.push((await owner.Scenarios.addScenario({ scenarioName, scenarioScript: '' })).scenarioId);
    }
    const [a, b, c] = ids;
    const bound = async () => (await owner.Rules.getRules({ ruleId, withScenarios: true })).result[0].scenarios.map((scenario) => scenario.scenario_id);

    assert.deepEqual(await owner.Scenarios.bindScenario({ scenarioId: [a, b, c], ruleId }), { result: 1 });
    assert.deepEqual(await bound(), [a, b, c]);
    assert.deepEqual(await owner.Scenarios.reorderScenarios({ ruleId, scenarioId: [c, a] }), { result: 1 });
    assert.deepEqual(await bound(), [c, a, b]);
    await owner.Scenarios.bindScenario({ scenarioName: 'node-a;node-b', ruleName: 'all', applicationName: 'node-binding', bind: false });
    assert.deepEqual(await bound(), [c]);
    const { scenarioId: d } = await owner.Scenarios.addScenario({ scenarioName: 'node-d', scenarioScript: '', ruleId });
    assert.deepEqual(await bound(), [c, d]);
    assert.equal(await refusal(owner.Scenarios.bindScenario({ scenarioId: a, ruleId: 999999 })), 147);
    assert.equal(await refusal(owner.Scenarios.reorderScenarios({ ruleId, scenarioId: [a] })), 132);

    await owner.Scenarios.delScenario({ scenarioId: [a, b, c, d] });
    assert.deepEqual(await bound(), []);
    await owner.Applications.delApplication({ applicationId });
});

test('rules are added, changed, ordered, found by a destination and deleted', async () => {
    const applicationId = await application('node-rules');
    const { scenarioId } = await owner.Scenarios.addScenario({ scenarioName: 'node-ruled', scenarioScript: '' });
    const add = (rule) => owner.Rules.addRule({ applicationId, ...rule });
    const moscow = await add({ ruleName: 'Moscow', rulePattern: '749[59].+', scenarioId: [scenarioId] });
    assert.equal(moscow.result, 1);
    const rest = await add({ ruleName: 'Rest', rulePattern: '.*', rulePatternExclude: '44.+', videoConference: true, scenarioName: 'node-ruled' });
    const rules = async (filter) => (await owner.Rules.getRules({ applicationId, ...filter })).result.map((rule) => rule.ruleName);
    assert.deepEqual(await rules({}), ['Moscow', 'Rest']);
    assert.deepEqual(await rules({ videoConference: true }), ['Rest']);
    assert.deepEqual(await rules({ template: '442079460000' }), []);
    assert.equal(await refusal(add({ ruleName: 'Broken', rulePattern: '(' })), 148);
    assert.equal(await refusal(add({ ruleName: 'Moscow', rulePattern: '1' })), 175);

    const changed = await owner.Rules.setRuleInfo({ ruleId: rest.ruleId, ruleName: 'Others', videoConference: false, bindKeyId: ownerCredentials.key_id });
    assert.deepEqual(changed, { result: 1 });
    const [others] = (await owner.Rules.getRules({ attachedKeyId: ownerCredentials.key_id })).result;
    assert.deepEqual(
        [others.ruleId, others.applicationId, others.ruleName, others.rulePattern, others.rulePatternExclude, others.videoConference],
        [rest.ruleId, applicationId, 'Others', '.*', '44.+', false],
    );
    assert.equal(others.scenarios[0].scenario_id, scenarioId);

    assert.deepEqual(await owner.Rules.reorderRules({ ruleId: [rest.ruleId, moscow.ruleId] }), { result: 1 });
    assert.deepEqual(await rules({ template: '74951234567' }), ['Others', 'Moscow']);
    assert.equal(await refusal(owner.Rules.reorderRules({ ruleId: [999999] })), 147);

    assert.equal(await refusal(owner.Rules.delRule({ ruleId: [moscow.ruleId, 999999] })), 147);
    assert.deepEqual(await owner.Rules.delRule({ ruleName: 'Others', applicationId }), { result: 1 });
    assert.deepEqual(await rules({}), ['Moscow']);
    assert.deepEqual(await owner.Rules.delRule({ ruleId: 'all', applicationId }), { result: 1 });
    assert.deepEqual(await rules({}), []);
    await owner.Scenarios.delScenario({ scenarioId });
    await owner.Applications.delApplication({ applicationId });
});

const secondsAhead = (seconds) => Math.floor(Date.now() / 1_000) + seconds;
const isNear = (moment, wanted) => assert.ok(Math.abs(moment - wanted) < 600, `${moment} is not near ${wanted}`);

test('items are stored, replaced, found by the beginning of their keys and deleted', async () => {
    const { KeyValueStorage } = owner;
    const applicationId = await application('node-storage');
    const { result: stored } = await KeyValueStorage.setKeyValueItem({ applicationId, key: 'звонки:1', value: 'a=1&b=2; 50 % +' });
    assert.deepEqual([stored.key, stored.value], ['звонки:1', 'a=1&b=2; 50 % +']);
    isNear(stored.expiresAt, secondsAhead(2_592_000));
    const expiresAt = secondsAhead(86_400);
    const { result: replaced } = await KeyValueStorage.setKeyValueItem({ applicationId, key: 'звонки:1', value: 'new', expiresAt });
    assert.deepEqual(replaced, { key: 'звонки:1', value: 'new', expiresAt });
    assert.deepEqual((await KeyValueStorage.getKeyValueItem({ applicationId, key: 'звонки:1' })).result, replaced);
    isNear((await KeyValueStorage.setKeyValueItem({ applicationId, key: 'звонки:2', value: 'v', ttl: 60 })).result.expiresAt, secondsAhead(60));
    await KeyValueStorage.setKeyValueItem({ applicationId, key: 'other', value: 'v' });
    assert.equal(await refusal(KeyValueStorage.setKeyValueItem({ applicationId, key: 'a b', value: 'v' })), 101);
    assert.equal(await refusal(KeyValueStorage.getKeyValueItem({ applicationId, key: 'звонки' })), 101);

    // The client's types of these two say object where the documented answer is a list, which leaves nothing of it.
    assert.deepEqual((await KeyValueStorage.getKeyValueItems({ applicationId, key: 'звонки' })).result, {});
    assert.deepEqual((await KeyValueStorage.getKeyValueKeys({ applicationId })).result, {});
    const keys = async (method, request) => {
        const answer = await plain(method, { application_id: applicationId, ...request }, owner.authorization());
        return answer.result.map((item) => item.key);
    };
    assert.deepEqual(await keys('GetKeyValueItems', { key: 'звонки' }), ['звонки:1', 'звонки:2']);
    assert.deepEqual(await keys('GetKeyValueKeys', {}), ['other', 'звонки:1', 'звонки:2']);

    assert.deepEqual(await KeyValueStorage.delKeyValueItem({ applicationId, key: 'звонки:1' }), { result: 1 });
    assert.deepEqual(await keys('GetKeyValueKeys', { key: 'звонки' }), ['звонки:2']);
    await owner.Applications.delApplication({ applicationId });
});

test('secrets are added, read, changed, listed without values and deleted', async () => {
    const { Secrets } = owner;
    const applicationId = await application('node-secrets');
    const secret = { applicationId, secretName: 'apiKey', secretValue: 'correct; horse & 50 %', description: 'for the walk' };
    /** The value under a name: through the client where its typings can carry the answer. */
    const valueOf = async (secretName) => {
        if (shape === 'typings') {
            const [seen] = (await Secrets.getSecretValue({ applicationId, secretName })).result;
            return seen.secretValue;
        }
        await assert.rejects(Secrets.getSecretValue({ applicationId, secretName }), TypeError);
        return (await plain('GetSecretValue', { application_id: applicationId, secret_name: secretName }, owner.authorization())).result.secret_value;
    };
    if (shape === 'typings') {
        assert.ok((await Secrets.addSecret(secret)).result[0].secretId > 0);
    } else {
        await assert.rejects(Secrets.addSecret(secret), TypeError);
    }
    assert.equal(await refusal(Secrets.addSecret(secret)), 101);
    assert.equal(await valueOf('apiKey'), 'correct; horse & 50 %');
    const list = await Secrets.getSecrets({ applicationId, secretNamePart: 'APIK' });
    assert.deepEqual([list.count, list.totalCount, list.result[0].secretName, list.result[0].description], [1, 1, 'apiKey', 'for the walk']);
    assert.ok(!JSON.stringify(list).includes('horse'));
    const { secretId } = list.result[0];

    assert.deepEqual(await Secrets.setSecretInfo({ applicationId, secretId, newSecretName: 'ApiKey', secretValue: 'new' }), { result: 1 });
    assert.equal(await valueOf('ApiKey'), 'new');
    assert.equal(await refusal(Secrets.getSecretValue({ applicationId, secretName: 'apiKey' })), 101);
    assert.equal(await refusal(Secrets.delSecret({ applicationId, secretId: [secretId, 999999] })), 101);
    assert.deepEqual(await Secrets.delSecret({ applicationId, secretId: 'all' }), { result: 1 });
    assert.deepEqual(await Secrets.getSecrets({ applicationId }), { result: [], count: 0, totalCount: 0 });
    await owner.Applications.delApplication({ applicationId });
});

test('the audit log tells what was changed, and gives it as a file', async () => {
    const { History } = owner;
    const applicationId = await application('node-audited');
    await owner.Applications.delApplication({ applicationId });
    const about = { fromDate: minutesAgo(10), toDate: minutesAgo(-10), filteredCmd: 'AddApplication;DelApplication', advancedFilters: 'node-audited' };
    const log = await History.getAuditLog({ ...about, descOrder: true, withTotalCount: true, count: 1 });
    assert.deepEqual([log.count, log.totalCount, log.timezone], [1, 1, 'Etc/GMT']);
    const [line] = log.result;
    assert.deepEqual([line.cmdName, line.accountId, line.cmdArgs], ['AddApplication', ownerCredentials.account_id, { application_name: 'node-audited' }]);
    assert.equal(line.cmdResult.application_id, applicationId);
    assert.ok(['127.0.0.1', '::1'].includes(line.ip));
    assert.ok(Math.abs(new Date(`${line.requested} GMT`) - Date.now()) < 600_000);
    assert.equal((await History.getAuditLog({ auditLogId: [line.auditLogId], timezone: 'Europe/Berlin' })).timezone, 'Europe/Berlin');
    assert.equal((await History.getAuditLog({ toDate: minutesAgo(60), filteredIp: line.ip })).count, 0);
    assert.equal(await refusal(History.getAuditLog({ fromDate: minutesAgo(0), toDate: minutesAgo(10) })), 123);

    const file = await History.getAuditLog({ ...about, output: 'csv', withHeader: true });
    const lines = file.file_content.trimEnd().split('\n');
    assert.equal(lines.length, 2);
    assert.match(lines[0], /^audit_log_id;/);
    assert.match(lines[1], /;AddApplication;/);
});

/** The report once it is finished. */
async function finished(historyReportId) {
    for (let asked = 0; asked < 5_000; asked += 1) {
        const { result } = await owner.History.getHistoryReports({ historyReportId, isCompleted: true });
        if (result.length > 0) {
            return result[0];
        }
    }
    return assert.fail(`report ${historyReportId} is not finished`);
}

test('the history of sessions is read, and refused where its filters are wrong', async () => {
    const { History } = owner;
    const applicationId = await application('node-history');
    const about = { fromDate: minutesAgo(10), toDate: minutesAgo(-10), applicationId, withCalls: true, withRecords: true, withOtherResources: true };
    const history = await History.getCallHistory({ ...about, remoteNumber: '111;222', withTotalCount: true, timezone: 'Europe/Berlin', descOrder: true });
    assert.deepEqual([history.result, history.count, history.totalCount, history.timezone], [[], 0, 0, 'Europe/Berlin']);
    assert.equal((await History.getCallHistory({ callSessionHistoryId: [999999] })).count, 0);
    assert.equal(await refusal(History.getCallHistory({ ...about, applicationId: 999999 })), 116);
    assert.equal(await refusal(History.getCallHistory({ fromDate: minutesAgo(60 * 24 * 100), toDate: minutesAgo(0) })), 569);
    await owner.Applications.delApplication({ applicationId });
});

test('reports are ordered, listed when they are finished, and downloaded', async () => {
    const { History } = owner;
    const orders = [
        ['calls', await History.getCallHistoryAsync({ fromDate: minutesAgo(10), withHeader: true, withCalls: true }), /^call_session_history_id;.*;calls\n$/],
        ['calls_brief', await History.getBriefCallHistory({ output: 'csv', withHeader: true }), /^call_session_history_id;.*;custom_data\n$/],
        ['audit', await History.getAuditLogAsync({ filteredCmd: 'AddApplication' }), /^audit_log_id;.*\n(\d+;.*;AddApplication;.*\n)+$/],
    ];
    for (const [historyType, { result, historyReportId }, content] of orders) {
        assert.equal(result, 1);
        const report = await finished(historyReportId);
        assert.deepEqual([report.historyType, report.format, report.fileName], [historyType, 'csv', `${historyType}_${historyReportId}.csv`]);
        const { fileContent: file } = await History.downloadHistoryReport({ historyReportId });
        assert.match(file, content);
        assert.equal(report.fileSize, file.length);
    }
    const { result } = await History.getHistoryReports({ historyType: 'audit;calls_brief', descOrder: true });
    assert.deepEqual(
        result.map((report) => [report.historyType, report.downloadCount]),
        [
            ['audit', 1],
            ['calls_brief', 1],
        ],
    );
    assert.equal(await refusal(History.downloadHistoryReport({ historyReportId: 999999 })), 355);

    const inPlaceOfAList = () => History.getCallHistory({ isAsync: true, withHeader: true });
    if (shape === 'typings') {
        const ordered = await inPlaceOfAList();
        assert.deepEqual(ordered.result, []);
    } else {
        await assert.rejects(inPlaceOfAList(), TypeError);
    }
    const [last] = (await History.getHistoryReports({ historyType: 'calls', descOrder: true, count: 1 })).result;
    await finished(last.historyReportId);
    const { fileContent: file } = await History.downloadHistoryReport({ historyReportId: last.historyReportId });
    assert.match(file, /^call_session_history_id;.*;audio_quality\n$/);
});

/** A session's row once it has ended. */
async function ended(callSessionHistoryId) {
    for (let asked = 0; asked < 5_000; asked += 1) {
        const { result } = await owner.History.getCallHistory({ callSessionHistoryId, withCalls: true, withRecords: true, withOtherResources: true });
        if (result.length > 0) {
            return result[0];
        }
    }
    return assert.fail(`session ${callSessionHistoryId} is not in the history`);
}

const ANSWERING = `
VoxEngine.addEventListener(AppEvents.HttpRequest, (e) => {
    if (e.content === 'end') { VoxEngine.customData('done'); VoxEngine.terminate(); }
    return { method: e.method, content: e.content, data: VoxEngine.customData(), headers: e.headers };
});`;

test('a session is started, asked over its URLs, and found in the history', async () => {
    const applicationId = await application('node-session');
    const { scenarioId } = await owner.Scenarios.addScenario({ scenarioName: 'node-session', scenarioScript: ANSWERING, applicationId });
    const { ruleId } = await owner.Rules.addRule({ applicationId, ruleName: 'run', rulePattern: '.*', scenarioId });
    const { userId } = await owner.Users.addUser({ applicationId, userName: 'alice', userDisplayName: 'Alice', userPassword: PASSWORD });
    const { Scenarios, History } = owner;

    assert.equal(await refusal(Scenarios.startScenarios({ ruleId: 999999 })), 147);
    assert.equal(await refusal(Scenarios.startScenarios({ ruleId, userId: 999999 })), 117);
    assert.equal(await refusal(Scenarios.startScenarios({ ruleId, referenceIp: 'near' })), 257);
    const started = await Scenarios.startScenarios({ ruleId, userName: 'alice', applicationName: 'node-session', scriptCustomData: 'ü; a=1&b=2', referenceIp: '198.51.100.7', serverLocation: 'local' });
    assert.equal(started.result, 1);
    const { callSessionHistoryId, mediaSessionAccessUrl, mediaSessionAccessSecureUrl } = started;
    assert.equal(new URL(mediaSessionAccessUrl).host, new URL(runtime.http).host);
    assert.equal(new URL(mediaSessionAccessSecureUrl).host, new URL(runtime.https).host);
    for (const url of [mediaSessionAccessUrl, mediaSessionAccessSecureUrl]) {
        const response = await fetch(url, { method: 'POST', body: 'order 7', headers: { 'X-Trace': 'abc' } });
        assert.match(response.headers.get('content-type'), /^application\/json/);
        assert.deepEqual(await response.json(), { method: 'POST', content: 'order 7', data: 'ü; a=1&b=2', headers: [{ key: 'X-Trace', value: 'abc' }] });
    }
    assert.deepEqual((await History.getCallHistory({ callSessionHistoryId })).result, []);

    assert.equal((await (await fetch(mediaSessionAccessUrl, { method: 'POST', body: 'end' })).json()).data, 'done');
    const row = await ended(callSessionHistoryId);
    assert.deepEqual([row.callSessionHistoryId, row.applicationId, row.ruleName, row.userId], [callSessionHistoryId, applicationId, 'run', userId]);
    assert.deepEqual([row.finishReason, row.customData, row.calls], ['Normal termination', 'done', []]);
    assert.ok(Math.abs(new Date(`${row.startDate} GMT`) - Date.now()) < 600_000);
    const log = await (await fetch(row.logFileUrl)).text();
    assert.match(log, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} Loading scenario node-session\n/);
    assert.ok(log.endsWith(' Session terminated\n'));
    assert.equal((await fetch(mediaSessionAccessUrl)).status, 404);
    assert.equal((await History.getCallHistory({ callSessionHistoryId, ruleName: 'run', applicationId, userId, callSessionHistoryCustomData: 'done' })).count, 1);
    const { file_content: csv } = await History.getCallHistory({ callSessionHistoryId, output: 'csv', withHeader: true });
    assert.ok(csv.split('\n')[1].startsWith(`${callSessionHistoryId};`), csv);
    await owner.Applications.delApplication({ applicationId });
});

const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
const snake = (request) => Object.fromEntries(Object.entries(request).map(([name, value]) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]));

function members(value) {
    if (Array.isArray(value)) {
        return value.flatMap(members);
    }
    return value && typeof value === 'object' ? Object.keys(value) : [];
}

/** What a plain answer holds and the client's answer to the same request does not, as `Method.member`. */
async function lost(method, group, request) {
    const answer = await plain(method, snake(request), owner.authorization());
    assert.equal(answer.error, undefined);
    let typed;
    try {
        typed = await group[method[0].toLowerCase() + method.slice(1)](request);
    } catch (error) {
        assert.ok(error instanceof TypeError, error);
        return [`${method}.result`];
    }
    const kept = new Set([...members(typed), ...members(typed.result)]);
    const all = new Set([...members(answer), ...members(answer.result)]);
    return [...all].filter((name) => !kept.has(camel(name))).map((name) => `${method}.${name}`);
}

test('exactly the listed answers do not reach the caller', async () => {
    const applicationId = await application('node-typed');
    const { scenarioId } = await owner.Scenarios.addScenario({ scenarioName: 'node-typed', scenarioScript: '', applicationId });
    await owner.Rules.addRule({ applicationId, ruleName: 'all', rulePattern: '.*', rulePatternExclude: '7', scenarioId });
    await owner.Users.addUser({ applicationId, userName: 'alice', userDisplayName: 'Alice', userPassword: PASSWORD, userCustomData: 'x' });
    const { subuserId } = (await owner.RoleSystem.addSubUser({ newSubuserName: 'node-typed', newSubuserPassword: PASSWORD, roleId: 3 })).result;
    await owner.AuthorizedIPs.addAuthorizedAccountIP({ authorizedIp: '198.51.100.7', allowed: false });
    await owner.KeyValueStorage.setKeyValueItem({ applicationId, key: 'a:b', value: 'v' });
    const secret = { application_id: applicationId, secret_name: 'typed', secret_value: 'v', description: 'd' };
    assert.ok((await plain('AddSecret', secret, owner.authorization())).result);
    const keyId = ownerCredentials.key_id;

    const answers = [
        await lost('CreateKey', owner.RoleSystem, { description: 'node-typed' }),
        await lost('GetKeys', owner.RoleSystem, { withRoles: true }),
        await lost('GetKeyRoles', owner.RoleSystem, { keyId, withExpandedRoles: true }),
        await lost('GetSubUsers', owner.RoleSystem, { withRoles: true }),
        await lost('GetSubUserRoles', owner.RoleSystem, { subuserId, withExpandedRoles: true }),
        await lost('GetRoles', owner.RoleSystem, {}),
        await lost('GetRoleGroups', owner.RoleSystem, {}),
        await lost('GetAccountInfo', owner.Accounts, {}),
        await lost('GetChildrenAccounts', owner.Accounts, { childAccountId: 'all' }),
        await lost('GetAuditLog', owner.History, { withTotalCount: true }),
        await lost('GetHistoryReports', owner.History, {}),
        await lost('GetAuthorizedAccountIPs', owner.AuthorizedIPs, {}),
        await lost('CheckAuthorizedAccountIP', owner.AuthorizedIPs, { authorizedIp: '198.51.100.7' }),
        await lost('GetApplications', owner.Applications, { withScenarios: true }),
        await lost('SetApplicationInfo', owner.Applications, { applicationId, secureRecordStorage: true }),
        await lost('GetUsers', owner.Users, { applicationId, withSkills: true, withQueues: true }),
        await lost('GetRules', owner.Rules, { applicationId, withScenarios: true }),
        await lost('SetKeyValueItem', owner.KeyValueStorage, { applicationId, key: 'a:b', value: 'w' }),
        await lost('GetKeyValueItem', owner.KeyValueStorage, { applicationId, key: 'a:b' }),
        await lost('GetKeyValueItems', owner.KeyValueStorage, { applicationId, key: 'a' }),
        await lost('GetKeyValueKeys', owner.KeyValueStorage, { applicationId }),
        await lost('GetSecrets', owner.Secrets, { applicationId }),
        await lost('GetSecretValue', owner.Secrets, { applicationId, secretName: 'typed' }),
        await lost('GetScenarios', owner.Scenarios, { scenarioId, applicationId, withScript: true }),
    ];
    const listed = NOT_CARRIED.filter(({ shapes }) => shapes.includes(shape)).map(({ answer }) => answer);
    assert.deepEqual(answers.flat().sort(), listed.sort());

    for (const { keyId: made, description } of (await owner.RoleSystem.getKeys({})).result) {
        if (description === 'node-typed') {
            await owner.RoleSystem.deleteKey({ keyId: made });
        }
    }
    await owner.RoleSystem.delSubUser({ subuserId });
    await owner.AuthorizedIPs.delAuthorizedAccountIP({ authorizedIp: 'all' });
    await owner.Applications.delApplication({ applicationId });
});

test('every built method that the client has was called', () => {
    const lacking = builtMethods.filter((method) => !clientMethods.includes(method));
    assert.deepEqual(lacking.sort(), LACKING);
    const left = builtMethods.filter((method) => clientMethods.includes(method) && !called.has(method));
    assert.deepEqual(left, []);
});
