import { lazy } from 'react';

// Both bring CodeMirror, which only the screens with code need.
export const CodeEditor = lazy(() => import('./CodeEditor'));
export const Difference = lazy(() => import('./Difference'));
export type { CodeEditorHandle, CodeEditorProps } from './CodeEditor';
export type { Problem, Source } from './service';
