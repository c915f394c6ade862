/** Part 6: profile, authorized IPs, audit log. Part 7: times in the account's zone, the search. */
import { expect, go, said, settled, test } from './support/panel.mjs';

test('times are in the zone of the profile', async ({ owner: page, cordboard }) => {
    await go(page, '/account/profile', 'Profile');
    const zone = page.getByRole('textbox', { name: 'Time zone' }).or(page.getByRole('combobox', { name: 'Time zone' }));
    await zone.fill('Nowhere/Land');
    await page.getByRole('button', { name: 'Save', exact: true }).first().click();
    await expect(page.locator('.field', { hasText: 'Time zone' }).locator('.field-error').first()).toBeVisible();
    await zone.fill('Asia/Tokyo');
    await page.getByRole('button', { name: 'Save', exact: true }).first().click();
    await said(page, 'The profile is saved.');

    const { rule_id } = await cordboard.scenario('zoned', 'VoxEngine.addEventListener(AppEvents.Started, () => VoxEngine.terminate());');
    const { call_session_history_id: id } = await cordboard.run(rule_id);
    const { start_date } = await cordboard.ended(id);
    const tokyo = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Tokyo', hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(`${start_date.replace(' ', 'T')}Z`));
    await go(page, '/history', 'History');
    await expect(page.getByText('Times are in Asia/Tokyo.')).toBeVisible();
    await expect(page.getByRole('row', { name: new RegExp(`Session ${id}\\b`) })).toContainText(tokyo);
    await go(page, `/history/${id}`);
    await expect(page.locator('.facts')).toContainText(tokyo);
    await cordboard.call('SetAccountInfo', { location: 'Etc/GMT' });
});

test('addresses are refused and let in again', async ({ owner: page }) => {
    await go(page, '/account/authorized-ips', 'Authorized IPs');
    await page.getByRole('button', { name: 'Add', exact: true }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Address or network' }).fill('no address');
    await dialog.getByText('Refused even where').click();
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(dialog.locator('.field-error')).toBeVisible();
    await dialog.getByRole('textbox', { name: 'Address or network' }).fill('192.0.2.0/24');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(page.getByRole('row', { name: /192\.0\.2\.0/ })).toContainText('Refused');
});

test('the audit log tells who did what', async ({ owner: page, cordboard }) => {
    await cordboard.call('AddApplication', { application_name: 'audited' });
    await go(page, '/account/audit-log', 'Audit log');
    await expect(page.getByRole('row', { name: /AddApplication/ }).first()).toBeVisible();
});

test('the search finds objects, screens and methods', async ({ owner: page, cordboard }) => {
    const { application_id } = await cordboard.call('AddApplication', { application_name: 'needle-in-hay' });
    await go(page, '/', 'Overview');
    await page.keyboard.press('/');
    const box = page.getByRole('searchbox');
    await box.fill('needle-in');
    await page.getByRole('menuitem', { name: /needle-in-hay/ }).click();
    await expect(page).toHaveURL(new RegExp(`/applications/${application_id}`));
    await settled(page);
    await page.keyboard.press('Control+K');
    await box.fill('SetKeyRoles');
    await expect(page.getByRole('menuitem', { name: /SetKeyRoles/ }).first()).toBeVisible();
    await box.fill('no such thing anywhere');
    await expect(page.getByText('Nothing is called “no such thing anywhere”.')).toBeVisible();
});
