// Builds tokenizer.json objects from SentencePiece models and tiktoken ranks, cut to as many tokens as wanted.
import fs from 'node:fs';

export const gpt2Regex = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;
export const llama3Regex = String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
export const qwen2Regex = llama3Regex.replace('{1,3}', '');

export const added = (content, options = {}) =>
  ({ id: 0, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: false, ...options });
export const special = (content, options = {}) => added(content, { special: true, ...options });

export const tokenizer = (model, rest = {}) => ({
  version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer: null, pre_tokenizer: null,
  post_processor: null, decoder: null, model, ...rest,
});

// --- SentencePiece ---

function* fields(bytes) {
  let at = 0;
  const varint = () => { let v = 0, shift = 1; for (;;) { const b = bytes[at++]; v += (b & 127) * shift; if (b < 128) return v; shift *= 128; } };
  while (at < bytes.length) {
    const key = varint(), number = key >>> 3;
    if ((key & 7) === 0) yield [number, varint()];
    else if ((key & 7) === 5) { yield [number, bytes.readFloatLE(at)]; at += 4; }
    else if ((key & 7) === 1) at += 8;
    else { const length = varint(); yield [number, bytes.subarray(at, at + length)]; at += length; }
  }
}

export function readSentencePiece(file) {
  const model = { pieces: [], map: null };
  for (const [number, value] of fields(fs.readFileSync(file))) {
    if (number === 1) {
      const piece = { text: '', score: 0, type: 1 };
      for (const [n, v] of fields(value)) { if (n === 1) piece.text = v.toString(); if (n === 2) piece.score = v; if (n === 3) piece.type = v; }
      model.pieces.push(piece);
    } else if (number === 3) {
      for (const [n, v] of fields(value)) if (n === 2) model.map = v.toString('base64');
    }
  }
  return model;
}

export function bpeOfPieces(pieces, options = {}) {
  const vocab = Object.fromEntries(pieces.map((piece, id) => [piece.text, id]));
  const has = text => Object.hasOwn(vocab, text);
  const merges = [];
  for (const { text, score, type } of pieces) {
    const characters = [...text];
    if (type !== 1) continue;
    for (let i = 1; i < characters.length; i++) {
      const left = characters.slice(0, i).join(''), right = characters.slice(i).join('');
      if (has(left) && has(right)) merges.push({ left, right, score, lefts: i, rights: characters.length - i });
    }
  }
  merges.sort((a, b) => b.score - a.score || b.lefts - a.lefts || b.rights - a.rights);
  return {
    type: 'BPE', dropout: null, unk_token: '<unk>', continuing_subword_prefix: null, end_of_word_suffix: null,
    fuse_unk: true, byte_fallback: true, ignore_merges: false, vocab,
    merges: merges.map(merge => options.pairs ? [merge.left, merge.right] : `${merge.left} ${merge.right}`),
  };
}

export const unigramOfPieces = (pieces, options = {}) =>
  ({ type: 'Unigram', unk_id: pieces.findIndex(piece => piece.type === 2), vocab: pieces.map(piece => [piece.text, piece.score]), byte_fallback: false, ...options });

// --- tiktoken ---

const printable = byte => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
const alphabet = [];
for (let byte = 0, next = 256; byte < 256; byte++) alphabet[byte] = String.fromCodePoint(printable(byte) ? byte : next++);

export function readRanks(file, count = Infinity) {
  const lines = fs.readFileSync(file, 'latin1').split('\n').filter(line => line);
  return lines.slice(0, count).map(line => Buffer.from(line.split(' ')[0], 'base64').toString('latin1'));
}

export function bpeOfRanks(tokens, options = {}) {
  const rank = new Map(tokens.map((token, id) => [token, id]));
  const write = token => [...token].map(c => alphabet[c.charCodeAt(0)]).join('');
  const merges = [];
  for (const [id, token] of tokens.entries()) {
    const parts = [...token];
    while (parts.length > 2) {
      let best = Infinity, at = -1;
      for (let i = 0; i + 1 < parts.length; i++) {
        const r = rank.get(parts[i] + parts[i + 1]) ?? Infinity;
        if (r < best && r < id) { best = r; at = i; }
      }
      if (at < 0) break;
      parts.splice(at, 2, parts[at] + parts[at + 1]);
    }
    if (parts.length === 2) merges.push([write(parts[0]), write(parts[1])]);
  }
  return {
    type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: false,
    byte_fallback: false, ignore_merges: false, vocab: Object.fromEntries(tokens.map((token, id) => [write(token), id])),
    merges: options.pairs ? merges : merges.map(pair => pair.join(' ')), ...options.model,
  };
}
export const byteAlphabet = alphabet;

// --- whole tokenizers ---

const fallbackDecoder = { type: 'Sequence', decoders: [
  { type: 'Replace', pattern: { String: '▁' }, content: ' ' }, { type: 'ByteFallback' }, { type: 'Fuse' },
  { type: 'Strip', content: ' ', start: 1, stop: 0 }] };
const template = (prefix, suffix) => ({
  type: 'TemplateProcessing',
  single: [...prefix.map(([id]) => ({ SpecialToken: { id, type_id: 0 } })), { Sequence: { id: 'A', type_id: 0 } },
    ...suffix.map(([id]) => ({ SpecialToken: { id, type_id: 0 } }))],
  pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
  special_tokens: Object.fromEntries([...prefix, ...suffix].map(([id, number]) => [id, { id, ids: [number], tokens: [id] }])),
});
const byteLevel = (prefix, regex) => ({ type: 'ByteLevel', add_prefix_space: prefix, trim_offsets: true, use_regex: regex });

export const llama2 = file => tokenizer(bpeOfPieces(readSentencePiece(file).pieces), {
  added_tokens: [special('<unk>'), special('<s>'), special('</s>')],
  normalizer: { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: '▁' }, { type: 'Replace', pattern: { String: ' ' }, content: '▁' }] },
  post_processor: template([['<s>', 1]], []), decoder: fallbackDecoder,
});
export const llama2Metaspace = file => tokenizer(bpeOfPieces(readSentencePiece(file).pieces, { pairs: true }), {
  added_tokens: [special('<unk>'), special('<s>'), special('</s>'), special('<pad>'), added('<extra word>', { normalized: true })],
  pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: false },
  post_processor: template([['<s>', 1]], [['</s>', 2]]), decoder: fallbackDecoder,
});
export const llama3 = (file, count) => tokenizer(bpeOfRanks(readRanks(file, count), { pairs: true, model: { ignore_merges: true } }), {
  added_tokens: [special('<|begin_of_text|>'), special('<|end_of_text|>'), special('<|eot_id|>')],
  pre_tokenizer: { type: 'Sequence', pretokenizers: [
    { type: 'Split', pattern: { Regex: llama3Regex }, behavior: 'Isolated', invert: false }, byteLevel(false, false)] },
  post_processor: { type: 'Sequence', processors: [byteLevel(true, true), template([['<|begin_of_text|>', 0]], [])] }, decoder: byteLevel(true, true),
});
export const gpt2 = (tokens, prefix) => tokenizer(bpeOfRanks(tokens), {
  added_tokens: [special('<|endoftext|>', { normalized: true })],
  pre_tokenizer: byteLevel(prefix, true), post_processor: byteLevel(true, false), decoder: byteLevel(true, true),
});
export const qwen2 = (file, count) => tokenizer(bpeOfRanks(readRanks(file, count)), {
  added_tokens: [special('<|endoftext|>'), special('<|im_start|>'), special('<|im_end|>'), added('<tool_call>')],
  normalizer: { type: 'NFC' },
  pre_tokenizer: { type: 'Sequence', pretokenizers: [
    { type: 'Split', pattern: { Regex: qwen2Regex }, behavior: 'Isolated', invert: false }, byteLevel(false, false)] },
  post_processor: byteLevel(false, false), decoder: byteLevel(false, false),
});
export const cohere = (file, count) => tokenizer(bpeOfRanks(readRanks(file, count)), {
  added_tokens: [special('<BOS_TOKEN>'), special('<|END_OF_TURN_TOKEN|>')],
  normalizer: { type: 'NFC' },
  pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Digits', individual_digits: true }, byteLevel(false, true)] },
  decoder: byteLevel(true, true),
});
const metaspace = (scheme, split = true) => ({ type: 'Metaspace', replacement: '▁', prepend_scheme: scheme, split });
export const unigram = file => {
  const { pieces, map } = readSentencePiece(file);
  return tokenizer(unigramOfPieces(pieces), {
    added_tokens: [...pieces.filter(piece => piece.type === 2 || piece.type === 3).map(piece => special(piece.text)),
      special('<mask>', { lstrip: true }), special('eng_Latn')],
    normalizer: { type: 'Sequence', normalizers: [
      { type: 'Precompiled', precompiled_charsmap: map }, { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' }] },
    pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, metaspace('always')] },
    decoder: metaspace('always'),
  });
};
export const unigramBytes = file => {
  const { pieces } = readSentencePiece(file);
  return tokenizer(unigramOfPieces(pieces, { byte_fallback: true }), {
    added_tokens: [special('</s>'), added('Ｋlein', { normalized: true })],
    normalizer: { type: 'Sequence', normalizers: [{ type: 'Nmt' }, { type: 'NFKC' }, { type: 'Strip', strip_left: true, strip_right: true }] },
    pre_tokenizer: metaspace('first'),
    decoder: { type: 'Sequence', decoders: [{ type: 'ByteFallback' }, metaspace('always')] },
  });
};
