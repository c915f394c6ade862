/// <reference lib="webworker" />
// The TypeScript service, in a thread of its own: it knows the scenario runtime by our declarations and the language by the
// compiler's, and nothing of browsers or Node.
import { createSystem, createVirtualTypeScriptEnvironment, type VirtualTypeScriptEnvironment } from '@typescript/vfs';
import { createWorker } from '@valtown/codemirror-ts/worker';
import * as Comlink from 'comlink';
import ts from 'typescript';
// A file of its own, because it changes with the runtime and the rest of the worker, which is large, does not.
import runtime from './voxengine.d.ts?url';

const RUNTIME = '/voxengine.d.ts';

const libraries: Record<string, string> = import.meta.glob(
  ['/node_modules/typescript/lib/lib.es5.d.ts', '/node_modules/typescript/lib/lib.es20*.d.ts', '/node_modules/typescript/lib/lib.decorators*.d.ts', '!**/*.full.d.ts'],
  { query: '?raw', import: 'default', eager: true },
);

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  lib: ['lib.es2024.d.ts'],
  types: [],
  allowJs: true,
  checkJs: true,
  noEmit: true,
  strict: false,
  // A scenario is a script: what it declares is global, for the rule's other scenarios, too.
  moduleDetection: ts.ModuleDetectionKind.Legacy,
};

/**
 * What is worth a warning in plain JavaScript: names and members that do not exist, and calls that cannot work. Types that do
 * not fit are not, because the runtime takes numbers for texts and fills in what is left out.
 */
const WORTH_A_WARNING = new Set([
  2300, 2304, 2339, 2349, 2351, 2448, 2451, 2454, 2551, 2552, 2554, 2555, 2575, 2588, 2693, 7027,
]);
const UNKNOWN_MEMBER = new Set([2339, 2551]);

/** A remark about a place in the text; positions count UTF-16 units. */
export interface Problem {
  from: number;
  to: number;
  severity: 'error' | 'warning';
  message: string;
}

export interface Choice {
  name: string;
  kind: string;
  /** Lower is better, as the service sorts. */
  order: string;
  /** True for names of the scenario runtime. */
  ours: boolean;
  old: boolean;
}

/** A scenario by its path, such as `/12/greeting.js`. */
export interface Source {
  path: string;
  code: string;
}

let env: VirtualTypeScriptEnvironment;
let ownNames: Set<string>;
let open: string[] = [];

async function start(): Promise<VirtualTypeScriptEnvironment> {
  const files = new Map<string, string>([[RUNTIME, await (await fetch(runtime)).text()]]);
  for (const [path, text] of Object.entries(libraries)) files.set(path.slice(path.lastIndexOf('/')), text);
  env = createVirtualTypeScriptEnvironment(createSystem(files), [RUNTIME], ts, OPTIONS);
  const declared = env.languageService.getProgram()?.getSourceFile(RUNTIME)?.statements ?? [];
  ownNames = new Set(
    declared.flatMap((statement) => {
      if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map(({ name }) => name.getText());
      return ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isModuleDeclaration(statement) ? (statement.name?.text ?? []) : [];
    }),
  );
  return env;
}

const base = createWorker(start);
const textOf = (message: string | ts.DiagnosticMessageChain) => ts.flattenDiagnosticMessageText(message, '\n');

function problem(of: ts.Diagnostic, severity: Problem['severity']): Problem {
  const from = of.start ?? 0;
  return { from, to: from + (of.length ?? 0), severity, message: textOf(of.messageText) };
}

/** A member is missed only on things that a declaration describes: plain objects of scenarios grow as they please. */
function isDeclaredElsewhere(path: string, of: ts.Diagnostic): boolean {
  const program = env.languageService.getProgram();
  const file = program?.getSourceFile(path);
  if (!program || !file || of.start === undefined) return false;
  let node: ts.Node = file;
  for (let inner: ts.Node | undefined = file; inner; inner = ts.forEachChild(node, (child) => (child.getStart(file) <= of.start! && of.start! < child.end ? child : undefined))) node = inner;
  if (!ts.isPropertyAccessExpression(node.parent)) return false;
  const symbol = program.getTypeChecker().getTypeAtLocation(node.parent.expression).getSymbol();
  return !!symbol?.declarations?.every((declaration) => declaration.getSourceFile().isDeclarationFile);
}

function syntax(path: string): Problem[] {
  return env.getSourceFile(path) ? env.languageService.getSyntacticDiagnostics(path).map((of) => problem(of, 'error')) : [];
}

const service = {
  ...base,
  /** Makes these the only scenarios that the service knows: one rule's, which share their globals. */
  setSources(sources: Source[]) {
    for (const path of open) if (!sources.some((source) => source.path === path)) env.deleteFile(path);
    open = sources.map(({ path }) => path);
    for (const { path, code } of sources) base.updateFile({ path, code: code || ' ' });
  },
  syntax,
  getLints({ path }: { path: string }): Problem[] {
    if (!env.getSourceFile(path)) return [];
    const found = syntax(path);
    if (found.length > 0) return found;
    return env.languageService
      .getSemanticDiagnostics(path)
      .filter((of) => WORTH_A_WARNING.has(of.code) && (!UNKNOWN_MEMBER.has(of.code) || isDeclaredElsewhere(path, of)))
      .map((of) => problem(of, 'warning'));
  },
  complete(path: string, position: number): { from?: number; choices: Choice[] } | null {
    const found = env.getSourceFile(path) && env.languageService.getCompletionsAtPosition(path, position, {});
    if (!found) return null;
    const choices = found.entries
      .filter(({ kind }) => kind !== ts.ScriptElementKind.warning)
      .map(({ name, kind, kindModifiers = '', sortText }) => ({ name, kind, order: sortText, ours: ownNames.has(name), old: kindModifiers.includes('deprecated') }));
    const replaced = found.entries.find(({ replacementSpan }) => replacementSpan)?.replacementSpan ?? found.optionalReplacementSpan;
    return { from: replaced?.start, choices };
  },
  /** The declaration of a completion and what is known of it. */
  describe(path: string, position: number, name: string): { declaration: string; note: string } | null {
    const details = env.languageService.getCompletionEntryDetails(path, position, name, undefined, undefined, undefined, undefined);
    return details ? { declaration: ts.displayPartsToString(details.displayParts), note: ts.displayPartsToString(details.documentation) } : null;
  },
};

export type Service = typeof service;

Comlink.expose(service);
