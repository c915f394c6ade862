import { Button as AriaButton } from 'react-aria-components';
import { texts } from '@/texts';

const words = texts.call;

/** The letters of ITU-T E.161. */
const KEYS: [string, string][] = [
  ['1', ''],
  ['2', 'ABC'],
  ['3', 'DEF'],
  ['4', 'GHI'],
  ['5', 'JKL'],
  ['6', 'MNO'],
  ['7', 'PQRS'],
  ['8', 'TUV'],
  ['9', 'WXYZ'],
  ['*', ''],
  ['0', '+'],
  ['#', ''],
];

export const isKey = (key: string) => KEYS.some(([one]) => one === key);

export function Keypad({ note, onKey }: { note: string; onKey: (key: string) => void }) {
  return (
    <section className="card call-keypad" aria-label={words.keypad}>
      <div className="keypad" role="group" aria-label={words.keypad}>
        {KEYS.map(([key, letters]) => (
          <AriaButton key={key} className="keypad-key" aria-label={words.key(key)} onPress={() => onKey(key)}>
            <span>{key}</span>
            {letters && <small aria-hidden="true">{letters}</small>}
          </AriaButton>
        ))}
      </div>
      <p className="field-help">{note}</p>
    </section>
  );
}
