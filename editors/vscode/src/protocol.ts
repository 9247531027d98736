// What the server's commands take and give: `src/lsp/commands.rs` of the project.

/** Where something stands, as the protocol counts: lines and UTF-16 units from 0. */
export interface Position { line: number; character: number }
export interface Range { start: Position; end: Position }

/** What a command is about. */
export interface Place { textDocument: { uri: string }; position: Position }

/** A line of a manifest, from 0, and the place in the source that decided it. */
export interface Origin { line: number; uri: string; range: Range }
export interface ManifestFile { path: string; text: string; lines: Origin[] }
export interface Preview { address: string; files: ManifestFile[] }
export interface Explained { code: string; text: string }
export interface Why { query: string; text: string }
