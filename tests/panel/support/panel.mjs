/** What the tests share: a server, a page that tells what went wrong in it, sign-ins, and moves that every screen has. */
import { test as base, expect } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { Cordboard } from './cordboard.mjs';

export { expect };

export const PASSWORD = 'Cord-board-7';

/** The panel's own header, without which the server takes no request with a cookie. */
const OURS = { 'X-Cordboard-Panel': '1' };

export const test = base.extend({
    /** A server whose owner has the password `PASSWORD`. */
    cordboard: [
        async ({ playwright }, use) => {
            const cordboard = await Cordboard.start();
            const request = await playwright.request.newContext({ baseURL: cordboard.runtime.panel, extraHTTPHeaders: OURS });
            await answer(request.post('/panel/sign-in', { data: { account: 'owner', password: cordboard.ownerPassword } }));
            await answer(request.post('/panel/api/ChangePanelPassword', { form: { old_password: cordboard.ownerPassword, new_password: PASSWORD } }));
            await request.dispose();
            await use(cordboard);
            await cordboard.stop();
        },
        { scope: 'worker', timeout: 120_000 },
    ],
    baseURL: async ({ cordboard }, use) => use(cordboard.runtime.panel),
    /** Fails the test for every dialog, error and request to another host. */
    page: async ({ page }, use) => {
        const wrong = watched(page);
        await use(page);
        expect(wrong, 'what went wrong in the page').toEqual([]);
    },
    /** The page, signed in as the owner. */
    owner: async ({ page }, use) => {
        await signIn(page);
        await use(page);
    },
});

async function answer(sent) {
    const response = await sent;
    const body = await response.json();
    expect(body.error, JSON.stringify(body)).toBeUndefined();
    return body;
}

/** Collects what must not happen in a page. */
export function watched(page) {
    const wrong = [];
    page.on('dialog', (dialog) => {
        // Leaving with unsaved text is asked about; a test that expects it dismisses the dialog itself.
        if (dialog.type() !== 'beforeunload') wrong.push(`dialog: ${dialog.message()}`);
        void dialog.accept().catch(() => undefined);
    });
    page.on('pageerror', (error) => wrong.push(`error: ${error.message}`));
    page.on('console', (message) => {
        if (!['error', 'warning'].includes(message.type())) return;
        // Chromium reports every answer 401; asking who is signed in before the sign-in is one.
        if (message.text().includes('401 (Unauthorized)') && message.location().url.includes('/panel/api/')) return;
        wrong.push(`console: ${message.text()} at ${message.location().url}`);
    });
    page.on('request', (request) => {
        const { protocol, hostname } = new URL(request.url());
        if (/^https?:$/.test(protocol) && !['127.0.0.1', 'localhost'].includes(hostname)) wrong.push(`request: ${request.url()}`);
    });
    return wrong;
}

/** Signs in without the form, which has a test of its own. */
export async function signIn(page, { account = 'owner', subuser, password = PASSWORD } = {}) {
    await answer(page.request.post('/panel/sign-in', { data: { account, subuser, password }, headers: OURS }));
}

/** Signs in by the form. */
export async function signInByForm(page, { account = 'owner', subuser, password }) {
    await page.getByLabel('Account name or e-mail').fill(account);
    if (subuser) {
        await page.getByRole('button', { name: 'Sign in as a subuser' }).click();
        await page.getByRole('textbox', { name: 'Subuser' }).fill(subuser);
    }
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** The answer of a method as the page's user, not by the page. */
export async function ask(page, method, form = {}) {
    const response = await page.request.post(`/panel/api/${method}`, { form, headers: OURS });
    return { status: response.status(), ...(await response.json()) };
}

/** Waits until a screen is there with everything that it loads at first. */
export async function settled(page) {
    await expect(page.locator('h1, .nothing').first()).toBeVisible();
    await expect(page.locator('.bone, .loading-bar, [aria-busy="true"]')).toHaveCount(0);
}

export async function go(page, path, heading) {
    await page.goto(path);
    if (heading) await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
    await settled(page);
}

/** Chooses in one of the panel's select boxes. */
export async function choose(scope, label, option) {
    const page = typeof scope.page === 'function' ? scope.page() : scope;
    await scope.getByRole('button', { name: label }).click();
    await page.getByRole('option', { name: option }).click();
}

/** Chooses in the three-dots menu of a thing. */
export async function chooseFor(page, thing, action) {
    await page.getByRole('button', { name: `More actions for ${thing}` }).click();
    await page.getByRole('menuitem', { name: action }).click();
}

export function said(page, text) {
    return expect(page.locator('.toasts')).toContainText(text);
}

/** The file that a press makes the browser save: its name and its text. */
export async function saved(page, press) {
    const [download] = await Promise.all([page.waitForEvent('download'), press()]);
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
}
