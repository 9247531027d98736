// As much of VS Code as the extension's parts touch: it remembers what it is told.

type Listener<T> = (event: T) => unknown;

export class EventEmitter<T> {
  private readonly listeners: Listener<T>[] = [];
  readonly event = (listener: Listener<T>) => { this.listeners.push(listener); return { dispose() {} }; };
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
  onDidChangeTextEditorSelection: selections.event,
  async showTextDocument(document: { uri: Uri; languageId: string }) {
    const editor = new Editor(document);
    window.visibleTextEditors.push(editor);
    return editor;
  },
};
export const workspace = {
  registerTextDocumentContentProvider: () => ({ dispose() {} }),
  async openTextDocument(uri: Uri) { return { uri, languageId: uri.scheme === 'file' ? 'iflux' : 'yaml' }; },
};
