/** The main flow without a pointer. */
import { PASSWORD, expect, saved, settled, test } from './support/panel.mjs';

const MOST_STEPS = 120;

/** Tabs until the element has the focus; every stop on the way must show where it is. */
async function tabTo(page, element) {
    for (let step = 0; step < MOST_STEPS; step++) {
        if (await element.evaluate((one) => one === document.activeElement || one.contains(document.activeElement)).catch(() => false)) return;
        await page.keyboard.press('Tab');
        const unseen = await page.evaluate(() => {
            const one = document.activeElement;
            if (!one || one === document.body) return undefined;
            const chain = [one, one.querySelector('.check-box'), one.closest('.check')?.querySelector('.check-box')].filter(Boolean);
            const seen = chain.some((part) => {
                const { outlineStyle, boxShadow } = getComputedStyle(part);
                return outlineStyle !== 'none' || boxShadow !== 'none';
            });
            return seen ? undefined : one.outerHTML.slice(0, 200);
        });
        expect(unseen, 'the focus is seen').toBeUndefined();
    }
    throw new Error(`not reached by ${MOST_STEPS} presses of Tab: ${element}`);
}

test('the main flow goes by keys alone', async ({ page, cordboard }) => {
    const { rule_id } = await cordboard.scenario('by-keys', "VoxEngine.addEventListener(AppEvents.Started, () => Logger.write('keys only'));");
    expect(rule_id).toBeGreaterThan(0);
    const { keyboard } = page;
    await page.goto('/');
    await expect(page.getByLabel('Account name or e-mail')).toBeFocused();
    await keyboard.type('owner');
    await tabTo(page, page.getByRole('textbox', { name: 'Password' }));
    await keyboard.type(PASSWORD);
    await keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
    await settled(page);

    // The search goes anywhere.
    await keyboard.press('/');
    await keyboard.type('Service acc');
    await expect(page.getByRole('menuitem', { name: /Service accounts/ })).toBeVisible();
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Service accounts' })).toBeVisible();
    await settled(page);

    await tabTo(page, page.getByRole('link', { name: 'Add', exact: true }));
    await keyboard.press('Enter');
    await expect(page.getByRole('textbox', { name: /^Description/ })).toBeFocused();
    await keyboard.type('made by keys');
    await tabTo(page, page.getByRole('button', { name: 'Add role' }));
    await keyboard.press('Enter');
    await expect(page.getByRole('menuitem', { name: /^Developer/ })).toBeVisible();
    await keyboard.type('Developer');
    await keyboard.press('Enter');
    await expect(page.getByRole('button', { name: 'Remove the role Developer' })).toBeVisible();
    await tabTo(page, page.getByRole('button', { name: 'Generate key' }));
    const { text } = await saved(page, () => keyboard.press('Enter'));
    expect(JSON.parse(text).key_id).toBeTruthy();
    await expect(page.getByRole('button', { name: 'To the list' })).toBeFocused();
    await keyboard.press('Enter');
    await expect(page.getByRole('row', { name: /made by keys/ })).toBeVisible();

    // Its menu.
    const more = page.getByRole('button', { name: 'More actions for made by keys' });
    await tabTo(page, more);
    await keyboard.press('Enter');
    await expect(page.getByRole('menuitem', { name: 'Edit' })).toBeFocused();
    await keyboard.press('Escape');
    await expect(more).toBeFocused();

    // Runs a scenario and stops it.
    await tabTo(page, page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Live sessions' })).catch(async () => {
        await keyboard.press('/');
        await keyboard.type('Live');
        await keyboard.press('ArrowDown');
    });
    await keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Live sessions' })).toBeVisible();
    await settled(page);
    await tabTo(page, page.getByRole('button', { name: 'Run a scenario' }).first());
    await keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await expect(dialog).toBeVisible();
    for (const [label, option] of [['Application', 'by-keys'], ['Rule', 'by-keys']]) {
        const select = dialog.getByRole('button', { name: label });
        await expect(select).toBeEnabled();
        await tabTo(page, select);
        if ((await select.textContent()).includes(option)) continue;
        await keyboard.press('Enter');
        await expect(page.getByRole('option', { name: option })).toBeVisible();
        await keyboard.type(option);
        await keyboard.press('Enter');
        await expect(select).toContainText(option);
    }
    await tabTo(page, dialog.getByRole('button', { name: 'Run', exact: true }));
    await keyboard.press('Enter');
    await expect(page).toHaveURL(/\/live\/\d+$/);
    await expect(page.getByRole('region', { name: 'Log of the session' })).toContainText('keys only');
    await tabTo(page, page.getByRole('button', { name: 'Stop', exact: true }));
    await keyboard.press('Enter');
    await expect(page.getByRole('alertdialog').getByRole('button', { name: 'Stop' })).toBeFocused();
    await keyboard.press('Enter');
    await expect(page.getByText('This session has ended.')).toBeVisible();
});

test('the first stop of a page skips to its content', async ({ owner: page }) => {
    await page.goto('/history');
    await settled(page);
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.locator('#content')).toBeFocused();
});
