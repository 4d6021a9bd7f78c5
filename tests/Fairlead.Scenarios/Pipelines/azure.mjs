// Reads {schema, files: [{name, text}]} on its standard input and writes what Azure's own language service has against a file, one in a line.
import fs from 'node:fs';
import * as node from 'node:module';
// They write of what they do.
console.log = () => {};
// As they are and not bundled: their packages ask for their own parts by paths that no bundle knows.
const load = node.createRequire(import.meta.url);
const service = load('azure-pipelines-language-service');
const parser = load('azure-pipelines-language-service/lib/parser/yamlParser');
const { TextDocument } = load('vscode-json-languageservice');
const { schema, files } = JSON.parse(fs.readFileSync(0, 'utf8'));
const language = service.getLanguageService(() => Promise.resolve(JSON.stringify(schema)), [], null, { resolveRelativePath: (_, path) => path });
language.configure({ validate: true, schemas: [{ uri: 'file:///schema.json', fileMatch: ['*.yml'], schema }] });
for (const { name, text } of files) {
    const document = TextDocument.create(`file:///${encodeURIComponent(name)}.yml`, 'yaml', 1, text);
    for (const one of await language.doValidation(document, parser.parse(text))) process.stdout.write(`${name}:${one.range.start.line + 1}: ${one.message}\n`);
}
