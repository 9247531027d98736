// All manifests of one resource as one text, and which of its lines come from which place of the source.

import type { ManifestFile, Origin, Position, Preview } from './protocol';

/** A text to show, and an origin for its lines, which count from 0. */
export interface Page { text: string; origins: Map<number, Origin> }

/** One file below the other, each with its path above it. */
export function page(preview: Preview): Page {
  const lines: string[] = [];
  const origins = new Map<number, Origin>();
  for (const file of preview.files) {
    if (lines.length > 0) lines.push('');
    lines.push(`# ${file.path}`);
    const start = lines.length;
    for (const origin of file.lines) {
      const at = start + origin.line;
      if (!origins.has(at)) origins.set(at, origin);
    }
    lines.push(...body(file));
  }
  return { text: lines.join('\n') + '\n', origins };
}

function body(file: ManifestFile): string[] {
  return file.text.replace(/\n$/, '').split('\n');
}

/** The lines that the place at the cursor wrote: of the narrowest ranges around it, else those of its line. */
export function linesOf(page: Page, uri: string, at: Position): number[] {
  const near = [...page.origins].filter(([, origin]) => origin.uri === uri);
  const around = near.filter(([, { range }]) => !isBefore(at, range.start) && !isBefore(range.end, at));
  const narrowest = Math.min(...around.map(([, { range }]) => height(range)));
  const found = around.filter(([, { range }]) => height(range) === narrowest);
  const chosen = found.length > 0 ? found : near.filter(([, { range }]) => range.start.line === at.line);
  return chosen.map(([line]) => line).sort((a, b) => a - b);
}

/** The origin of a line, or of the nearest line above it in the same file. */
export function originOf(page: Page, line: number): Origin | undefined {
  const lines = page.text.split('\n');
  for (let at = line; at >= 0 && !lines[at]?.startsWith('# '); at--) {
    const origin = page.origins.get(at);
    if (origin) return origin;
  }
  return undefined;
}

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

function height(range: { start: Position; end: Position }): number {
  return (range.end.line - range.start.line) * 10_000 + range.end.character - range.start.character;
}
