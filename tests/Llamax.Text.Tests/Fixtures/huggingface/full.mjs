// node full.mjs SHARED OUT: whole tokenizers of the families, for the long comparison.
import fs from 'node:fs';
import path from 'node:path';
import * as parts from './parts.mjs';

const [shared, out] = process.argv.slice(2);
const data = path.join(shared, 'data', 'tokenizers');
const ranks = path.join(data, 'llama3_tokenizer.model');
const all = {
  llama2: parts.llama2(path.join(data, 'llama2_tokenizer.model')),
  'llama2-metaspace': parts.llama2Metaspace(path.join(data, 'llama2_tokenizer.model')),
  llama3: parts.llama3(ranks), gpt2: parts.gpt2(parts.readRanks(ranks, 50000), false),
  qwen2: parts.qwen2(ranks, 100000), cohere: parts.cohere(ranks, 100000),
  t5: parts.unigram(path.join(data, 't5_spiece.model')),
};
for (const [name, tokenizer] of Object.entries(all)) fs.writeFileSync(path.join(out, name + '.json'), JSON.stringify(tokenizer, null, 1));
