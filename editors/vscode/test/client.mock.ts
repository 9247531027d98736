// As much of the language client as the extension touches. Like the real one, it refuses to be stopped when it does not run.

interface Server { command: string; args: string[] }
type Next = (command: string, given: unknown[]) => Promise<unknown>;
interface Options { middleware: { executeCommand(command: string, given: unknown[], next: Next): Promise<unknown> } }

export class LanguageClient {
  static readonly made: LanguageClient[] = [];
  /** The only program that there is. */
  static installed = 'iflux';
  static answers: Record<string, unknown> = {};
  readonly requests: unknown[] = [];
  state: 'initial' | 'running' | 'failed' | 'stopped' = 'initial';

  constructor(_id: string, _name: string, readonly server: Server, readonly options: Options) {
    LanguageClient.made.push(this);
  }

  async start() {
    if (this.server.command !== LanguageClient.installed) {
      this.state = 'failed';
      throw new Error(`Launching server using command ${this.server.command} failed.`);
    }
    this.state = 'running';
  }

  async dispose() {
    if (this.state !== 'running') throw new Error(`Client is not running and can't be stopped. It's current state is: ${this.state}`);
    this.state = 'stopped';
  }

  async sendRequest(method: string, given: { command: string }) {
    this.requests.push([method, given]);
    if (!(given.command in LanguageClient.answers)) throw new Error(`no answer to ${given.command}`);
    return LanguageClient.answers[given.command];
  }
}
