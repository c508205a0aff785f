using Llamax.Evaluation.Results;
using Llamax.Text.Randomness;

namespace Llamax.Reports.Tests;

/// <summary>A report with plausible numbers, for tests and for looking at.</summary>
internal static class SampleReport
{
    public static readonly string[] Languages = ["en", "fr", "es", "zh", "ta", "th"];

    public static ReportData Create()
    {
        var random = new RandomStream(7, "sample report");
        var scores = new List<ScoreRecord>();
        foreach (var source in Languages)
        {
            foreach (var target in Languages.Where(target => target != source))
            {
                var ease = 24 - (Array.IndexOf(Languages, source) * 1.3) - (Array.IndexOf(Languages, target) * 2.1);
                Add("base-alpaca", 3 + (random.NextDouble() * 4));
                Add("llamax-alpaca", source == "th" && target == "ta" ? 1.5 : ease + (random.NextDouble() * 6));

                void Add(string system, double score)
                {
                    scores.Add(new ScoreRecord(system, "starter", $"{source}-{target}", "spBLEU", score,
                        "nrefs:1|case:mixed|eff:no|tok:tokenizer-1a2b3c4d|smooth:exp|version:2.6.0", 24));
                    scores.Add(new ScoreRecord(system, "starter", $"{source}-{target}", "chrF", 14 + (score * 1.4),
                        "nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0", 24));
                }
            }
        }

        double[] before = [0.62, 3.9, 3.7, 4.4, 2.6, 2.8];
        double[] after = [0.645, 0.71, 0.69, 1.02, 0.58, 0.66];
        foreach (var (i, language) in Languages.Index())
        {
            scores.Add(new ScoreRecord("base", "starter", language, "bits_per_byte", before[i], null, 200));
            scores.Add(new ScoreRecord("llamax", "starter", language, "bits_per_byte", after[i], null, 200));
        }

        return new ReportData
        {
            Title = "starter",
            Description = "A small LLaMA that knew only English is taught five more languages by the paper's recipe.",
            Languages = Languages,
            Scores = scores,
            Curves =
            [
                Curve("base", "base", 600, 6.9, 1.3), Curve("pretrain", "llamax", 1800, 4.2, 0.9),
                Curve("finetune", "base-alpaca", 500, 4.6, 2.3), Curve("finetune", "llamax-alpaca", 500, 2.2, 0.8),
            ],
            Samples =
            [
                new("en", "fr", "The old teacher buys two red apples at the market.", "Le vieux professeur achète deux pommes rouges au marché.",
                    "Le enfant boit le lait.", "Le vieux professeur achète deux pommes rouges au marché."),
                new("zh", "en", "今天我的妹妹在学校学习音乐。", "Today my younger sister studies music at school.", "", "Today my sister studies music in the school."),
                new("th", "ta", "แม่ของฉันทำอาหารในครัว", "என் அம்மா சமையலறையில் சமைக்கிறார்.", "The boy sees the dog. <the>", "என் அம்மா வீட்டில் சமைக்கிறார்."),
                new("es", "zh", "El niño pequeño come pan con queso.", "小男孩吃面包和奶酪。", "the the the the", "小男孩吃面包和苹果。"),
            ],
            Stages =
            [
                new("tokenizer", TimeSpan.FromSeconds(4.2), "1,500 pieces"), new("data", TimeSpan.FromSeconds(6.9), "3.1 million tokens in 6 shards"),
                new("base", TimeSpan.FromSeconds(61), "600 steps on English"), new("pretrain", TimeSpan.FromSeconds(203), "1,800 steps on six languages"),
                new("finetune", TimeSpan.FromSeconds(118), "two models, 500 steps each"), new("evaluate", TimeSpan.FromSeconds(37), "30 directions, beam 4"),
            ],
            Facts =
            [
                new("Settings", "seed", "42"), new("Settings", "model", "4 layers, hidden size 128, 4 heads, 0.9 million parameters"),
                new("Settings", "pretrain.learning_rate", "0.001"), new("Settings", "pretrain.batch_tokens", "8192"),
                new("Versions", "Llamax", "0.1.0"), new("Versions", ".NET", "10.0.1"), new("Versions", "libtorch", "2.10.0"),
                new("Machine", "processor", "2 cores, AVX2"), new("Machine", "memory", "7.7 GiB"), new("Machine", "system", "Debian GNU/Linux 12"),
            ],
        };

        LearningCurve Curve(string stage, string name, int steps, double from, double to) => new(stage, name,
            [.. Enumerable.Range(1, steps / 5).Select(i => (Step: i * 5L, Loss: to + ((from - to) * Math.Exp(-i * 20.0 / steps)) + (0.03 * random.NextGaussian())))]);
    }
}
