/** Screenshots with few colours, so that many of them are small in the repository. */
import upng from 'upng-js';

/** The same picture with at most so many colours. */
export function reduced(png, colours = 96) {
    const image = upng.decode(png);
    return Buffer.from(upng.encode(upng.toRGBA8(image), image.width, image.height, colours));
}
