import { diagnosticCount } from '@codemirror/lint';
import { Compartment, EditorState, Prec } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { basicSetup } from 'codemirror';
import { useEffect, useImperativeHandle, useRef, type Ref } from 'react';
import { language, scenario } from './extensions';
import { service, type Problem, type Source } from './service';
import { theme } from './theme';

export interface CodeEditorHandle {
  text(): string;
  /** The first syntax error of the text, with its line from 1. */
  syntaxError(): Promise<(Problem & { line: number }) | undefined>;
  goTo(position: number): void;
  focus(): void;
}

export interface CodeEditorProps {
  ref?: Ref<CodeEditorHandle>;
  /** The accessible name. */
  label: string;
  /** The id of the element that says how to leave the editor by keyboard. */
  describedBy?: string;
  /** A new one starts a new editor. */
  path: string;
  initialText: string;
  /** The rule's other scenarios, whose globals this one sees. */
  others?: Source[];
  readOnly?: boolean;
  onChange?: (text: string) => void;
  /** How many remarks the editor shows. */
  onProblems?: (count: number) => void;
  onSave?: () => void;
}

// The editor lives in a shadow root: there its style sheets are constructed, which the Content-Security-Policy allows.
export function shadowOf(host: HTMLElement): ShadowRoot {
  return host.shadowRoot ?? host.attachShadow({ mode: 'open', delegatesFocus: true });
}

/** A code editor for scenarios. Load it lazily: it brings CodeMirror, and starts the TypeScript service. */
export default function CodeEditor({ ref, label, describedBy, path, initialText, others, readOnly, onChange, onProblems, onSave }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const now = useRef({ onChange, onProblems, onSave, initialText, others });
  now.current = { onChange, onProblems, onSave, initialText, others };

  useEffect(() => {
    if (!host.current) return;
    const element = host.current;
    const root = shadowOf(element);
    // From outside, the shadow root looks like no text field: what is typed must not be taken for the page's shortcuts.
    const typed = (event: KeyboardEvent) => {
      if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
    };
    element.addEventListener('keydown', typed);
    const attributes: Record<string, string> = { 'aria-label': label };
    const hint = describedBy && document.getElementById(describedBy)?.textContent;
    // An id cannot be referred to from inside a shadow root.
    if (hint) attributes['aria-description'] = hint;
    const types = new Compartment();
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: now.current.initialText,
        extensions: [
          basicSetup,
          language,
          theme,
          types.of([]),
          EditorView.contentAttributes.of(attributes),
          EditorState.readOnly.of(!!readOnly),
          Prec.highest(keymap.of([{ key: 'Mod-s', preventDefault: true, run: () => (now.current.onSave?.(), true) }])),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) now.current.onChange?.(update.state.doc.toString());
            const count = diagnosticCount(update.state);
            if (count !== diagnosticCount(update.startState)) now.current.onProblems?.(count);
          }),
        ],
      }),
    });
    view.current = editor;
    // One can type while the types are still loading.
    void service().then(async (remote) => {
      await remote.setSources([{ path, code: editor.state.doc.toString() }, ...(now.current.others ?? [])]);
      if (view.current === editor) editor.dispatch({ effects: types.reconfigure(scenario(path, remote)) });
    });
    return () => {
      view.current = null;
      element.removeEventListener('keydown', typed);
      editor.destroy();
    };
  }, [path, label, describedBy, readOnly]);

  const siblings = JSON.stringify(others ?? []);
  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    void service().then((remote) => {
      if (view.current === editor) void remote.setSources([{ path, code: editor.state.doc.toString() }, ...(JSON.parse(siblings) as Source[])]);
    });
  }, [path, siblings]);

  useImperativeHandle(ref, () => ({
    text: () => view.current?.state.doc.toString() ?? now.current.initialText,
    syntaxError: async () => {
      const editor = view.current;
      if (!editor) return undefined;
      const remote = await service();
      await remote.updateFile({ path, code: editor.state.doc.toString() || ' ' });
      const first = (await remote.syntax(path))[0];
      return first && { ...first, line: editor.state.doc.lineAt(Math.min(first.from, editor.state.doc.length)).number };
    },
    goTo: (position) => {
      const editor = view.current;
      if (!editor) return;
      const at = Math.min(position, editor.state.doc.length);
      editor.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) });
      editor.focus();
    },
    focus: () => view.current?.focus(),
  }));

  return <div ref={host} className="code-editor" />;
}
