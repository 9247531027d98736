// The manifests of the block under the cursor, beside the source. The cursor of either is followed in the other.

import * as vscode from 'vscode';

import { type Page, linesOf, originOf, page } from './manifests';
import type { Place, Preview } from './protocol';

const SCHEME = 'iflux-preview';
const PAGE = vscode.Uri.from({ scheme: SCHEME, path: '/manifests.yaml' });

/** Asks the server; throws what the server refuses with. */
export type Ask = <T>(command: string, argument: unknown) => Promise<T>;

export class Manifests implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private shown: Page = { text: '', origins: new Map() };
  private readonly marked = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
  });
  private readonly owned: vscode.Disposable[] = [this.changed, this.marked];
  private asked = 0;

  constructor(private readonly ask: Ask) {
    this.owned.push(
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.window.onDidChangeTextEditorSelection(event => this.follow(event)),
    );
  }

  dispose(): void {
    this.owned.forEach(it => it.dispose());
  }

  provideTextDocumentContent(): string {
    return this.shown.text;
  }

  /** Opens the preview for the place of the cursor. */
  async open(editor: vscode.TextEditor): Promise<void> {
    await this.refresh(editor, true);
    const document = await vscode.workspace.openTextDocument(PAGE);
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
    this.mark(editor);
  }

  private panel(): vscode.TextEditor | undefined {
    return vscode.window.visibleTextEditors.find(editor => editor.document.uri.scheme === SCHEME);
  }

  private async follow(event: vscode.TextEditorSelectionChangeEvent): Promise<void> {
    const panel = this.panel();
    if (!panel) return;
    // What the preview moves itself has no kind: only people's moves are followed, so the two never chase one another.
    if (event.kind === undefined) return;
    if (event.textEditor.document.uri.scheme === SCHEME) {
      await this.reveal(event.textEditor.selection.active.line);
    } else if (event.textEditor.document.languageId === 'iflux') {
      await this.refresh(event.textEditor, false);
      this.mark(event.textEditor);
    }
  }

  /** Asks for the block's manifests. While the program has errors, those that were shown last stay. */
  private async refresh(editor: vscode.TextEditor, speaks: boolean): Promise<void> {
    const turn = ++this.asked;
    try {
      const preview = await this.ask<Preview>('iflux.preview', place(editor));
      if (turn !== this.asked) return;
      this.shown = page(preview);
      this.changed.fire(PAGE);
    } catch (error) {
      if (speaks) throw error;
    }
  }

  private mark(editor: vscode.TextEditor): void {
    const panel = this.panel();
    if (!panel) return;
    const lines = linesOf(this.shown, editor.document.uri.toString(), editor.selection.active);
    const ranges = lines.map(line => new vscode.Range(line, 0, line, 0));
    panel.setDecorations(this.marked, ranges);
    if (ranges[0]) panel.revealRange(ranges[0], vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  /** Shows the place that wrote a line of the preview. */
  private async reveal(line: number): Promise<void> {
    const origin = originOf(this.shown, line);
    if (!origin) return;
    const uri = vscode.Uri.parse(origin.uri);
    const { start, end } = origin.range;
    const range = new vscode.Range(start.line, start.character, end.line, end.character);
    const open = vscode.window.visibleTextEditors.find(it => it.document.uri.toString() === uri.toString());
    const editor = open ?? await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), {
      viewColumn: vscode.ViewColumn.One, preserveFocus: true,
    });
    editor.setDecorations(this.marked, [range]);
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
}

/** The place of an editor's cursor, as the protocol says it. */
export function place(editor: vscode.TextEditor): Place {
  const { line, character } = editor.selection.active;
  return { textDocument: { uri: editor.document.uri.toString() }, position: { line, character } };
}
