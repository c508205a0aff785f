using Llamax.Models;
using Llamax.Models.Attention;
using Llamax.Translation.Generation;
using static TorchSharp.torch;

namespace Llamax.Translation.Tests.Generation;

/// <summary>
/// Beam search as the rules read, with lists: one prompt at a time, the whole text computed anew for each token, all of the
/// vocabulary sorted. Repetitions are counted in what the decoder reads: of a language model the prompt and the text, of an
/// encoder-decoder model the text alone, with what it starts from.
/// </summary>
internal static class PlainSearch
{
    public static List<Hypothesis> Run(
        CausalLanguageModel model, Prompt prompt, GenerationOptions options, IReadOnlyCollection<int> ends, StopTest? stop) =>
        Run((ids, positions) => model.Logits(model.Hidden(ids, positions, new CausalAttention())), prompt, options, ends, stop);

    public static List<Hypothesis> Run(
        SequenceToSequenceModel model, Prompt prompt, GenerationOptions options, IReadOnlyCollection<int> ends, StopTest? stop) =>
        Run(model.Encoder, model.Decoder, prompt, options, ends, stop);

    public static List<Hypothesis> Run(
        EncoderModel encoder, CausalLanguageModel decoder, Prompt prompt, GenerationOptions options, IReadOnlyCollection<int> ends, StopTest? stop = null)
    {
        using var grad = no_grad();
        var source = tensor(prompt.Source!.Select(id => (long)id).ToArray()).unsqueeze(0);
        var mask = ones_like(source);
        var read = decoder.CrossKeyValues(encoder.Hidden(source, mask));
        return Run(
            (ids, positions) => decoder.Logits(decoder.Hidden(ids, positions, new EncoderDecoderAttention(new CausalAttention(), read, mask))),
            prompt, options, ends, stop);
    }

    private static List<Hypothesis> Run(
        Func<Tensor, Tensor, Tensor> model, Prompt prompt, GenerationOptions options, IReadOnlyCollection<int> ends, StopTest? stop)
    {
        var closed = new List<Hypothesis>();
        var beams = new List<(List<int> Ids, float Sum)> { (prompt.ForcedFirst is { } forced ? [forced] : [], 0) };
        var most = prompt.MaxNewTokens ?? options.MaxNewTokens;
        for (var length = beams[0].Ids.Count + 1; length <= most; length++)
        {
            var candidates = beams
                .SelectMany(beam => Scores(model, prompt, beam.Ids, options).Select((score, id) => (Beam: beam, Id: id, Sum: score + beam.Sum)))
                .OrderByDescending(candidate => candidate.Sum)
                .Take(Math.Max(2, 1 + ends.Count) * options.Beams)
                .ToList();
            var next = new List<(List<int> Ids, float Sum)>();
            for (var rank = 0; rank < candidates.Count && next.Count < options.Beams; rank++)
            {
                var (beam, id, sum) = candidates[rank];
                List<int> ids = [.. beam.Ids, id];
                var isEnd = ends.Contains(id);
                if (isEnd || (stop is not null && stop([.. ids])))
                {
                    if (rank < options.Beams)
                    {
                        Close(isEnd ? beam.Ids : ids, sum, length, isEnd ? id : null);
                    }
                }
                else
                {
                    next.Add((ids, sum));
                }
            }

            beams = next;
            if (beams.Count == 0 || IsDone(candidates[0].Sum, length))
            {
                return Best();
            }
        }

        beams.ForEach(beam => Close(beam.Ids, beam.Sum, most, null));
        return Best();

        void Close(List<int> ids, double sum, int length, int? end)
        {
            closed.Add(new Hypothesis(ids, sum / Math.Pow(length, options.LengthPenalty), end));
            closed = [.. closed.OrderByDescending(hypothesis => hypothesis.Score).Take(options.Beams)];
        }

        bool IsDone(double best, int length) => closed.Count == options.Beams && (
            options.Beams == 1 || options.EarlyStopping == EarlyStopping.True
            || closed[^1].Score >= best / Math.Pow(options.EarlyStopping == EarlyStopping.Never && options.LengthPenalty > 0 ? most : length, options.LengthPenalty));

        List<Hypothesis> Best() => [.. closed.Take(options.Hypotheses)];
    }

    private static float[] Scores(Func<Tensor, Tensor, Tensor> model, Prompt prompt, List<int> written, GenerationOptions options)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        List<int> ids = [.. prompt.Ids, .. written];
        var input = tensor(ids.Select(id => (long)id).ToArray()).unsqueeze(0);
        var logits = model(input, arange(ids.Count).unsqueeze(0))[0, -1];
        return options.Beams == 1
            ? nn.functional.log_softmax(tensor(Change(logits)), -1).data<float>().ToArray()
            : Change(nn.functional.log_softmax(logits, -1));

        float[] Change(Tensor given)
        {
            var scores = given.data<float>().ToArray();
            foreach (var id in ids.Distinct())
            {
                scores[id] = (float)(scores[id] < 0 ? scores[id] * options.RepetitionPenalty : scores[id] / options.RepetitionPenalty);
            }

            var n = options.NoRepeatNgram;
            for (var id = 0; id < scores.Length; id++)
            {
                if (n > 0 && ids.Count + 1 >= n && Comes([.. ids, id], n))
                {
                    scores[id] = float.NegativeInfinity;
                }
            }

            return scores;
        }
    }

    /// <summary>Whether the last n ids come before too.</summary>
    private static bool Comes(List<int> ids, int n) =>
        Enumerable.Range(0, ids.Count - n).Any(i => ids.GetRange(i, n).SequenceEqual(ids.TakeLast(n)));
}
