import { autocompletion, type Completion, type CompletionSource } from '@codemirror/autocomplete';
import { indentWithTab } from '@codemirror/commands';
import { javascript, javascriptLanguage } from '@codemirror/lang-javascript';
import { lintGutter, linter } from '@codemirror/lint';
import type { Extension } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { tsFacetWorker, tsHoverWorker, tsSyncWorker } from '@valtown/codemirror-ts';
import type { Choice, RemoteService } from './service';

const KINDS: Record<string, string> = { const: 'constant', let: 'variable', var: 'variable', getter: 'property', setter: 'property', module: 'namespace', string: 'text' };

function described(declaration: string, note: string): HTMLElement {
  const out = document.createElement('div');
  const code = out.appendChild(document.createElement('pre'));
  code.className = 'cm-type';
  code.textContent = declaration;
  if (note) {
    const words = out.appendChild(document.createElement('p'));
    words.className = 'cm-note';
    words.textContent = note;
  }
  return out;
}

function completion({ name, kind, order, ours, old }: Choice, about: (name: string) => Promise<HTMLElement | null>): Completion {
  return {
    label: name,
    type: KINDS[kind] ?? kind,
    // Near names first, then those of the runtime, then those of the language.
    boost: (order <= '11' ? 20 : 0) + (ours ? 10 : 0) - (old ? 40 : 0),
    info: () => about(name),
  };
}

function completions(path: string, service: RemoteService): CompletionSource {
  return async (context) => {
    const word = context.matchBefore(/[\w$]+$/);
    const member = context.matchBefore(/[.'"`]$/);
    if (!word && !member && !context.explicit) return null;
    const position = context.pos;
    const found = await service.complete(path, position);
    if (!found || context.aborted) return null;
    const about = async (name: string) => {
      const details = await service.describe(path, position, name);
      return details && described(details.declaration, details.note);
    };
    return {
      from: found.from ?? word?.from ?? position,
      options: found.choices.map((choice) => completion(choice, about)),
      validFor: /^[\w$.]*$/,
    };
  };
}

/** JavaScript with the names and types of the scenario runtime. */
export function scenario(path: string, service: RemoteService): Extension {
  return [
    tsFacetWorker.of({ path, worker: service }),
    tsSyncWorker(),
    javascriptLanguage.data.of({ autocomplete: completions(path, service) }),
    autocompletion({ maxRenderedOptions: 200, icons: false }),
    linter(async () => service.getLints({ path, diagnosticCodesToIgnore: [] }), { delay: 500 }),
    lintGutter(),
    tsHoverWorker({
      renderTooltip: ({ quickInfo }) => {
        const words = (parts: readonly { text: string }[] = []) => parts.map(({ text }) => text).join('');
        return { dom: described(words(quickInfo?.displayParts), words(quickInfo?.documentation)) };
      },
    }),
  ];
}

export const language: Extension = [javascript(), keymap.of([indentWithTab]), EditorView.contentAttributes.of({ spellcheck: 'false', autocorrect: 'off', autocapitalize: 'off', translate: 'no' })];
