// Types dashboards as Grafana's own package does: `node check.mjs MODULES DASHBOARD.json..`, where MODULES is a folder `node_modules`
// with `@grafana/schema` and `typescript`. Each dashboard becomes a literal in TypeScript, so that unknown fields are errors, too.
// Prints what the compiler says, a line each, and exits with 1 then.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const [modules, ...files] = process.argv.slice(2);
const ts = createRequire(path.join(modules, 'x.js'))('typescript');
const types = path.join(modules, '@grafana/schema/dist/types');

// The types of panels' options, by what the dashboard calls them.
const panels = {
  timeseries: 'timeseries', stat: 'stat', gauge: 'gauge', bargauge: 'bargauge', table: 'table', heatmap: 'heatmap', logs: 'logs', text: 'text',
};

function panelTypes(type) {
  return path.join(types, `raw/composable/${panels[type]}/panelcfg/x`, fs.readdirSync(path.join(types, `raw/composable/${panels[type]}/panelcfg/x`)).find((name) => name.endsWith('.d.ts')));
}

// An enumeration of TypeScript takes none of the values that JSON has: it becomes the union of its values.
function opened(text) {
  return text.replace(/export (?:declare )?(?:const )?enum (\w+) \{([^}]*)\}/g, (_, name, body) => {
    const members = [...body.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/(\w+) = ("[^"]*"|'[^']*'|-?\d+)/g)];
    const named = members.map(([, member, value]) => `type ${member} = ${value};`).join(' ');
    return `export declare namespace ${name} { ${named} }\nexport type ${name} = ${members.map(([, , value]) => value).join(' | ') || 'never'};`;
  });
}

// The package has no types for queries of Prometheus and Loki: these are their fields.
const queries = `
interface Asked { refId: string; hide?: boolean; datasource: { type: string; uid: string }; editorMode?: 'code' | 'builder'; expr: string }
interface PrometheusQuery extends Asked { legendFormat?: string; format?: 'time_series' | 'table' | 'heatmap'; range?: boolean; instant?: boolean; exemplar?: boolean; interval?: string }
interface LokiQuery extends Asked { legendFormat?: string; queryType?: 'range' | 'instant' | 'stream'; maxLines?: number; step?: string; direction?: 'forward' | 'backward' | 'scan' }
`;

function source(dashboard) {
  const lines = [`import type { Dashboard, Panel } from '${path.join(types, 'raw/dashboard/x', fs.readdirSync(path.join(types, 'raw/dashboard/x')).find((name) => name.endsWith('.d.ts'))).replace(/\.d\.ts$/, '')}';`, queries];
  const used = new Set();
  const body = [];
  const panel = (it) => {
    if (it.type === 'row') return it.panels.forEach(panel);
    if (!(it.type in panels)) return body.push(`const type: never = ${JSON.stringify(it.type)};`);
    used.add(it.type);
    body.push(`{ const panel: Panel = ${JSON.stringify(it)}; }`);
    body.push(`{ const options: Partial<${it.type}.Options> = ${JSON.stringify(it.options)}; }`);
    const custom = it.fieldConfig.defaults.custom;
    if (custom !== undefined) body.push(`{ const custom: Partial<${it.type}.FieldConfig> = ${JSON.stringify(custom)}; }`);
    for (const target of it.targets ?? []) {
      const type = target.datasource?.type === 'loki' ? 'LokiQuery' : 'PrometheusQuery';
      body.push(`{ const target: ${type} = ${JSON.stringify(target)}; }`);
    }
  };
  (dashboard.panels ?? []).forEach(panel);
  for (const type of used) lines.push(`import type * as ${type} from '${panelTypes(type).replace(/\.d\.ts$/, '')}';`);
  return [...lines, `const dashboard: Dashboard = ${JSON.stringify(dashboard)};`, ...body, 'export {};'].join('\n');
}

const sources = new Map(files.map((file, index) => [path.join(modules, `dashboard-${index}.ts`), [file, source(JSON.parse(fs.readFileSync(file, 'utf8')))]]));
const options = { strict: true, noEmit: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };
const host = ts.createCompilerHost(options);
const read = host.readFile;
const read_source = (name) => sources.get(name)?.[1] ?? (name.startsWith(types) ? opened(read(name)) : read(name));
host.fileExists = ((known) => (name) => sources.has(name) || known(name))(host.fileExists);
host.readFile = read_source;
host.getSourceFile = (name, version) => {
  const text = read_source(name);
  return text === undefined ? undefined : ts.createSourceFile(name, text, version);
};
const program = ts.createProgram([...sources.keys()], options, host);
const found = ts.getPreEmitDiagnostics(program);
for (const it of found) {
  const name = it.file ? sources.get(it.file.fileName)?.[0] ?? it.file.fileName : 'types';
  const near = it.file && it.start !== undefined ? it.file.text.slice(it.start, it.start + Math.min(it.length ?? 0, 60)) : '';
  console.log(`${name}: ${near}: ${ts.flattenDiagnosticMessageText(it.messageText, ' ')}`);
}
process.exit(found.length === 0 ? 0 : 1);
