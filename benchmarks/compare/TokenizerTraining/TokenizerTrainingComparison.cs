using Llamax.Text.Tokenizers;

namespace Llamax.Benchmarks.Compare;

/// <summary>
/// <c>llamax tokenizer train</c> beside Debian's <c>spm_train</c>, both as programs from their start to their end, in turns;
/// and the tokens that held-out text takes with the models they write.
/// </summary>
internal static class TokenizerTrainingComparison
{
    private const int Rounds = 5;
    private const int Pieces = 8000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly string[] Languages = ["eng", "tur", "tam", "zho_simpl"];

    /// <summary><c>tokenizer-training [--shared DIR]</c>; the folder holds <c>data/flores</c>.</summary>
    public static int Run(string[] arguments)
    {
        var shared = arguments is ["--shared", var named] ? named : Path.Combine("..", "shared");
        var archive = Path.Combine(shared, "data", "flores", "flores101_dev_devtest.tar.gz");
        if (!File.Exists(archive))
        {
            Console.Error.WriteLine($"tokenizer-training: {archive} is not there. Name the folder that holds data/flores with --shared.");
            return 2;
        }

        if (ProcessClock.Find("spm_train") is null)
        {
            Console.Error.WriteLine("tokenizer-training: spm_train is not installed: apt-get install sentencepiece");
            return 2;
        }

        var folder = Directory.CreateTempSubdirectory("llamax-tokenizer-training-");
        try
        {
            var corpus = Path.Combine(folder.FullName, "corpus");
            var lines = Lines(archive, ".dev");
            var heldOut = Lines(archive, ".devtest");
            TokenizationTexts.Write(corpus, lines);
            Console.WriteLine($"{Surroundings.Describe()}; {Rounds} rounds after one to warm up");
            Console.WriteLine(
                $"{lines.Count:N0} lines, {lines.Sum(line => line.Length + 1) / 1e6:N2} MB, {Pieces:N0} pieces; held out are {heldOut.Count:N0} lines, {heldOut.Sum(line => line.Length + 1) / 1e6:N2} MB");
            foreach (var type in new[] { "bpe", "unigram" })
            {
                Compare(type, corpus, heldOut, folder.FullName);
            }

            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static List<byte[]> Lines(string archive, string ending) =>
        TokenizationTexts.Flores(archive, [.. Languages.Select(language => $"/{language}{ending}")]);

    private static void Compare(string type, string corpus, List<byte[]> heldOut, string folder)
    {
        var (ours, theirs) = (Path.Combine(folder, type + "-ours.model"), Path.Combine(folder, type + "-theirs"));
        string[] llamax = ["tokenizer", "train", "--type", type, "--vocabulary-size", $"{Pieces}", "--input", corpus, "--out", ours];
        string[] spm =
        [
            "--model_type=" + type, $"--vocab_size={Pieces}", "--input=" + corpus, "--model_prefix=" + theirs,
            "--byte_fallback=true", "--normalization_rule_name=identity", "--remove_extra_whitespaces=false",
        ];
        var launcher = Path.Combine(Surroundings.Repository(), "llamax");
        (string Threads, string Name, string Program, string[] Arguments)[] runs =
        [
            ("one", "spm_train", "spm_train", [.. spm, "--num_threads=1"]),
            ("one", "llamax", launcher, [.. llamax, "--threads", "1"]),
            ("default", "spm_train", "spm_train", spm),
            ("default", "llamax", launcher, llamax),
        ];
        var times = runs.Select(_ => new List<ProcessClock>()).ToArray();
        for (var round = 0; round <= Rounds; round++)
        {
            for (var run = 0; run < runs.Length; run++)
            {
                var (_, _, program, arguments) = runs[run];
                var time = ProcessClock.Time(Patience, program, arguments)
                    ?? throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed.");
                if (round > 0) // The first round warms up: the launcher builds where it must.
                {
                    times[run].Add(time);
                }
            }
        }

        Console.WriteLine();
        Console.WriteLine($"{type,-9}{"threads",-9}{"program",-11}{"wall s: best",14}{"median",8}{"processor s: best",19}{"median",8}");
        for (var run = 0; run < runs.Length; run++)
        {
            var (wall, processor) = (Ordered(times[run], time => time.Wall), Ordered(times[run], time => time.Processor));
            Console.WriteLine(
                $"{"",-9}{runs[run].Threads,-9}{runs[run].Name,-11}{wall[0],14:N2}{wall[Rounds / 2],8:N2}{processor[0],19:N2}{processor[Rounds / 2],8:N2}");
            if (run % 2 == 1)
            {
                var (theirWall, theirProcessor) = (Ordered(times[run - 1], time => time.Wall), Ordered(times[run - 1], time => time.Processor));
                Console.WriteLine(
                    $"{"",-18}{"ratio",-11}{theirWall[0] / wall[0],14:N2}{theirWall[Rounds / 2] / wall[Rounds / 2],8:N2}{theirProcessor[0] / processor[0],19:N2}{theirProcessor[Rounds / 2] / processor[Rounds / 2],8:N2}");
            }
        }

        var (ourTokens, theirTokens) = (Tokens(ours, heldOut), Tokens(theirs + ".model", heldOut));
        Console.WriteLine($"{"",-9}held-out tokens: llamax {ourTokens:N0}, spm_train {theirTokens:N0}, ratio {(double)ourTokens / theirTokens:N4}");
    }

    private static double[] Ordered(List<ProcessClock> times, Func<ProcessClock, double> value) => [.. times.Select(value).Order()];

    /// <summary>Counted with our encoder, whose ids are those of <c>spm_encode</c>.</summary>
    private static long Tokens(string model, List<byte[]> lines)
    {
        var tokenizer = SentencePieceTokenizer.Load(model);
        var ids = new int[lines.Max(line => line.Length) + 16];
        return lines.Sum(line => tokenizer.TryEncode(line, ids, out var count) ? (long)count : throw new InvalidOperationException("more ids than bytes"));
    }
}
