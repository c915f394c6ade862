import { useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { Select, TextField, type Option } from '@/parts';
import { texts } from '@/texts';
import './filters.css';

/** A filter of a list, kept in the address; a change goes back to the first page. */
export function useFilter(name: string): [string, (value: string) => void] {
  const [search, setSearch] = useSearchParams();
  return [
    search.get(name) ?? '',
    (value) =>
      setSearch(
        (before) => {
          const after = new URLSearchParams(before);
          if (value) after.set(name, value);
          else after.delete(name);
          after.delete('offset');
          return after;
        },
        { replace: true },
      ),
  ];
}

/** Asks the server a moment after the last keystroke. */
const PAUSE_MS = 250;

export function FilterField({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  const change = useRef(onChange);
  change.current = onChange;
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => change.current(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, value]);
  return (
    <div className="filter">
      <TextField label={label} value={typed} onChange={setTyped} type="search" autoComplete="off" spellCheck="false" />
    </div>
  );
}

export function FilterSelect({ label, value, onChange, options }: { label: string; value: string; onChange: (value: string) => void; options: readonly Option[] }) {
  return (
    <div className="filter">
      <Select label={label} value={value || 'any'} onChange={(id) => onChange(id === 'any' ? '' : id)} options={[{ id: 'any', text: texts.common.all }, ...options]} />
    </div>
  );
}
