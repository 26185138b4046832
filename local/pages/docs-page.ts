import { openApi } from '#shared/contracts/openapi.ts';
import { escaped as text } from '#shared/report/html/markup.ts';
import { STYLE } from '#shared/report/html/style.ts';
import { capital } from '#shared/report/say.ts';
import type { Pages } from '../stand-ins/http-server.ts';

type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
} & Readonly<Record<string, unknown>>;
type Content = Readonly<Record<string, { readonly schema?: Schema }>>;
type Operation = {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly { name: string; in: string; description?: string }[];
  readonly requestBody?: { readonly description: string; readonly content: Content };
  readonly responses: Readonly<Record<string, { $ref?: string; description?: string; content?: Content }>>;
};
type Document = {
  readonly info: { title: string; summary: string; description: string };
  readonly tags: readonly { name: string; description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Operation['responses'];
  };
};

/** The OpenAPI document as a page: no script, nothing from elsewhere. */
export const docsPage: Pages = (request, response) => {
  if (request.method !== 'GET' || request.url !== '/v1/docs') return false;
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  });
  response.end(docsHtml(openApi() as unknown as Document));
  return true;
};

export function docsHtml({ info, tags, paths, components }: Document): string {
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );
  const sections = tags.map(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name));
    return `<section><h2>${text(capital(name))}</h2><p>${text(description)}</p>${own.map((each) => section(each, components)).join('')}</section>`;
  });
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `<h3 id="${name}">${name}</h3><pre>${shape(schema)}</pre>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(info.title)} API</title><style>${STYLE}${OWN_STYLE}</style></head>
<body><header class="top"><p class="eyebrow"><a href="/">Stepladder</a></p><h1>${text(info.title)} API</h1>
<p class="lead">${text(info.summary)}. The same <a href="/v1/openapi.json">as OpenAPI 3.1</a>.</p></header>
<main>${prose(info.description)}${sections.join('')}<section><h2>Shapes</h2>${schemas.join('')}</section></main></body></html>`;
}

/** Beside the look of a report, which is the look of the house: an operation on a line, or under each other on a phone. */
const OWN_STYLE = `
a{color:var(--accent)}.eyebrow a{color:inherit}
main{padding-bottom:3rem}main>p:first-child{margin-top:1.6rem}
details{border-top:1px solid var(--line)}
summary{display:grid;grid-template-columns:4.6rem minmax(0,26rem) 1fr 1rem;gap:.1rem 1rem;align-items:baseline;padding:.55rem 0;cursor:pointer}
summary::after{content:"+";grid-area:1/-2;justify-self:end;color:var(--muted)}details[open]>summary::after{content:"−"}
summary b{color:var(--accent);font-size:.8rem;letter-spacing:.03em}
code,pre{font-family:ui-monospace,monospace;font-size:.86rem;overflow-wrap:anywhere}
pre,dd code{white-space:pre-wrap}
pre{background:var(--wash);padding:.8rem 1rem;border-radius:.4rem}
dl{margin:0 0 1.2rem}dt{font-weight:600}dd{margin:0 0 .5rem}
@media (max-width:46rem){summary{grid-template-columns:4.6rem 1fr 1rem}summary span{grid-column:1/-1}}`;

type Row = { readonly path: string; readonly method: string; readonly operation: Operation };

function section({ path, method, operation }: Row, components: Document['components']): string {
  const { summary, description, parameters = [], requestBody, responses } = operation;
  const given = parameters.map(
    ({ name, in: where, description: about }) => `<dt>${text(name)} (${where})</dt><dd>${text(about ?? '')}</dd>`,
  );
  const answers = Object.entries(responses).map(([status, each]) => {
    const response = each.$ref ? (components.responses[each.$ref.split('/').at(-1) ?? ''] ?? each) : each;
    return `<dt>${status}</dt><dd>${text(response.description ?? '')} ${contents(response.content)}</dd>`;
  });
  return `<details id="${operation.operationId}"><summary><b>${method.toUpperCase()}</b> <code>${text(path)}</code> <span>${text(summary)}</span></summary>
${description ? prose(description) : ''}<dl>${given.join('')}${requestBody ? `<dt>body</dt><dd>${text(requestBody.description)} ${contents(requestBody.content)}</dd>` : ''}
${answers.join('')}</dl></details>`;
}

const contents = (content: Content = {}): string =>
  Object.entries(content)
    .map(([type, { schema }]) => `<code>${text(type)}</code> ${schema ? `<code>${shape(schema)}</code>` : ''}`)
    .join(' ');

/** A schema the way a person would write it down. */
function shape(schema: Schema, indent = ''): string {
  const { $ref, anyOf, oneOf, items, properties, required = [], additionalProperties } = schema;
  const name = $ref?.split('/').at(-1);
  if (name) return `<a href="#${name}">${name}</a>`;
  const choices = anyOf ?? oneOf;
  if (choices) return choices.map((each) => shape(each, indent)).join(' | ');
  if (schema.const !== undefined) return text(JSON.stringify(schema.const));
  if (schema.enum) return text(schema.enum.map((each) => JSON.stringify(each)).join(' | '));
  if (items) return `[${shape(items, indent)}${limits(schema)}]`;
  if (properties) {
    const inner = `${indent}  `;
    const lines = Object.entries(properties).map(
      ([key, each]) => `${inner}${text(key)}${required.includes(key) ? '' : '?'}: ${shape(each, inner)}`,
    );
    return `{\n${lines.join('\n')}\n${indent}}`;
  }
  if (typeof additionalProperties === 'object') return `{ [name]: ${shape(additionalProperties, indent)} }`;
  return `${text([schema.type ?? 'anything'].flat().join(' | '))}${limits(schema)}`;
}

const LIMITS = ['minLength', 'maxLength', 'minimum', 'maximum', 'minItems', 'maxItems', 'pattern', 'format', 'default'];

function limits(schema: Schema): string {
  const stated = LIMITS.filter(
    (name) => schema[name] !== undefined && Math.abs(Number(schema[name])) !== Number.MAX_SAFE_INTEGER,
  );
  return stated.length === 0
    ? ''
    : ` (${stated.map((name) => text(`${name} ${JSON.stringify(schema[name])}`)).join(', ')})`;
}

const prose = (markdown: string): string =>
  markdown
    .split('\n\n')
    .map((paragraph) => `<p>${text(paragraph).replace(/`([^`]+)`/g, '<code>$1</code>')}</p>`)
    .join('');
