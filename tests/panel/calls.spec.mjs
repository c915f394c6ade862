/** The browser phone against the server: the example application is heard. */
import { heard, keepConnections } from './support/line.mjs';
import { expect, signIn, test as base, watched } from './support/panel.mjs';

const test = base.extend({
    /** Opens the phone in a browser of its own. */
    open: async ({ browser, baseURL }, use) => {
        const opened = [];
        await use(async (path, { user = false } = {}) => {
            const context = await browser.newContext({ baseURL });
            const page = await context.newPage();
            opened.push({ context, wrong: watched(page) });
            await keepConnections(page);
            if (user) await signIn(page);
            await page.goto(path);
            return page;
        });
        for (const { context, wrong } of opened) {
            await context.close();
            expect(wrong, 'what went wrong in the page').toEqual([]);
        }
    },
});

const button = (page, name) => page.getByRole('button', { name, exact: true });
const state = (page) => page.locator('.call-state');

/** Waits until more is heard than before, and gives how much. */
async function more(page, than, what) {
    await expect.poll(() => heard(page), { message: what }).toBeGreaterThan(than + 1e-4);
    return heard(page);
}

/** Waits until the other side says nothing for a while, and gives what was heard until then. */
async function silence(page) {
    let before = -1;
    await expect
        .poll(
            async () => {
                const now = await heard(page);
                const quiet = now - before < 1e-5;
                before = now;
                return quiet;
            },
            { message: 'the prompt ends', intervals: [1_500], timeout: 60_000 },
        )
        .toBe(true);
    return before;
}

async function rowOf(cordboard, number) {
    const { result } = await cordboard.call('GetCallHistory', { with_calls: 'true', desc_order: 'true', count: 20 });
    return result.find(({ calls }) => calls?.some(({ local_number, remote_number }) => [local_number, remote_number].includes(number)));
}

test('one click, and the menu is heard and moves on by keys', async ({ open, cordboard }) => {
    const page = await open('/call');
    await button(page, 'Call the menu').click();
    await expect(state(page)).toHaveText('Connected with Menu');
    await more(page, 0, 'the menu is heard');
    const before = await silence(page);
    await page.keyboard.press('2');
    await more(page, before, 'the answer to a key is heard');
    await silence(page);
    await page.keyboard.press('0');
    await expect(state(page)).toHaveText('The other side hung up.', { timeout: 60_000 });
    await expect.poll(() => rowOf(cordboard, 'menu'), { message: 'the call is in the history' }).toBeTruthy();
    const { calls } = await rowOf(cordboard, 'menu');
    expect(calls[0]).toMatchObject({ successful: true, incoming: true, end_reason: { code: 200 } });
});

test('the echo gives back what is said', async ({ open }) => {
    const page = await open('/call');
    await button(page, 'Call Echo').click();
    await expect(state(page)).toHaveText('Connected with Echo');
    await more(page, 0, 'the echo is heard');
    await button(page, 'Hang up').click();
    await expect(state(page)).toHaveText('You hung up.');
});

/** The example's application and its users, blue and green. */
async function example(cordboard) {
    const { result: applications } = await cordboard.call('GetApplications', {});
    const { application_id } = applications.find(({ application_name }) => application_name.startsWith('demo.'));
    const { result: users } = await cordboard.call('GetUsers', { application_id });
    return { application_id, users };
}

test('a guest is called a guest, and calling back goes to the user', async ({ open, cordboard }) => {
    const { application_id, users } = await example(cordboard);
    const green = await open(`/call?application=${application_id}&user=${users[1].user_id}`, { user: true });
    await expect(green.getByText('Ready. Others can call green.')).toBeVisible();
    const guest = await open('/call');
    await expect(guest.getByText('call as its user blue; the other side sees the name “Guest”')).toBeVisible();
    await button(guest, 'Call Green').click();
    await expect(state(green)).toHaveText('Guest calls you');
    await button(green, 'Decline').click();
    await button(green, 'Call Guest again').click();
    await expect(state(green)).toContainText('Blue');
});

test('two users call each other through a scenario', async ({ open, cordboard }) => {
    const { application_id, users } = await example(cordboard);
    const [blue, green] = await Promise.all(users.slice(0, 2).map(({ user_id }) => open(`/call?application=${application_id}&user=${user_id}`, { user: true })));
    for (const [page, { user_name }] of [[blue, users[0]], [green, users[1]]]) await expect(page.getByText(`Ready. Others can call ${user_name}.`)).toBeVisible();
    await button(blue, `Call ${users[1].user_display_name}`).click();
    await button(green, 'Answer').click();
    await expect(state(blue)).toHaveText(`Connected with ${users[1].user_display_name}`);
    for (const page of [blue, green]) await more(page, 0, 'the other is heard');
    await button(green, 'Hang up').click();
    await expect(state(blue)).toHaveText('The other side hung up.');
});

/** Fails at once, or once the call is connected; or calls somebody who is not there. */
const FAILING = `VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call, destination }) => {
  if (destination === 'now') throw new Error('not today');
  if (destination === 'away') return VoxEngine.easyProcess(call, VoxEngine.callUser({ username: 'ben', callerid: 'anna' }));
  call.addEventListener(CallEvents.Connected, () => { throw new Error('not today'); });
  call.answer();
});`;

test('a call that its scenario fails in leads to what the history says', async ({ open, cordboard }) => {
    const { application_id } = await cordboard.scenario('failing', FAILING);
    await cordboard.call('AddUser', { application_id, user_name: 'ben', user_display_name: 'Ben Okafor', user_password: 'Cord-board-7' });
    await cordboard.call('AddUser', { application_id, user_name: 'anna', user_display_name: 'Anna Berg', user_password: 'Cord-board-7' });
    const page = await open(`/call?application=${application_id}&to=now`, { user: true });
    await button(page, 'Call now').click();
    await expect(state(page)).toHaveText('The scenario or the other side declined the call.');
    await page.getByRole('link', { name: 'See why in the history' }).click();
    await page.getByRole('link', { name: /^Session / }).click();
    await expect(page.getByText('Session ended: JS session error')).toBeVisible();

    for (const [number, said] of [['later', 'The other side hung up.'], ['away', 'The scenario or the other side declined the call.']]) {
        await page.goto(`/call?application=${application_id}&to=${number}`);
        await button(page, `Call ${number}`).click();
        await expect(state(page)).toHaveText(said);
        await expect.poll(() => rowOf(cordboard, number), { message: 'the call is in the history' }).toBeTruthy();
    }
    // What failed is marked in the list, and each call says which way it went.
    await page.goto(`/history?application_id=${application_id}`);
    const row = (number) => page.getByRole('row').filter({ hasText: `→ ${number}` });
    await expect(row('later').locator('.badge[data-tone="bad"]')).toHaveText('JS session error');
    await expect(row('later').getByTitle('incoming')).toBeVisible();
    await expect(row('away').getByTitle('incoming')).toBeVisible();
    await expect(row('away').getByTitle('outgoing')).toBeVisible();
    await expect(row('away').locator('.badge[data-tone="bad"]')).toHaveText(['failed', 'failed']);
    await row('later').getByRole('link', { name: /^Session / }).click();
    await expect(page.getByRole('listitem').filter({ hasText: 'connected' }).first()).toContainText('session: JS session error');
    // Names of the user instead of the number, and milliseconds where a second would be too much.
    await expect(page.locator('.facts')).toContainText('Anna Berganna');
    await expect(page.locator('.facts')).toContainText(/Duration\d\.\d{3} s/);
    const guest = await open('/call?to=nowhere');
    await button(guest, 'Call nowhere').click();
    await expect(guest.getByText('SIP status 404')).toBeVisible();
    await expect(guest.getByRole('link', { name: 'See why in the history' })).toHaveCount(0);
});

test('a number that no rule takes is refused in words, and the history says why', async ({ open, cordboard }) => {
    const page = await open('/call?to=nowhere');
    await button(page, 'Call nowhere').click();
    await expect(state(page)).toContainText('Nothing answers to this name');
    await expect.poll(() => rowOf(cordboard, 'nowhere'), { message: 'the refused call is in the history' }).toBeTruthy();
    const { call_session_history_id } = await rowOf(cordboard, 'nowhere');
    const user = await open(`/history/${call_session_history_id}`, { user: true });
    await expect(user.getByText('Why:')).toBeVisible();
});
