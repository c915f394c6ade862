/** Part 7: every screen, light and dark, narrow and wide: nothing that axe finds serious, nothing beside the screen. */
import AxeBuilder from '@axe-core/playwright';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reduced } from './support/picture.mjs';
import { expect, settled, signIn, test } from './support/panel.mjs';
import { furnish, screens, show } from './support/screens.mjs';

/** Where the pictures go; without it none are made. */
const PICTURES = process.env.CORDBOARD_PICTURES;
const MOST_BYTES = 150_000;

const WIDTHS = { 1920: { width: 1920, height: 1080 }, 360: { width: 360, height: 740 } };

async function violations(page) {
    // CodeMirror scrolls its own content by keys, which axe does not see.
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']).analyze();
    return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} (${failureSummary.split('\n')[1]?.trim()})`).join('; ')}`);
}

async function beside(page) {
    return page.evaluate(() => {
        const width = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= width) return [];
        return [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > width + 1).slice(0, 5).map((one) => `${one.tagName}.${one.className}`);
    });
}

async function picture(page, name, theme, width) {
    if (!PICTURES) return;
    const png = reduced(await page.screenshot({ animations: 'disabled', caret: 'hide' }));
    expect.soft(png.length, `bytes of the picture ${name}`).toBeLessThan(MOST_BYTES);
    await mkdir(PICTURES, { recursive: true });
    await writeFile(join(PICTURES, `${name}-${theme}-${width}.png`), png);
}

async function look(page, name, theme) {
    expect.soft(await violations(page), `axe on ${name}, ${theme}`).toEqual([]);
    for (const [width, size] of Object.entries(WIDTHS)) {
        await page.setViewportSize(size);
        await settled(page);
        expect.soft(await beside(page), `beside the screen on ${name}, ${theme}, ${width}`).toEqual([]);
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
