/** Part 7: every screen, light and dark, narrow and wide: nothing that axe finds serious, nothing beside the screen. */
import { WIDTHS, beside, squeezed, violations } from './support/look.mjs';
import { picture } from './support/picture.mjs';
import { expect, settled, signIn, test } from './support/panel.mjs';
import { furnish, screens, show } from './support/screens.mjs';

const softly = expect.configure({ soft: true });

async function look(page, name, theme) {
    expect.soft(await violations(page), `axe on ${name}, ${theme}`).toEqual([]);
    for (const [width, size] of Object.entries(WIDTHS)) {
        await page.setViewportSize(size);
        await settled(page);
        expect.soft(await beside(page), `beside the screen on ${name}, ${theme}, ${width}`).toEqual([]);
        // What lives behind a dialog is laid out anew a moment after the page.
        await softly.poll(() => squeezed(page), { message: `too wide for its cell on ${name}, ${theme}, ${width}` }).toEqual([]);
        await picture(page, name, theme, width);
    }
    await page.setViewportSize(WIDTHS[1920]);
}

let there;
for (const theme of ['light', 'dark']) {
    test(`every screen is accessible and fits, ${theme}`, async ({ page, cordboard }) => {
        test.setTimeout(600_000);
        there ??= await furnish(cordboard);
        await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
        await page.setViewportSize(WIDTHS[1920]);
        await page.goto('/sign-in');
        await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
        await look(page, 'sign-in', theme);
        await signIn(page);
        for (const screen of screens(there)) {
            await test.step(screen.name, async () => {
                await show(page, cordboard, screen);
                await look(page, screen.name, theme);
            });
        }
    });
}
