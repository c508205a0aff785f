"""Cuts texts with jieba. Usage: jieba_cut.py CACHE_FOLDER DICTIONARY [USER_DICTIONARY...]

Prints the sum of the frequencies. Then one text a line comes in as a JSON string; out come two lines, the
lengths of its parts in UTF-16 units with the HMM and without it.
"""

import json
import logging
import sys

import jieba

jieba.setLogLevel(logging.WARNING)
tokenizer = jieba.Tokenizer(sys.argv[2])
tokenizer.tmp_dir = sys.argv[1]
for user_dictionary in sys.argv[3:]:
    tokenizer.load_userdict(user_dictionary)
tokenizer.initialize()
print(tokenizer.total)
for line in sys.stdin:
    text = json.loads(line)
    for hmm in (True, False):
        print(*(len(part.encode("utf-16-le", "surrogatepass")) // 2 for part in tokenizer.cut(text, HMM=hmm)))
