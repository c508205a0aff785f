using System.Diagnostics;
using System.Text;
using CsCheck;
using Llamax.Corpora.Dictionaries;
using Llamax.Testing;
using Llamax.Text.Files;

namespace Llamax.Corpora.Tests.Dictionaries;

public sealed class LexiconFileTests
{
    private static readonly string[] Codes = ["en", "fr", "de", "ru"];

    private static readonly Gen<string> Word = Gen.OneOf(Gen.Const('a'), Gen.Const('B'), Gen.Const('b'), Gen.Const('é'), Gen.Const(' '), Gen.Const('犬'), Gen.Const('Σ'))
        .Array[1, 4].Select(letters => new string(letters).Trim()).Where(word => word.Length > 0);

    private static readonly Gen<(int From, int To, string Word, string Translation)[]> Entries =
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Word, Word).Where(entry => entry.Item1 != entry.Item2).Array[0, 40];

    /// <summary>The file has what plain dictionaries have, whichever the order, the memory and the way to open it.</summary>
    [Fact]
    public void A_file_gives_back_what_was_added() => Gen.Select(Entries, Gen.Bool, Gen.Bool).Sample((entries, bothWays, lower) =>
    {
        var expected = new SortedDictionary<(string, string), SortedSet<(string, string, string)>>();
        foreach (var (from, to, word, translation) in entries)
        {
            Put(Codes[from], word, Codes[to], translation);
            if (bothWays)
            {
                Put(Codes[to], translation, Codes[from], word);
            }
        }

        using var temporary = new TemporaryFolder();
        var options = new LexiconOptions { BothWays = bothWays, LowercaseTranslations = lower };
        Write(temporary.File("a.lexicon"), options, entries);
        Write(temporary.File("b.lexicon"), options, [.. entries.Reverse()]);
        Assert.Equal(File.ReadAllBytes(temporary.File("a.lexicon")), File.ReadAllBytes(temporary.File("b.lexicon")));
        using var lexicon = MultilingualLexicon.Open(temporary.File("a.lexicon"));
        lexicon.Verify(TestContext.Current.CancellationToken);
        Assert.Equal(expected.Sum(word => word.Value.Count), lexicon.Entries);
        foreach (var code in Codes)
        {
            Assert.Equal(expected.Keys.Where(key => key.Item1 == code).Select(key => key.Item2).Order(ByBytes), lexicon.Words(code));
        }

        foreach (var ((language, word), translations) in expected)
        {
            var found = new List<LexiconTranslation>();
            lexicon.Find(language, word, found);
            Assert.Equal(translations.Select(translation => (translation.Item1, translation.Item3)).Order(), found.Select(entry => (entry.Language, entry.Word)).Order());
        }

        void Put(string from, string word, string to, string translation)
        {
            var key = LowerCase.For(to).Of(translation);
            expected.TryAdd((from, LowerCase.For(from).Of(word)), []);
            expected[(from, LowerCase.For(from).Of(word))].Add((to, key, lower ? key : translation));
        }
    }, iter: 100, threads: 1);

    [Fact]
    public void Sorting_on_disk_changes_nothing()
    {
        using var temporary = new TemporaryFolder();
        var entries = Enumerable.Range(0, 30_000).Select(i => (i % 3, (i + 1) % 3, $"Word{i * 7919 % 20_011}", $"Wort{i * 104_729 % 15_013}")).ToArray();
        Write(temporary.File("a.lexicon"), new LexiconOptions(), entries);
        Write(temporary.File("b.lexicon"), new LexiconOptions { Memory = 1 << 20 }, entries);
        Assert.Equal(File.ReadAllBytes(temporary.File("a.lexicon")), File.ReadAllBytes(temporary.File("b.lexicon")));
        Assert.Equal(2, Directory.GetFileSystemEntries(temporary.Path).Length);
    }

    [Fact]
    public void Files_of_one_name_give_the_same_bytes_in_any_order()
    {
        using var temporary = new TemporaryFolder();
        foreach (var (folder, text) in new[] { ("a", "dog chien\ncat chat\n"), ("b", "dog chien\ncow vache\n"), ("c", "cat chat\ndog chien\nfox renard\n") })
        {
            Directory.CreateDirectory(temporary.File(folder));
            File.WriteAllText(Path.Combine(temporary.File(folder), "en-fr.txt"), text);
        }

        var built = new[] { "abc", "acb", "bac", "bca", "cab", "cba" }.Select(order =>
        {
            using var builder = new LexiconBuilder();
            builder.AddFiles("en-fr", order.Select(folder => Path.Combine(temporary.File($"{folder}"), "en-fr.txt")));
            builder.Write(temporary.File("x.lexicon"), TestContext.Current.CancellationToken);
            return Convert.ToHexString(File.ReadAllBytes(temporary.File("x.lexicon")));
        });
        Assert.Single(built.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public void A_word_with_more_spellings_than_a_record_has_room_for_is_spelt_in_lower_case()
    {
        using var builder = new LexiconBuilder();
        var spellings = Enumerable.Range(0, 300).Select(i => string.Concat(Enumerable.Range(0, 9).Select(bit => (i >> bit & 1) == 0 ? 'x' : 'X'))).ToList();
        builder.Add("en", "fr", spellings.Select(spelling => ("a", spelling)));
        var found = new List<LexiconTranslation>();
        using var lexicon = builder.Build(1);
        lexicon.Find("en", "a", found);
        Assert.Equal(256, found.Select(entry => entry.Word).Distinct().Count());
        Assert.All(found, entry => Assert.Equal("xxxxxxxxx", entry.Word, ignoreCase: true));
    }

    [Fact]
    public void Each_translation_says_where_it_comes_from()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.File("muse.txt"), "dog chien\n");
        File.WriteAllText(temporary.File("other.txt"), "dog chien\ndog toutou\n");
        File.WriteAllText(temporary.File("german.txt"), "dog Hund\n");
        using (var builder = new LexiconBuilder(new LexiconOptions { Hops = 2, FanOut = 3 }))
        {
            builder.AddFiles("en-fra_Latn", [temporary.File("other.txt"), temporary.File("muse.txt")]);
            builder.AddFiles("en-de", [temporary.File("german.txt")]);
            builder.Write(temporary.File("x.lexicon"), TestContext.Current.CancellationToken);
        }

        using var lexicon = MultilingualLexicon.Open(temporary.File("x.lexicon"));
        Assert.Equal((2, 3), (lexicon.Hops, lexicon.FanOut));
        Assert.Equal(["en-de german.txt 1", "en-fr muse.txt 1", "en-fr other.txt 2"], lexicon.Dictionaries.Select(file => $"{file.From}-{file.To} {file.Name} {file.Entries}"));
        var paths = new List<LexiconPath>();
        lexicon.Explain("de", "hund", paths);
        Assert.Equal(["en:dog german.txt", "fr:chien german.txt dog muse.txt", "fr:toutou german.txt dog other.txt"], paths.Select(path =>
            $"{path.Translation.Language}:{path.Translation.Word} {path.Dictionary.Name} {path.Through?.Word} {path.Second?.Name}".TrimEnd()));
    }

    [Theory]
    [InlineData("en-ru", "ru-en", "дом house\nкот cat\nradio radio\n")]
    [InlineData("ja-th", "th-ja", "หมา\t犬\nแมว\t猫\n")]
    public void A_dictionary_in_the_wrong_direction_is_refused(string named, string right, string text)
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.File("d.txt"), text);
        using var wrong = new LexiconBuilder();
        var message = Assert.Throws<LlamaxException>(() => wrong.AddFiles(named, [temporary.File("d.txt")])).Message;
        Assert.Contains("in 2 of its", message, StringComparison.Ordinal);
        Assert.EndsWith($"Name it {right}.", message, StringComparison.Ordinal);
        using var builder = new LexiconBuilder();
        Assert.Equal(0, builder.AddFiles(right, [temporary.File("d.txt")]));
    }

    /// <summary>Opening reads neither words nor index: a file of a gigabyte opens as fast as a small one.</summary>
    [Fact]
    public void Hostile_files_are_refused_and_never_crash()
    {
        using var temporary = new TemporaryFolder();
        var path = temporary.File("x.lexicon");
        Write(path, new LexiconOptions { Hops = 2 }, [(0, 1, "Dog", "Chien"), (0, 2, "dog", "Hund"), (1, 3, "chien", "собака"), (0, 1, "cat", "chat")]);
        var whole = File.ReadAllBytes(path);
        var refused = 0;
        for (var length = 0; length < whole.Length; length += 3)
        {
            Assert.Throws<LlamaxException>(() => Use(temporary, whole[..length]));
        }

        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[1, 8]).Sample((at, value, count) =>
        {
            var bytes = (byte[])whole.Clone();
            bytes.AsSpan(at, Math.Min(count, bytes.Length - at)).Fill(value);
            try
            {
                Use(temporary, bytes);
            }
            catch (LlamaxException)
            {
                refused++;
            }
        }, iter: 2000, threads: 1);
        Assert.True(refused > 200);
    }

    [Fact]
    public void A_file_that_is_no_lexicon_says_how_to_make_one()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.File("d.txt"), new string('x', 1000));
        Assert.Contains("llamax lexicon build", Assert.Throws<LlamaxException>(() => MultilingualLexicon.Open(temporary.File("d.txt"))).Message, StringComparison.Ordinal);
        Assert.Contains("no such file", Assert.Throws<LlamaxException>(() => MultilingualLexicon.Open(temporary.File("e.txt"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_killed_process_left_beside_the_lexicon_goes_with_the_next()
    {
        using var temporary = new TemporaryFolder();
        var alive = UnfinishedName.For(temporary.File(".lexicon.alive"));
        var killed = alive.Replace($".{Environment.ProcessId}.", ".999999999.", StringComparison.Ordinal); // No system has so many.
        foreach (var left in new[] { alive, killed })
        {
            Directory.CreateDirectory(left);
            File.WriteAllText(Path.Combine(left, "records"), "half");
        }

        using (var builder = new LexiconBuilder(temporary: temporary.Path))
        {
            builder.Add("en", "fr", [("dog", "chien")]);
            builder.Write(temporary.File("x.lexicon"), TestContext.Current.CancellationToken);
        }

        Assert.Equal([alive], Directory.GetDirectories(temporary.Path));
    }

    private static IComparer<string> ByBytes => Comparer<string>.Create((a, b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)));

    private static void Use(TemporaryFolder temporary, byte[] bytes)
    {
        var path = temporary.File("y.lexicon");
        File.WriteAllBytes(path, bytes);
        using var lexicon = MultilingualLexicon.Open(path);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        var paths = new List<LexiconPath>();
        foreach (var language in lexicon.Languages)
        {
            foreach (var word in new[] { "dog", "cat", "chien", "собака", "x" })
            {
                lexicon.Explain(language, word, paths);
            }

            _ = lexicon.Words(language).Take(1000).Count();
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 1 << 20);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 5);
    }

    private static void Write(string path, LexiconOptions options, (int From, int To, string Word, string Translation)[] entries)
    {
        using var builder = new LexiconBuilder(options, Path.GetDirectoryName(path));
        foreach (var direction in entries.GroupBy(entry => (entry.From, entry.To)))
        {
            builder.Add(Codes[direction.Key.From], Codes[direction.Key.To], direction.Select(entry => (entry.Word, entry.Translation)));
        }

        builder.Write(path, TestContext.Current.CancellationToken);
    }
}
