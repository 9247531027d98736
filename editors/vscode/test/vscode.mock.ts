// As much of VS Code as the extension's parts touch: it remembers what it is told.

type Listener<T> = (event: T) => unknown;

export class EventEmitter<T> {
  private readonly listeners = new Set<Listener<T>>();
  readonly event = (listener: Listener<T>) => { this.listeners.add(listener); return { dispose: () => this.listeners.delete(listener) }; };
  fire(event: T) { this.listeners.forEach(it => it(event)); }
  dispose() {}
}
export class Position { constructor(readonly line: number, readonly character: number) {} }
export class Range {
  readonly start: Position;
  readonly end: Position;
  constructor(a: number, b: number, c: number, d: number) { this.start = new Position(a, b); this.end = new Position(c, d); }
}
export class ThemeColor { constructor(readonly id: string) {} }
export class Uri {
  constructor(readonly scheme: string, readonly path: string) {}
  static from(parts: { scheme: string; path: string }) { return new Uri(parts.scheme, parts.path); }
  static parse(text: string) { const at = text.indexOf(':'); return new Uri(text.slice(0, at), text.slice(at + 1).replace(/^\/\//, '')); }
  get fsPath() { return this.path; }
  toString() { return `${this.scheme}:${this.scheme === 'file' ? '//' : ''}${this.path}`; }
}
export const ViewColumn = { One: 1, Beside: -2 };
export const TextEditorRevealType = { InCenterIfOutsideViewport: 2 };
export const TextEditorSelectionChangeKind = { Keyboard: 1, Mouse: 2, Command: 3 };

export class Editor {
  readonly decorations: Range[][] = [];
  readonly revealed: Range[] = [];
  selection = { active: new Position(0, 0) };
  constructor(readonly document: { uri: Uri; languageId: string }) {}
  setDecorations(_: unknown, ranges: Range[]) { this.decorations.push(ranges); }
  revealRange(range: Range) { this.revealed.push(range); }
}

export const selections = new EventEmitter<unknown>();
export const window = {
  visibleTextEditors: [] as Editor[],
  createTextEditorDecorationType: () => ({ dispose() {} }),
  activeTextEditor: undefined as Editor | undefined,
  onDidChangeTextEditorSelection: selections.event,
  async showTextDocument(document: { uri: Uri; languageId: string }) {
    const editor = new Editor(document);
    window.visibleTextEditors.push(editor);
    return editor;
  },
  errors: [] as string[],
  async showErrorMessage(text: string) { window.errors.push(text); },
  typed: undefined as string | undefined,
  async showInputBox() { return window.typed; },
  panels: [] as { webview: { html: string } }[],
  createWebviewPanel() {
    const panel = { webview: { html: '' } };
    window.panels.push(panel);
    return panel;
  },
};
export const languages = {
  findings: [] as { range: { contains(at: Position): boolean }; code: unknown }[],
  getDiagnostics: () => languages.findings,
};
const registered = new Map<string, () => Promise<void>>();
export const commands = {
  registerCommand(name: string, run: () => Promise<void>) { registered.set(name, run); return { dispose() {} }; },
  async run(name: string) { await registered.get(name)!(); },
};
export const settings = new EventEmitter<{ affectsConfiguration(name: string): boolean }>();
export const workspace = {
  registerTextDocumentContentProvider: () => ({ dispose() {} }),
  program: 'iflux',
  getConfiguration: () => ({ get: () => workspace.program }),
  onDidChangeConfiguration: settings.event,
  opened: [] as { content: string; language: string }[],
  async openTextDocument(it: Uri | { content: string; language: string }) {
    if (it instanceof Uri) return { uri: it, languageId: it.scheme === 'file' ? 'iflux' : 'yaml' };
    workspace.opened.push(it);
    return { uri: new Uri('untitled', '/1'), languageId: it.language };
  },
};
