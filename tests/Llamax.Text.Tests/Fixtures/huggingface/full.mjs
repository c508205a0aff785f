// Whole tokenizers of the families, for the long comparison with the library.
import fs from 'node:fs';
import path from 'node:path';
import * as parts from './parts.mjs';

// data: the folder with llama2_tokenizer.model, llama3_tokenizer.model and t5_spiece.model. out: receives the tokenizer.json files.
export function build(data, out) {
  const ranks = path.join(data, 'llama3_tokenizer.model');
  const all = {
    llama2: parts.llama2(path.join(data, 'llama2_tokenizer.model')),
    'llama2-metaspace': parts.llama2Metaspace(path.join(data, 'llama2_tokenizer.model')),
    llama3: parts.llama3(ranks), gpt2: parts.gpt2(parts.readRanks(ranks, 50000), false),
    qwen2: parts.qwen2(ranks, 100000), cohere: parts.cohere(ranks, 100000),
    t5: parts.unigram(path.join(data, 't5_spiece.model')),
  };
  for (const [name, tokenizer] of Object.entries(all)) fs.writeFileSync(path.join(out, name + '.json'), JSON.stringify(tokenizer, null, 1));
}
