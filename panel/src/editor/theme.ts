import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags as t } from '@lezer/highlight';

// Colours are the panel's own variables, so that the editor follows light and dark by itself. Those of the syntax have a
// contrast of 4.5 : 1 and more on both grounds.
const code = (light: string, dark: string) => `light-dark(${light}, ${dark})`;

const highlight = HighlightStyle.define([
  { tag: [t.keyword, t.operatorKeyword, t.modifier], color: code('#8250b8', '#c9a2f5') },
  { tag: [t.string, t.special(t.string), t.regexp], color: code('#116a3b', '#85d4a3') },
  { tag: [t.number, t.bool, t.null, t.atom], color: code('#9a4a00', '#f0b072') },
  { tag: [t.comment], color: code('#5d6876', '#98a4b3'), fontStyle: 'italic' },
  { tag: [t.function(t.variableName), t.function(t.propertyName)], color: code('#0a58b0', '#86b9ff') },
  { tag: [t.className, t.typeName, t.definition(t.className)], color: code('#0b6470', '#74cdd9') },
  { tag: [t.invalid], textDecoration: 'underline wavy' },
]);

export const theme = [
  syntaxHighlighting(highlight),
  EditorView.theme({
    '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--surface)', fontSize: '13px' },
    '&.cm-focused': { outline: 'none' },
    '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55' },
    '.cm-content': { caretColor: 'var(--text)', padding: '0.5rem 0' },
    '.cm-cursor': { borderLeftColor: 'var(--text)' },
    '.cm-gutters': { color: 'var(--text-soft)', backgroundColor: 'var(--surface)', border: 'none' },
    '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: code('#0000000a', '#ffffff0f') },
    '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, .cm-content ::selection': {
      backgroundColor: code('#b9d7ff', '#2f4f7d'),
    },
    '.cm-selectionMatch': { backgroundColor: code('#dff0d8', '#33503a') },
    '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: code('#d5e8d8', '#36543f'), outline: '1px solid var(--line)' },
    '.cm-tooltip': {
      color: 'var(--text)',
      backgroundColor: 'var(--raised)',
      border: '1px solid var(--line)',
      borderRadius: '6px',
      boxShadow: '0 4px 16px #00000033',
      maxWidth: 'min(36rem, 90vw)',
    },
    '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxWidth: 'min(28rem, 90vw)' },
    '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '0.2rem 0.5rem' },
    '.cm-tooltip-autocomplete ul li[aria-selected]': { color: 'var(--on-accent)', backgroundColor: 'var(--accent)' },
    '.cm-completionInfo': { padding: '0.5rem 0.75rem', maxWidth: 'min(26rem, 80vw)' },
    '.cm-type': { fontFamily: 'var(--mono)', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', margin: '0', maxHeight: '12rem', overflow: 'auto' },
    '.cm-note': { margin: '0.35rem 0 0', color: 'var(--text-soft)' },
    '.cm-tooltip-hover': { padding: '0.5rem 0.75rem' },
    '.cm-tooltip-lint': { padding: '0', listStyle: 'none', margin: '0' },
    '.cm-diagnostic': { padding: '0.4rem 0.75rem' },
    '.cm-panels': { color: 'var(--text)', backgroundColor: 'var(--raised)' },
    '.cm-panels.cm-panels-bottom': { borderTop: '1px solid var(--line)' },
    '.cm-textfield': { color: 'var(--text)', backgroundColor: 'var(--surface)', border: '1px solid var(--line)', fontSize: '0.875rem' },
    '.cm-button': { color: 'var(--text)', background: 'var(--surface)', border: '1px solid var(--line)', fontSize: '0.875rem' },
    '.cm-changedLine': { backgroundColor: code('#e3f3e6', '#1d3a28') },
    '.cm-deletedChunk': { backgroundColor: code('#fce8e8', '#45232a') },
    '.cm-mergeView, .cm-mergeViewEditors': { height: '100%' },
    '.cm-collapsedLines': { color: 'var(--text-soft)', background: 'var(--raised)' },
  }),
];
