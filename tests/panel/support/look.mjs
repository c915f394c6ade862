/** What every page must be: accessible, and no wider than the screen. */
import AxeBuilder from '@axe-core/playwright';

export const WIDTHS = { 1920: { width: 1920, height: 1080 }, 360: { width: 360, height: 740 } };

/** What axe finds serious. */
export async function violations(page) {
    // CodeMirror scrolls its own content by keys, which axe does not see.
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']).analyze();
    return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} (${failureSummary.split('\n')[1]?.trim()})`).join('; ')}`);
}

/** What is beside the screen. */
export async function beside(page) {
    return page.evaluate(() => {
        const width = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= width) return [];
        return [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > width + 1).slice(0, 5).map((one) => `${one.tagName}.${one.className}`);
    });
}

/** What stands beside its own box in a cell of a table: a badge, a time or a text that the cell is too narrow for. */
export async function squeezed(page) {
    return page.evaluate(() => {
        const over = (one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0 && getComputedStyle(one).overflowX === 'visible';
        return [...document.querySelectorAll('.table td, .table td *')].filter(over).slice(0, 5).map((one) => `${one.tagName}.${one.className}: ${one.textContent.slice(0, 40)}`);
    });
}
