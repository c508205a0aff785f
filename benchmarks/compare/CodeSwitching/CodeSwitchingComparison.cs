using System.Buffers;
using System.Diagnostics;
using System.Text;
using Llamax.Benchmarks.Baseline;
using Llamax.Corpora.CodeSwitching;
using Llamax.Corpora.Dictionaries;
using Llamax.Corpora.Readers;
using Llamax.Text.Segmentation;
using Llamax.Text.Segmentation.Jieba;

namespace Llamax.Benchmarks.Compare;

/// <summary>
/// Our code-switching beside a plain one on the lines of FLORES-101 (dev and devtest), with 17 dictionaries of MUSE and
/// PanLex. Seconds are those of the processor in user mode, on one thread.
/// </summary>
internal static class CodeSwitchingComparison
{
    private const int Rounds = 5;
    private const double Rate = 0.3;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    private static readonly (string Code, string File)[] Dictionaries =
    [
        ("ar", "ar2"), ("bg", "bg2"), ("ca", "ca2"), ("de", "de2"), ("el", "el2"), ("es", "es2"), ("fr", "fr2"), ("hi", "hi2"), ("it", "it2"),
        ("ja", "jp2"), ("ru", "ru2"), ("sv", "sw2"), ("th", "th2"), ("tr", "tr2"), ("ur", "ur2"), ("vi", "vi2"), ("zh", "zh2"),
    ];

    private static readonly (string Code, string Flores)[] Languages = [("en", "eng"), ("fr", "fra"), ("ru", "rus"), ("hi", "hin"), ("th", "tha"), ("zh", "zho_simpl")];

    /// <summary><c>code-switching [--shared DIR]</c>; the folder holds <c>data/dictionaries</c> and <c>data/flores</c>.</summary>
    public static int Run(string[] arguments)
    {
        var shared = Array.IndexOf(arguments, "--shared") is >= 0 and var i && i + 1 < arguments.Length ? arguments[i + 1] : Path.Combine("..", "shared");
        var archive = Path.Combine(shared, "data", "flores", "flores101_dev_devtest.tar.gz");
        var dictionaries = Path.Combine(shared, "data", "dictionaries");
        if (!File.Exists(archive))
        {
            Console.Error.WriteLine($"code-switching: {archive} is not there. Name the folder that holds data/flores and data/dictionaries with --shared.");
            return 2;
        }

        Console.WriteLine($"{Surroundings.Describe()}; best of {Rounds} rounds after {WarmUp.TotalSeconds} s to warm up, one thread");
        var before = Environment.CpuUsage.UserTime;
        using var lexicon = Build(dictionaries);
        Console.WriteLine($"{lexicon.Entries:N0} entries, built in {(Environment.CpuUsage.UserTime - before).TotalSeconds:N1} s");
        var plain = Plain(dictionaries);
        var target = TokenizationTexts.Flores(archive, "/deu.dev", "/deu.devtest");
        var jieba = new Dictionary<string, IWordSegmenter>
        {
            ["zh"] = JiebaSegmenter.Load(
                Directory.GetFiles(Path.Combine(dictionaries, "jieba"), "dict*").First(), Directory.GetFiles(Path.Combine(dictionaries, "jieba"), "*.json").FirstOrDefault()),
        };
        foreach (var (code, flores) in Languages)
        {
            var lines = TokenizationTexts.Flores(archive, $"/{flores}.dev", $"/{flores}.devtest");
            var texts = lines.ConvertAll(Encoding.UTF8.GetString);
            var oneHop = Measure(lexicon, 1, null, code, lines, target);
            Print(code, "one hop", oneHop, lines.Count);
            Print(code, "two hops, fan-out 8", Measure(lexicon, 2, null, code, lines, target), lines.Count);
            if (jieba.ContainsKey(code))
            {
                Print(code, "one hop, jieba", Measure(lexicon, 1, jieba, code, lines, target), lines.Count);
            }

            if (code is not ("th" or "zh"))
            {
                var seconds = Best(_ => texts.ForEach(text => plain.Switch(code, "de", text)));
                Console.WriteLine($"  {code}  {"plain, one hop",-22} {lines.Count / seconds,10:N0} sentences/s   ours is {seconds / oneHop.Seconds:N1} times as fast");
            }
        }

        return 0;
    }

    private static (double Seconds, double Bytes, double Changed) Measure(
        MultilingualLexicon lexicon, int hops, Dictionary<string, IWordSegmenter>? segmenters, string code, List<byte[]> lines, List<byte[]> target)
    {
        var switcher = new CodeSwitcher(lexicon, new CodeSwitchOptions { Rate = Rate, Hops = hops }, 1, segmenters);
        var output = new ArrayBufferWriter<byte>(1 << 20);
        var changed = 0;
        var seconds = Best(Pass);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        Pass(0);
        return (seconds, (double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / lines.Count, (double)changed / lines.Count);

        void Pass(int round)
        {
            changed = 0;
            for (var i = 0; i < lines.Count; i++)
            {
                output.ResetWrittenCount();
                changed += switcher.TrySwitch(code, "de", lines[i], target[i], round, output) ? 1 : 0;
            }
        }
    }

    private static void Print(string code, string what, (double Seconds, double Bytes, double Changed) figure, int lines) =>
        Console.WriteLine($"  {code}  {what,-22} {lines / figure.Seconds,10:N0} sentences/s   {figure.Bytes:N2} bytes allocated per sentence, {figure.Changed:P0} changed");

    private static double Best(Action<int> pass)
    {
        var round = 0;
        var warming = Stopwatch.StartNew();
        do
        {
            pass(round++);
        }
        while (warming.Elapsed < WarmUp);

        var best = double.MaxValue;
        for (var i = 0; i < Rounds; i++)
        {
            var (before, passes) = (Environment.CpuUsage.UserTime, 10);
            for (var j = 0; j < passes; j++)
            {
                pass(round++);
            }

            best = Math.Min(best, (Environment.CpuUsage.UserTime - before).TotalSeconds / passes);
        }

        return best;
    }

    private static MultilingualLexicon Build(string dictionaries)
    {
        using var builder = new LexiconBuilder();
        foreach (var (code, file) in Dictionaries)
        {
            builder.AddFiles($"en-{code}", [Member(dictionaries, file)]);
        }

        return builder.Build(1);
    }

    private static PlainCodeSwitching Plain(string dictionaries)
    {
        var plain = new PlainCodeSwitching(Rate, 1);
        foreach (var (code, file) in Dictionaries)
        {
            using var reader = new DictionaryReader(TextFile.FindOne(Member(dictionaries, file)));
            while (reader.TryRead(out var word, out var translation))
            {
                plain.Add("en", Encoding.UTF8.GetString(word), code, Encoding.UTF8.GetString(translation));
            }
        }

        return plain;
    }

    private static string Member(string dictionaries, string file) => $"{Path.Combine(dictionaries, "cosda_muse_panlex.tar.gz")}!cosda_muse_panlex/{file}.txt";
}
