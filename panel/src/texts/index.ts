import { en, type Texts } from './en';

/** The texts in use. Another language is another file of the type `Texts`. */
export const texts: Texts = en;
