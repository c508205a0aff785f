// Makes cases.json: small tokenizers of every kind with the ids and texts of Hugging Face's own library.
// node make.mjs SHARED MODULES, where MODULES holds the npm package tokenizers 0.23.2.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import * as parts from './parts.mjs';
import { added, byteAlphabet, special, tokenizer } from './parts.mjs';

const [shared, modules] = process.argv.slice(2);
const library = createRequire(modules + '/')('tokenizers');
const version = createRequire(modules + '/')('tokenizers/package.json').version;
const toys = path.join(shared, 'fixtures', 'tokenizers');
const ranks = path.join(shared, 'data', 'tokenizers', 'llama3_tokenizer.model');
const tokens = parts.readRanks(ranks, 400);

const texts = [
  '', ' ', '  ', 'a', ' a', 'a ', 'Hello world', ' Hello  world ', 'The quick brown fox jumps over the lazy dog.',
  "I'm sure they'LL say it's we've done, don't you?", 'line one\nline two\r\n\r\n  three\t\tfour \n ', 'x\u00a0y\u3000z\u2003w\u2028v\u0085u',
  '1 12 123 1234 12345678 1.5e-10 ½ ² Ⅷ ١٢٣ ๑๒ ①', 'ÀÉÎõü ǅ ß ſt K Å İI ıi ﬁ ﬀ Ǆ', 'e\u0301 a\u0323\u0307 a\u0307\u0323 \u0301x ậ a\u0302\u0323 \u0345\u0301 \u0f73',
  '한국어 각 \u1100\u1161\u11a8 \u1100\u1161 \u1161\u11a8 ㄱ ﾡ', '日本語のテキスト、ﾃｽﾄ。 中文文本', 'สวัสดีชาวโลก ำ น\u0e49ำ', 'नमस्ते दुनिया क़ \u0915\u093c', 'مرحبا بالعالم ﷺ', 'שלום עולם',
  '👩‍👩‍👧‍👦 🇩🇪🇫🇷 👍🏽 ❤️', '𝒜𝓫𝟘 𐐀𐐨 🀄', '\u0000\u0001\u0008\u000b\u007f\u009f\u200b\u200d\u200e\ufeff\ufffd', 'a\u0000b', '▁ ▁▁ a▁b ▁a', '<0x41> <0xE2> <0x+F> <0x',
  'a<s>b</s>c', '<s>Hello</s> world', ' <s> Hello', '<s>', '<unk>', 'x<unk>y', 'pre<mask>post', 'pre <mask>  post', '  <mask>', '<mask><mask> <mask>',
  '<|begin_of_text|>Hello<|eot_id|>', '<|im_start|>user\nHi<|im_end|>', '<|endoftext|> a', '<tool_call>{"a": 1}</tool_call>', '<BOS_TOKEN>x', '<pad>y', 'an <extra word> here', 'AN <EXTRA WORD>',
  'word words sword a word, word', 'word\u0301 _word word_ ⓐword word\u200d', 'Ｋlein klein KLEIN Klein', 'eng_Latn Hello', 'left  LEFT right  RIGHT', 'LR  both  LR', 'ab abc abcd longest', 'nested<in>side',
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'abababababababab', ' '.repeat(40) + 'x',
  '..., !? --- (a)[b]{c} «d» “e” ¿f? $5 +6 =7 ^8 `9` ~', 'snake_case camelCase http://example.org/?q=1&r=2#x', 'a,b,,c,', ',,', 'a b  c', 'A\u030a B\u0308', 'mixed日本English한국123٤٥', 'ⅷ ⓐ ⒜ ㍿ ㋿ ꟲ',
  '\u0928\u093f\u0936\u094d\u091a\u092f ক্ষ', 'q\u0307\u0323\u0301\u0327'.repeat(6),
];
// Ids from whatever vocabulary, modulo its size, to be decoded.
const drawn = Array.from({ length: 12 }, (_, row) => Array.from({ length: 4 + row * 2 }, (_, i) => (row * 7919 + i * i * 104729 + i * 31) % 100003));

// A model over characters, for what stands before and behind a model.
const letters = [...' abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,!?_-▁'];
const toyMerges = ['a b', 'ab c', 't h', 'th e', 'o r', 'w or', 'wor d', 'l l', 'e ll', 'h ell', 'hell o', '▁ t', '▁ ▁', '▁▁ ▁▁', '1 2', '. .', 'Ġ t', 'w Ġ'];
const letterVocab = ['<unk>', ...letters, 'Ġ', 'Ċ', 'é', '語'];
const toy = (options = {}) => {
  const vocab = Object.fromEntries([...letterVocab, ...toyMerges.map(merge => merge.replace(' ', ''))].map((token, id) => [token, id]));
  return { type: 'BPE', dropout: null, unk_token: '<unk>', continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: false, byte_fallback: false, ignore_merges: false, vocab, merges: toyMerges, ...options };
};
const split = (pattern, behavior, invert = false) => ({ type: 'Split', pattern, behavior, invert });
const behaviors = ['Isolated', 'Removed', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'];
const sequence = (...pretokenizers) => ({ type: 'Sequence', pretokenizers });
const normalizers = (...list) => ({ type: 'Sequence', normalizers: list });
const metaspace = rest => ({ type: 'Metaspace', replacement: '▁', ...rest });
const byteLevel = (add_prefix_space, use_regex) => ({ type: 'ByteLevel', add_prefix_space, trim_offsets: true, use_regex });
const onToy = (rest, options) => tokenizer(toy(options), rest);
const flagged = [
  special('<s>'), special('<mask>', { lstrip: true }), special('LR', { lstrip: true, rstrip: true }), added('right', { rstrip: true }), added('left', { lstrip: true }),
  added('word', { single_word: true }), added('Klein', { normalized: true }), added('ab', {}), added('abcd', {}), added('<extra word>', { normalized: true }),
  special('<pad>', { normalized: true }), added('語', { single_word: true }), added('\n', {}),
];

const tokenizers = {
  llama2: parts.llama2(path.join(toys, 'llama_bpe.model')),
  'llama2-metaspace': parts.llama2Metaspace(path.join(toys, 'llama_bpe.model')),
  llama3: parts.llama3(ranks, 400), gpt2: parts.gpt2(tokens, false), 'gpt2-prefix': parts.gpt2(tokens, true),
  qwen2: parts.qwen2(ranks, 400), cohere: parts.cohere(ranks, 400),
  unigram: parts.unigram(path.join(toys, 'uni_nfkc.model')), 'unigram-bytes': parts.unigramBytes(path.join(toys, 't5_uni.model')),
  bare: onToy({}), 'bare-no-unknown': onToy({}, { unk_token: null }), 'bare-fused': onToy({}, { fuse_unk: true }), 'bare-whole': onToy({ pre_tokenizer: { type: 'WhitespaceSplit' } }, { ignore_merges: true }),
  'some-bytes': onToy({ decoder: { type: 'ByteFallback' } }, { byte_fallback: true, fuse_unk: true, vocab: { ...toy().vocab, ...Object.fromEntries([0xc3, 0x89, 0xa0, 0xe2, 0x80, 0xa6].map((byte, i) => [`<0x${byte.toString(16).toUpperCase()}>`, 500 + i])) } }),
  affixes: tokenizer(toy({
    continuing_subword_prefix: '##', end_of_word_suffix: '</w>', merges: ['a ##b', '##b ##c</w>', 'ab ##c</w>'],
    vocab: Object.fromEntries(['<unk>', 'a', '##b', '##c', '##c</w>', 'ab', 'abc</w>', '##bc</w>', 'b</w>', 'x</w>', '##x', '.</w>', 'H', '##e', '##l', '##o</w>'].map((token, id) => [token, id])),
  }), { pre_tokenizer: { type: 'Whitespace' }, decoder: { type: 'BPEDecoder', suffix: '</w>' } }),
  whitespace: onToy({ pre_tokenizer: { type: 'Whitespace' }, decoder: { type: 'WordPiece', prefix: '##', cleanup: true } }),
  'whitespace-split': onToy({ pre_tokenizer: { type: 'WhitespaceSplit' }, decoder: { type: 'WordPiece', prefix: 'h', cleanup: false } }),
  bert: onToy({ pre_tokenizer: { type: 'BertPreTokenizer' }, normalizer: { type: 'Lowercase' } }),
  digits: onToy({ pre_tokenizer: { type: 'Digits', individual_digits: false } }), 'digits-alone': onToy({ pre_tokenizer: { type: 'Digits', individual_digits: true } }),
  delimiter: onToy({ pre_tokenizer: { type: 'CharDelimiterSplit', delimiter: ',' } }),
  ...Object.fromEntries(behaviors.map(behavior => ['punctuation-' + behavior, onToy({ pre_tokenizer: { type: 'Punctuation', behavior } })])),
  ...Object.fromEntries(behaviors.flatMap(behavior => [
    ['split-literal-' + behavior, onToy({ pre_tokenizer: split({ String: 'ab' }, behavior) })],
    ['split-regex-' + behavior, onToy({ pre_tokenizer: split({ Regex: String.raw`[a-z]+|\d` }, behavior) })],
    ['split-inverted-' + behavior, onToy({ pre_tokenizer: split({ Regex: String.raw`\p{L}+|\s` }, behavior, true) })],
  ])),
  falcon: tokenizer({ ...parts.gpt2(tokens, false).model }, { pre_tokenizer: sequence({ type: 'Punctuation', behavior: 'Contiguous' }, byteLevel(false, true), { type: 'Digits', individual_digits: false }, split({ Regex: '[0-9][0-9][0-9]' }, 'Isolated')), decoder: byteLevel(true, true) }),
  'byte-level-normalizer': tokenizer({ ...parts.gpt2(tokens, false).model }, { normalizer: normalizers({ type: 'NFD' }, { type: 'ByteLevel' }), decoder: { type: 'Sequence', decoders: [byteLevel(true, true), { type: 'Strip', content: ' ', start: 2, stop: 0 }] } }),
  'metaspace-first': onToy({ pre_tokenizer: metaspace({ prepend_scheme: 'first', split: true }), decoder: metaspace({ prepend_scheme: 'first', split: true }), added_tokens: flagged }),
  'metaspace-always': onToy({ pre_tokenizer: metaspace({ prepend_scheme: 'always', split: false }), decoder: metaspace({ prepend_scheme: 'always' }), added_tokens: flagged }),
  'metaspace-never': onToy({ pre_tokenizer: metaspace({ prepend_scheme: 'never', split: true }), decoder: metaspace({ prepend_scheme: 'never' }), added_tokens: flagged }),
  'metaspace-legacy': onToy({ pre_tokenizer: metaspace({ add_prefix_space: true }), decoder: metaspace({ add_prefix_space: true }) }),
  'metaspace-stripped': onToy({ normalizer: { type: 'Strip', strip_left: true, strip_right: false }, pre_tokenizer: sequence({ type: 'WhitespaceSplit' }, metaspace({ prepend_scheme: 'first' })), decoder: metaspace({ prepend_scheme: 'first' }) }),
  'metaspace-replaced': onToy({ normalizer: { type: 'Replace', pattern: { Regex: '^ +' }, content: '' }, pre_tokenizer: metaspace({ prepend_scheme: 'first' }), decoder: metaspace({ prepend_scheme: 'first' }) }),
  added: onToy({ added_tokens: flagged, decoder: { type: 'Fuse' } }),
  'added-lowercase': onToy({ added_tokens: flagged, normalizer: normalizers({ type: 'Lowercase' }, { type: 'NFKC' }), pre_tokenizer: { type: 'WhitespaceSplit' } }),
  ...Object.fromEntries(['NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase', 'Nmt', 'StripAccents'].map(type => [type, onToy({ normalizer: type === 'StripAccents' ? normalizers({ type: 'NFD' }, { type }) : { type }, decoder: { type: 'Fuse' } }, {
    vocab: { ...toy().vocab, ...Object.fromEntries([...new Set([...texts.join('').normalize('NFKD'), ...texts.join('').normalize('NFKC'), ...texts.join('').toLowerCase()])].filter(c => !(c in toy().vocab)).map((c, i) => [c, 200 + i])) },
  })])),
  replace: onToy({ normalizer: normalizers({ type: 'Replace', pattern: { String: 'ab' }, content: 'ba' }, { type: 'Replace', pattern: { Regex: String.raw`\s+` }, content: ' ' }, { type: 'Prepend', prepend: '▁x' }), decoder: { type: 'Sequence', decoders: [{ type: 'Replace', pattern: { String: 'b' }, content: 'B<' }, { type: 'Replace', pattern: { String: 'th' }, content: '' }, { type: 'Fuse' }, { type: 'Replace', pattern: { Regex: '[0-9]+' }, content: '#' }, { type: 'Strip', content: '▁', start: 1, stop: 0 }] } }),
  strip: onToy({ normalizer: { type: 'Strip', strip_left: true, strip_right: true }, decoder: { type: 'Strip', content: 'a', start: 1, stop: 0 } }),
};

const result = { library: `tokenizers ${version} (npm)`, texts, drawn, tokenizers: [] };
for (const [name, json] of Object.entries(tokenizers)) {
  const loaded = library.Tokenizer.fromString(JSON.stringify(json));
  const model = json.model.vocab;
  const size = 1 + Math.max(...Object.values(Array.isArray(model) ? { n: model.length - 1 } : model));
  const ids = [], decoded = [], drawnDecoded = [];
  for (const text of texts) {
    const encoding = (await loaded.encode(text, null, { addSpecialTokens: false })).getIds();
    ids.push(encoding);
    decoded.push(await loaded.decode(encoding, true));
  }
  for (const row of drawn) drawnDecoded.push(await loaded.decode(row.map(id => id % size), true));
  const framed = (await loaded.encode('a', null, { addSpecialTokens: true })).getIds();
  result.tokenizers.push({ name, tokenizer: json, size, framed, ids, decoded, drawn: drawnDecoded });
}
const rows = value => '[\n' + value.map(item => '  ' + JSON.stringify(item)).join(',\n') + '\n]';
fs.writeFileSync(new URL('cases.json', import.meta.url),
  `{"library": ${JSON.stringify(result.library)},\n"texts": ${rows(texts)},\n"drawn": ${rows(drawn)},\n"tokenizers": ${rows(result.tokenizers)}}\n`);
