import { MergeView, unifiedMergeView } from '@codemirror/merge';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { shadowOf } from './CodeEditor';
import { language } from './extensions';
import { theme } from './theme';

export interface DifferenceProps {
  /** Accessible names of the two texts. */
  beforeLabel: string;
  afterLabel: string;
  before: string;
  after: string;
}

/** Below this width (CSS px) the two texts are shown as one, with what was taken away above what was added. */
const SIDE_BY_SIDE = 800;

/** Two texts and what changed between them, read-only. */
export default function Difference({ beforeLabel, afterLabel, before, after }: DifferenceProps) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!host.current) return;
    const root = shadowOf(host.current);
    const shared = (label: string): Extension => [
      lineNumbers(),
      language,
      theme,
      EditorState.readOnly.of(true),
      EditorView.contentAttributes.of({ 'aria-label': label }),
    ];
    const collapseUnchanged = { margin: 3, minSize: 6 };
    let shown: MergeView | EditorView;
    if (host.current.clientWidth >= SIDE_BY_SIDE) {
      shown = new MergeView({
        root,
        parent: root,
        a: { doc: before, extensions: shared(beforeLabel) },
        b: { doc: after, extensions: shared(afterLabel) },
        collapseUnchanged,
      });
    } else {
      shown = new EditorView({
        root,
        parent: root,
        state: EditorState.create({
          doc: after,
          extensions: [shared(afterLabel), EditorView.lineWrapping, unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged })],
        }),
      });
    }
    return () => shown.destroy();
  }, [beforeLabel, afterLabel, before, after]);
  return <div ref={host} className="code-difference" />;
}
