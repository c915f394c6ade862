/** Screenshots with few colours, so that many of them are small in the repository. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import upng from 'upng-js';
import { expect } from './panel.mjs';

/** Where the pictures go; without it none are made. */
const PICTURES = process.env.CORDBOARD_PICTURES;
const MOST_BYTES = 150_000;

/** The same picture with at most so many colours. */
function reduced(png, colours = 96) {
    const image = upng.decode(png);
    return Buffer.from(upng.encode(upng.toRGBA8(image), image.width, image.height, colours));
}

/** Keeps what a page shows now, for `docs/panel/`. */
export async function picture(page, name, theme, width) {
    if (!PICTURES) return;
    const png = reduced(await page.screenshot({ animations: 'disabled', caret: 'hide' }));
    expect.soft(png.length, `bytes of the picture ${name}`).toBeLessThan(MOST_BYTES);
    await mkdir(PICTURES, { recursive: true });
    await writeFile(join(PICTURES, `${name}-${theme}-${width}.png`), png);
}
