// Reads {context, expressions} on its standard input and writes what GitHub's own library says of each, one in a line.
import { Evaluator, Lexer, Parser, data } from '@actions/expressions';
import fs from 'node:fs';
const question = JSON.parse(fs.readFileSync(0, 'utf8'));
const context = JSON.parse(JSON.stringify(question.context), data.reviver);
const kinds = { 0: 'text', 1: 'row', 2: 'group', 3: 'truth', 4: 'number', 6: 'nothing' };
const plain = value => JSON.stringify(value, data.replacer);
const names = Object.keys(question.context);
for (const expression of question.expressions) {
    let answer;
    let tree;
    try {
        tree = new Parser(new Lexer(expression).lex().tokens, names, []).parse();
        if (tree === undefined) throw new Error('empty');
        try {
            const value = new Evaluator(tree, context).evaluate();
            const shown = value.kind === 1 || value.kind === 2 ? plain(value) : value.coerceString();
            answer = `${kinds[value.kind]} ${shown}`;
        } catch {
            answer = 'fails';
        }
    } catch {
        answer = 'unreadable';
    }
    console.log(JSON.stringify(answer));
}
