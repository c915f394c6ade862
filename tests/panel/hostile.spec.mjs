/** Texts of callers are inert wherever they are shown, and wherever they are typed. */
import { until } from './support/cordboard.mjs';
import { PASSWORD, expect, go, settled, test } from './support/panel.mjs';

const IMAGE = '<img src=x onerror="window.hit=1;alert(1)">';
const TURNED = '\u202e\u2067txt.live\u2066\u200f"\'><script>window.hit=1</script>';
const LONG = 'W'.repeat(10_000);
const HOSTILE = { image: IMAGE, turned: TURNED, long: LONG };

/** Calls with the text, shortened until the server takes it; a field that takes no such text at all is left. */
async function put(cordboard, method, of, text) {
    for (let length = text.length; length >= 1; length = Math.floor(length / 2)) {
        const response = await fetch(`${cordboard.url}/platform_api/${method}`, {
            method: 'POST',
            headers: { Authorization: `Bearer ${cordboard.token}` },
            body: new URLSearchParams(of(text.slice(0, length))),
        });
        const answer = await response.json();
        if (!answer.error) return answer;
    }
    return undefined;
}

const SCRIPT = `
VoxEngine.addEventListener(AppEvents.Started, () => {
  Logger.write(VoxEngine.customData());
  const call = VoxEngine.callPSTN(VoxEngine.customData().slice(0, 60), VoxEngine.customData().slice(0, 60));
  call.addEventListener(CallEvents.Failed, () => { if (VoxEngine.customData().length < 5000) VoxEngine.terminate(); });
});
VoxEngine.addEventListener(AppEvents.HttpRequest, () => VoxEngine.customData());
`;

/** Something hostile in every field that can hold it. */
async function fill(cordboard) {
    const { application_id, rule_id } = await cordboard.scenario('hostile', SCRIPT);
    const sessions = [];
    let number = 0;
    for (const text of Object.values(HOSTILE)) {
        number += 1;
        const own = { application_id };
        await put(cordboard, 'CreateKey', (description) => ({ description }), text);
        await put(cordboard, 'AddRule', (rule_name) => ({ ...own, rule_name, rule_pattern: `9${number}` }), text);
        await put(cordboard, 'AddRule', (pattern) => ({ ...own, rule_name: `pattern ${number}`, rule_pattern: pattern.replace(/[()[\]{}*+?\\|^$]/g, '.') }), text);
        await put(cordboard, 'AddScenario', (scenario_name) => ({ ...own, scenario_name, scenario_script: `// ${text}` }), text);
        await put(cordboard, 'AddUser', (said) => ({ ...own, user_name: `hostile${number}`, user_display_name: said, user_password: PASSWORD }), text);
        await put(cordboard, 'SetUserInfo', (said) => ({ ...own, user_name: `hostile${number}`, user_custom_data: said, mobile_phone: said }), text);
        await put(cordboard, 'SetUserInfo', (user_custom_data) => ({ ...own, user_name: `hostile${number}`, user_custom_data }), text);
        await put(cordboard, 'AddSecret', (description) => ({ ...own, secret_name: `hostile${number}`, secret_value: text.slice(0, 8000), description }), text);
        await put(cordboard, 'SetKeyValueItem', (value) => ({ ...own, key: `hostile:${number}`, value, ttl: 86400 }), text);
        await put(cordboard, 'AddSubUser', (description) => ({ new_subuser_name: `hostile${number}`, new_subuser_password: PASSWORD, description }), text);
        await put(cordboard, 'AddAuthorizedAccountIP', (description) => ({ authorized_ip: `198.51.100.${number}`, allowed: 'false', description }), text);
        for (const field of ['account_first_name', 'account_last_name', 'account_custom_data', 'billing_address_name']) {
            await put(cordboard, 'SetAccountInfo', (said) => ({ [field]: said }), text);
        }
        sessions.push((await cordboard.run(rule_id, text)).call_session_history_id);
    }
    for (const id of sessions.slice(0, 2)) await cordboard.ended(id);
    const { result: keys } = await cordboard.call('GetKeys', {});
    const { result: scenarios } = await cordboard.call('GetScenarios', { application_id });
    return { application_id, sessions, keys, scenarios };
}

async function inert(page) {
    await settled(page);
    expect(await page.evaluate(() => window.hit), 'a text was run').toBeUndefined();
    expect(await page.locator('img[src="x"]').count(), 'a text became an element').toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), `${page.url()} is wider than the screen`).toBe(true);
}

test('what callers wrote is shown and not run', async ({ owner: page, cordboard }) => {
    test.setTimeout(400_000);
    const { application_id, sessions, keys, scenarios } = await fill(cordboard);
    const application = `/applications/${application_id}`;
    const hostileKeys = keys.filter(({ description }) => /[<>]|WWW/.test(description));
    const paths = [
        ['/', undefined],
        ['/service-accounts', IMAGE],
        ...hostileKeys.map(({ key_id }) => [`/service-accounts/${key_id}`, undefined]),
        ['/applications', undefined],
        [`${application}/rules`, IMAGE],
        [`${application}/scenarios`, undefined],
        ...scenarios.map(({ scenario_id }) => [`${application}/scenarios/${scenario_id}`, undefined]),
        [`${application}/users`, IMAGE],
        [`${application}/secrets`, undefined],
        [`${application}/storage`, undefined],
        ['/live', 'WWWW'],
        [`/live/${sessions[2]}`, 'WWWW'],
        ['/history', IMAGE],
        [`/history/${sessions[0]}`, IMAGE],
        [`/history/${sessions[1]}`, undefined],
        ['/account/profile', undefined],
        ['/account/authorized-ips', undefined],
        ['/account/subusers', undefined],
        ['/account/audit-log', undefined],
        [`/history?call_session_history_custom_data=${encodeURIComponent(IMAGE)}`, IMAGE],
        [`${application}/scenarios?name=${encodeURIComponent(IMAGE)}`, undefined],
        [`/sign-in?next=${encodeURIComponent('javascript:window.hit=1')}`, undefined],
        [`/nowhere/${encodeURIComponent(IMAGE)}`, undefined],
    ];
    for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 800 });
        for (const [path, shown] of paths) {
            await test.step(`${path} at ${width}`, async () => {
                await page.goto(path);
                await inert(page);
                if (shown) await expect(page.getByText(shown).first()).toBeAttached();
            });
        }
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    // A scenario's answer to a request is hostile, too.
    await go(page, `/live/${sessions[2]}`);
    await page.getByRole('button', { name: 'Send' }).click();
    await expect(page.getByRole('region', { name: 'Answer' })).toContainText('WWWW');
    await inert(page);
    await cordboard.call('StopSession', { call_session_history_id: sessions[2] });
});

/** Screens with forms, and the button that opens each. */
const forms = (application) => [
    ['/service-accounts/new', undefined],
    ['/applications', 'Add application'],
    [`${application}/rules`, 'Add rule'],
    [`${application}/rules`, undefined],
    [`${application}/scenarios`, 'Add scenario'],
    [`${application}/users`, 'Add user'],
    [`${application}/secrets`, 'Add secret'],
    [`${application}/storage`, 'Add item'],
    ['/live', 'Run a scenario'],
    ['/history', undefined],
    ['/account/authorized-ips', 'Add'],
    ['/account/subusers', 'Add'],
    ['/account/child-accounts', 'Add'],
    ['/account/profile', undefined],
    ['/account/audit-log', undefined],
];

test('what is typed into any field is not run', async ({ owner: page, cordboard }) => {
    test.setTimeout(600_000);
    const { application_id } = await cordboard.scenario('typed-into', SCRIPT);
    for (const [path, button] of forms(`/applications/${application_id}`)) {
        for (const [kind, text] of Object.entries(HOSTILE)) {
            await test.step(`${path} ${button ?? ''} ${kind}`, async () => {
                await page.goto(path);
                await settled(page);
                if (button) await page.getByRole('button', { name: button, exact: true }).first().click();
                const scope = button ? page.getByRole('dialog') : page.locator('main');
                await expect(scope).toBeVisible();
                await expect(scope.locator('.bone')).toHaveCount(0);
                for (const field of await scope.locator('input:not([type=checkbox]):not([type=radio]):not([type=datetime-local]):not([type=date]):not([type=number]):not([readonly]):not([hidden]):visible, textarea:visible').all()) {
                    await field.fill(text);
                }
                const submit = scope.locator('button[type=submit]').last();
                if ((await submit.count()) && (await submit.isEnabled())) {
                    await submit.click();
                    await until(async () => !(await page.locator('[data-pending]').count()), 'the form is answered');
                }
                await inert(page);
            });
        }
    }
    // The search.
    for (const text of Object.values(HOSTILE)) {
        await go(page, '/');
        await page.getByRole('button', { name: 'Search' }).click();
        await page.getByRole('searchbox').fill(text.slice(0, 200));
        await expect(page.getByText(/Nothing is called/).or(page.locator('.search-hit').first())).toBeVisible();
        await inert(page);
        await page.keyboard.press('Escape');
    }
});
