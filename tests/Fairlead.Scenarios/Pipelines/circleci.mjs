// Reads {schema, files: [{name, text}]} on its standard input and writes where a file is not what CircleCI's schema says, one in a line.
import Ajv from 'ajv';
import fs from 'node:fs';
import yaml from 'yaml';
const { schema, files } = JSON.parse(fs.readFileSync(0, 'utf8'));
const validate = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false }).compile(schema);
for (const { name, text } of files) {
    if (validate(yaml.parse(text))) continue;
    for (const one of new Set(validate.errors.map(error => `${error.instancePath} ${error.message}`))) console.log(`${name}: ${one}`);
}
