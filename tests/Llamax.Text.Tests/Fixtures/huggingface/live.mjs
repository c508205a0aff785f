// Encodes and decodes with Hugging Face's own library (npm package tokenizers 0.23.2).
// node live.mjs MODULES TOKENIZER TEXTS OUTPUT: TEXTS is a JSON array of strings; OUTPUT receives {ids, texts}: each one's
// ids without those around a text, and their decoding without special tokens.
import fs from 'node:fs';
import { createRequire } from 'node:module';

const [modules, file, input, output] = process.argv.slice(2);
const { Tokenizer } = createRequire(modules + '/')('tokenizers');
const tokenizer = Tokenizer.fromFile(file);
const ids = [], texts = [];
for (const text of JSON.parse(fs.readFileSync(input, 'utf8'))) {
  const encoding = Array.isArray(text) ? text : (await tokenizer.encode(text, null, { addSpecialTokens: false })).getIds();
  ids.push(encoding);
  texts.push(await tokenizer.decode(encoding, true));
}
fs.writeFileSync(output, JSON.stringify({ ids, texts }));
