using CsCheck;
using Llamax.Text.Segmentation.Lexicons;

namespace Llamax.Text.Tests.Segmentation.Lexicons;

public sealed class WordTrieTests
{
    /// <summary>Few letters, so that words share beginnings; long words, so that some go on alone.</summary>
    private static readonly Gen<string> Words = Gen.OneOf(Gen.Char["ab"], Gen.Char["aé北京\ud842"], Gen.Char).Array[1, 9].Select(letters => new string(letters));

    [Fact]
    public void Finds_the_words_that_a_text_begins_with() =>
        Gen.Select(Words.Array[0, 60], Words.Array[1, 4]).Sample((words, pieces) =>
        {
            var trie = Build(words);
            string[] sorted = [.. words.Distinct().Order(StringComparer.Ordinal)];
            Assert.Equal(sorted.Length, trie.Count);
            Assert.Equal(words.Select(word => Array.IndexOf(sorted, word)), trie.Numbers);
            foreach (var text in pieces.Append(string.Concat(pieces)).Concat(words).Append(""))
            {
                var matches = new WordMatch[trie.Longest];
                var found = matches[..trie.FindPrefixes(text, matches)];
                Assert.Equal(
                    sorted.Where(word => text.StartsWith(word, StringComparison.Ordinal)).Select(word => new WordMatch(word.Length, Array.IndexOf(sorted, word))),
                    found);
                Assert.Equal(Array.IndexOf(sorted, text), trie.Find(text));
                Assert.Equal(text.Length > 0 && words.Any(word => word.StartsWith(text, StringComparison.Ordinal)), trie.Locate(text) >= 0);
            }
        });

    [Fact]
    public void Marks_what_some_of_the_words_begin_with() =>
        Gen.Select(Words.Array[1, 40], Gen.Int[0, 40], Words).Sample((words, count, text) =>
        {
            var trie = Build(words);
            var some = words.Take(count).ToArray();
            var marks = new bool[trie.NodeCount];
            foreach (var word in some)
            {
                trie.Mark(word, marks);
            }

            foreach (var prefix in words.SelectMany(word => Enumerable.Range(1, word.Length).Select(length => word[..length])).Append(text))
            {
                var node = trie.Locate(prefix);
                Assert.Equal(some.Any(word => word.StartsWith(prefix, StringComparison.Ordinal)), node >= 0 && marks[node]);
            }
        });

    private static WordTrie Build(string[] words)
    {
        var pool = new WordPool();
        foreach (var word in words)
        {
            pool.Add(word);
        }

        return new WordTrie(pool);
    }
}
