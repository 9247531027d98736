// The extension: it starts `iflux lsp`, and shows what the server's commands answer.

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { LanguageClient, type LanguageClientOptions, type ServerOptions } from 'vscode-languageclient/node';

import { page } from './manifests';
import { picturePage } from './picture';
import { Manifests, place } from './preview';
import type { Explained, Preview, Why } from './protocol';

let client: LanguageClient | undefined;

function program(): string {
  return vscode.workspace.getConfiguration('iflux').get<string>('path', 'iflux');
}

function makeClient(): LanguageClient {
  const server: ServerOptions = { command: program(), args: ['lsp'] };
  const options: LanguageClientOptions = {
    documentSelector: [{ scheme: 'file', language: 'iflux' }],
    // What a lens runs in the server has an answer that people want to see.
    middleware: {
      executeCommand: async (command, given, next) => {
        const answer: unknown = await next(command, given);
        if (command === 'iflux.explain') await show((answer as Explained).text, 'markdown');
        if (command === 'iflux.why') await show((answer as Why).text, 'plaintext');
        if (command === 'iflux.preview') await show(page(answer as Preview).text, 'yaml');
        return answer;
      },
    },
  };
  return new LanguageClient('iflux', 'InfraFlux', server, options);
}

async function ask<T>(command: string, argument: unknown): Promise<T> {
  if (!client) throw new Error('the language server does not run');
  return client.sendRequest<T>('workspace/executeCommand', { command, arguments: [argument] });
}

/** Runs a command of this extension, and tells what it fails with. */
function told(run: () => Promise<void>): () => Promise<void> {
  return async () => {
    try {
      await run();
    } catch (error) {
      await vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    }
  };
}

function editor(): vscode.TextEditor {
  const active = vscode.window.activeTextEditor;
  if (active?.document.languageId !== 'iflux') throw new Error('open an iflux file first');
  return active;
}

async function show(text: string, language: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ content: text, language });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true });
}

async function graph(): Promise<void> {
  const folder = path.dirname(editor().document.uri.fsPath);
  const svg = await new Promise<string>((done, fail) => {
    execFile(program(), ['graph', '--format', 'svg', folder], { maxBuffer: 64 << 20 }, (error, out, complaint) => {
      if (error) fail(new Error(complaint.trim() || error.message));
      else done(out);
    });
  });
  const panel = vscode.window.createWebviewPanel('iflux.graph', 'Graph', vscode.ViewColumn.Beside, { enableScripts: true });
  panel.webview.html = picturePage(svg, randomBytes(16).toString('hex'));
}

/** The code of the finding under the cursor, or what is typed. */
async function code(): Promise<string | undefined> {
  const active = vscode.window.activeTextEditor;
  const found = active && vscode.languages.getDiagnostics(active.document.uri)
    .find(it => it.range.contains(active.selection.active))?.code;
  const known = typeof found === 'object' ? found.value : found;
  return known?.toString() ?? vscode.window.showInputBox({ prompt: 'Which code?', placeHolder: 'type/mismatch' });
}

async function explain(): Promise<void> {
  const wanted = await code();
  if (wanted) await show((await ask<Explained>('iflux.explain', { code: wanted })).text, 'markdown');
}

async function why(): Promise<void> {
  await show((await ask<Why>('iflux.why', place(editor()))).text, 'plaintext');
}

async function stop(): Promise<void> {
  const last = client;
  client = undefined;
  // A client that could not start, or whose server is gone, refuses to be stopped: a next one may do better.
  await last?.dispose().catch(() => undefined);
}

async function restart(): Promise<void> {
  await stop();
  client = makeClient();
  await client.start();
}

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const manifests = new Manifests(ask);
  context.subscriptions.push(
    manifests,
    vscode.commands.registerCommand('iflux.preview.open', told(() => manifests.open(editor()))),
    vscode.commands.registerCommand('iflux.graph.open', told(graph)),
    vscode.commands.registerCommand('iflux.explain.open', told(explain)),
    vscode.commands.registerCommand('iflux.why.open', told(why)),
    vscode.commands.registerCommand('iflux.restart', told(restart)),
    vscode.workspace.onDidChangeConfiguration(async event => {
      if (event.affectsConfiguration('iflux.path')) await told(restart)();
    }),
  );
  await told(restart)();
}

export async function deactivate(): Promise<void> {
  await stop();
}
