// Reads a list of {name, text} on its standard input and writes what GitHub's own parser finds wrong, one in a line.
import { NoOperationTraceWriter, convertWorkflowTemplate, parseWorkflow } from '@actions/workflow-parser';
import fs from 'node:fs';
for (const { name, text } of JSON.parse(fs.readFileSync(0, 'utf8'))) {
    const parsed = parseWorkflow({ name, content: text }, new NoOperationTraceWriter());
    const found = parsed.context.errors.getErrors().map(one => one.message);
    if (parsed.value) {
        const template = await convertWorkflowTemplate(parsed.context, parsed.value);
        found.push(...(template.errors ?? []).map(one => one.Message ?? one.message));
    }
    for (const one of new Set(found)) console.log(`${name}: ${one}`);
}
