import { lazy } from 'react';

const load = () => import('./CodeEditor');

// Both bring CodeMirror, which only the screens with code need.
export const CodeEditor = lazy(load);
export const Difference = lazy(() => import('./Difference'));
export type { CodeEditorHandle, CodeEditorProps } from './CodeEditor';
export type { Problem, Source } from './service';

/** Fetches the editor's files. */
export function preload(): void {
  void load().catch(() => undefined);
}

/** Fetches them when the browser has nothing else to do, for a screen that leads to it. */
export function soon(): () => void {
  const timer = setTimeout(preload, 1_500);
  return () => clearTimeout(timer);
}
