/** The browser phone at `/call`, over a line without a server. */
import { PhoneLine, heard, keepConnections, withoutMicrophone } from './support/line.mjs';
import { WIDTHS, beside, violations } from './support/look.mjs';
import { expect, test as base, watched } from './support/panel.mjs';
import { picture } from './support/picture.mjs';

const test = base.extend({
    line: async ({}, use) => use(new PhoneLine()),
    /** Opens the phone of a user or a guest in a browser of its own. */
    open: async ({ browser, baseURL, line }, use) => {
        const opened = [];
        await use(async (name, { guest = false, path = '/call', prepare } = {}) => {
            const context = await browser.newContext({ baseURL });
            const page = await context.newPage();
            opened.push({ context, wrong: watched(page) });
            await keepConnections(page);
            await prepare?.(page);
            await line.give(page, name, { guest });
            await page.goto(path);
            return page;
        });
        for (const { context, wrong } of opened) {
            await context.close();
            expect(wrong, 'what went wrong in the page').toEqual([]);
        }
    },
});

const guest = (open, more = {}) => open('guest', { guest: true, ...more });
const button = (page, name) => page.getByRole('button', { name, exact: true });
/** States of which `docs/panel/` has pictures. */
const PICTURED = ['idle', 'offered', 'talking'];

const state = (page) => page.locator('.call-state');

/** A user's page that can be called. */
async function ready(open, name) {
    const page = await open(name, { path: `/call?application=1&user=${{ anna: 1, ben: 2, menu: 3 }[name]}` });
    await expect(page.getByText(`Ready. Others can call ${name}.`)).toBeVisible();
    return page;
}

for (const theme of ['light', 'dark']) {
    test(`every state is accessible and fits, ${theme}`, async ({ open, line }) => {
        const dressed = (page) => page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
        const look = async (page, what) => {
            for (const [width, size] of Object.entries(WIDTHS)) {
                await page.setViewportSize(size);
                expect.soft(await beside(page), `beside the screen, ${what}, ${theme}, ${width}`).toEqual([]);
                expect.soft(await violations(page), `axe, ${what}, ${theme}, ${width}`).toEqual([]);
                if (PICTURED.includes(what)) await picture(page, `call-${what}`, theme, width);
            }
        };
        const menu = await ready(open, 'menu');
        await dressed(menu);
        await look(menu, 'ready');
        const page = await guest(open, { prepare: async (one) => (await withoutMicrophone(one), dressed(one)) });
        await expect(button(page, 'Call the menu')).toBeVisible();
        await look(page, 'idle');
        await button(page, 'Call the menu').click();
        await expect(button(menu, 'Answer')).toBeVisible();
        await look(menu, 'offered');
        await expect(state(page)).toHaveText('It rings at Menu');
        await look(page, 'ringing');
        await button(menu, 'Answer').click();
        await expect(state(page)).toHaveText('Connected with Menu');
        await page.keyboard.press('1');
        await expect(page.getByText('Good sound')).toBeVisible();
        await look(page, 'talking');
        await button(page, 'Hang up').click();
        await look(page, 'over');
        line.refused.set('menu', 486);
        await button(page, 'Call Menu again').click();
        await expect(state(page)).toHaveText(/busy/);
        await look(page, 'refused');
    });
}

test('one press calls the menu, and both sides hear each other', async ({ open }) => {
    const menu = await ready(open, 'menu');
    const page = await guest(open);
    await button(page, 'Call the menu').click();
    await button(menu, 'Answer').click();
    await expect(state(page)).toHaveText('Connected with Menu');
    for (const one of [page, menu]) await expect.poll(() => heard(one), { message: 'audio is received' }).toBeGreaterThan(0);
    await button(page, 'Mute').click();
    await expect(button(page, 'Unmute')).toBeVisible();
    await button(menu, 'Hang up').click();
    await expect(state(page)).toHaveText('The other side hung up.');
    await expect(state(menu)).toHaveText('You hung up.');
});

test('without a microphone a call still hears', async ({ open }) => {
    const menu = await ready(open, 'menu');
    for (const [why, said] of [['NotAllowedError', 'not allowed to use the microphone'], ['NotFoundError', 'There is no microphone']]) {
        const page = await guest(open, { prepare: (one) => withoutMicrophone(one, why) });
        await button(page, 'Call the menu').click();
        await expect(page.getByText(said)).toBeVisible();
        await button(menu, 'Answer').click();
        await expect.poll(() => heard(page), { message: 'audio is received' }).toBeGreaterThan(0);
        await button(page, 'Hang up').click();
        await expect(state(menu)).toHaveText('The other side hung up.');
    }
});

test('a call goes by keys alone', async ({ open }) => {
    const menu = await ready(open, 'menu');
    const page = await guest(open);
    const { keyboard } = page;
    const focused = page.locator(':focus');
    await expect(button(page, 'Call the menu')).toBeVisible();
    await keyboard.press('Tab');
    await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
    await keyboard.press('Enter');
    await keyboard.press('Tab');
    await expect(button(page, 'Call the menu')).toBeFocused();
    await keyboard.press('Enter');
    // The caller's focus is where the call is ended, the callee's where it is answered.
    await expect(button(page, 'Give up')).toBeFocused();
    await expect(button(menu, 'Answer')).toBeFocused();
    await menu.keyboard.press('Enter');
    await expect(state(page)).toHaveText('Connected with Menu');
    for (const key of ['4', '2', '#']) await keyboard.press(key);
    await expect(page.locator('.call-keys')).toContainText('42#');
    await button(page, 'Star').focus();
    await keyboard.press('Space');
    await expect(page.locator('.call-keys')).toContainText('42#*');
    await button(page, 'Hang up').focus();
    await keyboard.press('Enter');
    await expect(button(page, 'Call Menu again')).toBeFocused();
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    const field = page.getByRole('combobox', { name: 'Name, number or SIP address' });
    await field.focus();
    await expect(focused).toHaveCount(1);
    await keyboard.type('nobody');
    await keyboard.press('Enter');
    await expect(state(page)).toContainText('Nothing answers to this name');
});

test('users call each other, and decline, miss and are busy', async ({ open }) => {
    const anna = await ready(open, 'anna');
    const ben = await ready(open, 'ben');
    const call = () => button(anna, 'Call Ben Okafor').click();
    await call();
    await expect(ben).toHaveTitle(/^anna calls/);
    // While it rings, the keypad neither writes nor says that it does.
    await expect(ben.getByText('Its keys are sent once the call is answered.')).toBeVisible();
    await button(ben, '5').click();
    await button(ben, 'Decline').click();
    await button(ben, 'Call something else').click();
    await expect(ben.getByRole('combobox', { name: 'Name, number or SIP address' })).toHaveValue('');
    await expect(state(anna)).toHaveText('The scenario or the other side declined the call.');
    await button(anna, 'Call something else').click();
    await call();
    await expect(button(ben, 'Answer')).toBeVisible();
    await button(anna, 'Give up').click();
    await expect(state(ben)).toHaveText('The caller gave up.');
    await button(anna, 'Call something else').click();
    await call();
    await button(ben, 'Answer').click();
    await expect(state(anna)).toHaveText('Connected with Ben Okafor');
    const third = await guest(open, { path: '/call?to=ben' });
    await button(third, 'Call ben').click();
    await expect(state(third)).toContainText('busy');
});

test('a name of any length leaves room for the rest', async ({ open, line }) => {
    const long = 'W'.repeat(225);
    line.shown.set('anna', 'Anna Berg').set('menu', long);
    const menu = await ready(open, 'menu');
    const anna = await ready(open, 'anna');
    for (const page of [menu, anna]) await page.setViewportSize(WIDTHS[360]);
    await expect(anna.locator('.call-ends > :first-child')).toHaveText('Anna Berg');
    /** Lines that the texts beneath the cord, of the state and of the buttons have at most. */
    const lines = (page) =>
        page.evaluate(() =>
            Math.max(...[...document.querySelectorAll('.call-ends > *, .call-state, .call-actions .button, .call-main-action .button, .call-choice > span')].map((one) => one.clientHeight / parseFloat(getComputedStyle(one).lineHeight))),
        );
    expect(await lines(menu)).toBeLessThan(5);
    expect(await lines(anna)).toBeLessThan(5);
    await button(anna, `Call ${long}`).click();
    await expect(button(menu, 'Answer')).toBeVisible();
    await expect(anna.getByTitle(long)).toHaveText(long);
    expect(await lines(anna)).toBeLessThan(5);
    await button(menu, 'Decline').click();
    await expect(state(anna)).toContainText('declined');
    expect(await lines(anna)).toBeLessThan(5);
});

test('a credential that is refused is replaced once', async ({ open, line }) => {
    const menu = await ready(open, 'menu');
    const before = line.credentials;
    const page = await guest(open);
    line.refused.set('menu', 403);
    await button(page, 'Call the menu').click();
    await expect(state(page)).toContainText('does not allow this call');
    expect(line.credentials - before, 'a refusal that is none of the credential').toBe(1);
    line.refused.set('menu', 401);
    await button(page, 'Call Menu again').click();
    await expect(button(menu, 'Answer')).toBeVisible();
    expect(line.credentials - before).toBe(2);
});

test('a destination is one of the application, unless it is a whole address', async ({ open, line }) => {
    const page = await guest(open);
    const field = page.getByRole('combobox', { name: 'Name, number or SIP address' });
    for (const [typed, uri] of [
        ['+1 (555) 0100', 'sip:+15550100@demo.owner.cordboard.internal'],
        ['sip:ben@phones.example.org', 'sip:ben@phones.example.org'],
        ['two words', 'sip:two%20words@demo.owner.cordboard.internal'],
    ]) {
        await field.fill(typed);
        await field.press('Enter');
        await expect(state(page)).toContainText('Nothing answers to this name');
        expect(line.sent.filter((one) => one.includes('INVITE')).at(-1)).toBe(`guest: INVITE ${uri} SIP/2.0`);
        await button(page, 'Call something else').click();
    }
});

test('who may not call is told what to do', async ({ page, open }) => {
    await page.route('**/call/guest', (route) => route.fulfill({ json: { applications: [] } }));
    await page.goto('/call');
    await expect(page.getByRole('heading', { name: 'Sign in to call' })).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.route('**/panel/api/GetPanelSession', (route) => route.fulfill({ json: { result: { account_name: 'owner', methods: [], password_must_change: true } } }));
    await page.goto('/call?to=echo');
    await expect(page.getByRole('heading', { name: 'Choose a password of your own first' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Choose a password' })).toHaveAttribute('href', '/sign-in?next=%2Fcall%3Fto%3Decho');
    expect(await violations(page)).toEqual([]);
    // Guests are offered the phone where they sign in, too.
    const visitor = await guest(open, { path: '/sign-in' });
    await visitor.getByRole('link', { name: 'Try the demo' }).click();
    await expect(button(visitor, 'Call the menu')).toBeVisible();
});
