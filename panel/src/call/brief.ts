/** Characters of a name in a sentence or on a button; display names have up to 255. */
const MOST = 30;

/** A name that leaves room for what is said of it. */
export function brief(name: string): string {
  const characters = [...name];
  return characters.length > MOST ? `${characters.slice(0, MOST - 1).join('')}…` : name;
}
