/** An account with something on every screen, and the screens. */
import { expect } from '@playwright/test';
import { go, settled } from './panel.mjs';

/** Runs until it is stopped and says something at once. */
const TALKER = `VoxEngine.addEventListener(AppEvents.Started, (e) => {
  Logger.write('Session ' + e.sessionId + ' runs for ' + VoxEngine.customData());
  Logger.write(JSON.stringify({ order: 4711, items: ['a', 'b'], note: 'handled by the night shift' }));
});
VoxEngine.addEventListener(AppEvents.HttpRequest, (e) => {
  Logger.write('asked: ' + e.content);
  return JSON.stringify({ heard: e.content });
});
`;

/** Tries to call somebody and ends. */
const CALLER = `VoxEngine.addEventListener(AppEvents.Started, () => {
  const call = VoxEngine.callPSTN('+4930123456', '+4940654321');
  call.addEventListener(CallEvents.Failed, (e) => { Logger.write('no call: ' + e.code); VoxEngine.terminate(); });
});
`;

export async function furnish(cordboard) {
    const call = (method, params) => cordboard.call(method, params);
    const support = await cordboard.scenario('support-line', TALKER);
    const callback = await cordboard.scenario('callback', CALLER);
    const { application_id } = support;
    await call('AddScenario', { application_id, scenario_name: 'opening-hours', scenario_script: "const OPEN = { from: 8, until: 18 };\n" });
    await call('AddRule', { application_id, rule_name: 'service-numbers', rule_pattern: '\\+49800\\d+', scenario_id: support.scenario_id });
    for (const [name, display] of [['anna', 'Anna Berg'], ['ben', 'Ben Okafor'], ['chiara', 'Chiara Rossi']]) {
        await call('AddUser', { application_id, user_name: name, user_display_name: display, user_password: 'Cord-board-7' });
    }
    await call('AddSecret', { application_id, secret_name: 'crm_token', secret_value: 'not-so-secret', description: 'Token of the customer database' });
    await call('SetKeyValueItem', { application_id, key: 'open:monday', value: '8-18', ttl: 864000 });
    await call('CreateKey', { description: 'deploys from CI', role_name: 'Developer' });
    await call('CreateKey', { description: 'billing export on host 7', role_name: 'Accountant' });
    const key = (await call('GetKeys', {})).result.find(({ description }) => description === 'deploys from CI').key_id;
    await call('AddSubUser', { new_subuser_name: 'nightshift', new_subuser_password: 'Cord-board-7', description: 'Watches at night', role_name: 'Support' });
    await call('AddAccount', { account_name: 'branch-office', account_email: 'branch@example.org', account_password: 'Cord-board-7', active: 'true' });
    await call('AddAuthorizedAccountIP', { authorized_ip: '203.0.113.0/24', allowed: 'false', description: 'An old office' });
    const ended = [];
    for (const data of ['order 4711', 'order 4712', 'order 4713']) {
        ended.push((await cordboard.run(callback.rule_id, data)).call_session_history_id);
    }
    for (const id of ended) await cordboard.ended(id);
    return { ...support, callback, key, ended: ended[0] };
}

const press = (name) => async (page) => {
    await page.getByRole('button', { name, exact: true }).first().click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await expect(page.locator('[role="dialog"] .bone')).toHaveCount(0);
};

/** Starts sessions and gives the second one's path: without a call a session ends after a minute. */
const running = (rule_id) => async (cordboard) => {
    await cordboard.run(rule_id, 'customer 1001');
    return `/live/${(await cordboard.run(rule_id, 'customer 1002')).call_session_history_id}`;
};

/** Name, path or how to get at one, and what is opened there. */
export function screens({ application_id, scenario_id, rule_id, key, ended }) {
    const application = `/applications/${application_id}`;
    return [
        ['overview', '/'],
        ['service-accounts', '/service-accounts'],
        ['service-account-new', '/service-accounts/new'],
        ['service-account', `/service-accounts/${key}`],
        ['applications', '/applications'],
        ['application-new', '/applications', press('Add application')],
        ['rules', `${application}/rules`],
        ['rule-new', `${application}/rules`, press('Add rule')],
        ['scenarios', `${application}/scenarios`],
        ['scenario-new', `${application}/scenarios`, press('Add scenario')],
        ['scenario', `${application}/scenarios/${scenario_id}`, codeShown],
        ['users', `${application}/users`],
        ['user-new', `${application}/users`, press('Add user')],
        ['secrets', `${application}/secrets`],
        ['storage', `${application}/storage`],
        ['live-session', running(rule_id)],
        ['live', '/live'],
        ['run', '/live', press('Run a scenario')],
        ['history', '/history'],
        ['export', '/history', press('Export')],
        ['history-session', `/history/${ended}`],
        ['profile', '/account/profile'],
        ['security', '/account/security'],
        ['authorized-ips', '/account/authorized-ips'],
        ['subusers', '/account/subusers'],
        ['subuser-new', '/account/subusers', press('Add')],
        ['child-accounts', '/account/child-accounts'],
        ['audit-log', '/account/audit-log'],
    ].map(([name, path, open]) => ({ name, path, open }));
}

async function codeShown(page) {
    await expect(page.locator('.cm-content')).toBeVisible();
}

export async function show(page, cordboard, { path, open }) {
    await go(page, typeof path === 'function' ? await path(cordboard) : path);
    if (open) await open(page);
    await settled(page);
}
