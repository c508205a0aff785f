using Llamax.Models;
using Llamax.Models.Attention;
using static TorchSharp.torch;

namespace Llamax.Translation.Generation;

/// <summary>The sentences that run side by side, and the calls of the model for them.</summary>
internal sealed class BeamRun : IDisposable
{
    private readonly CausalLanguageModel model;
    private readonly BeamSearch search;
    private readonly IReadOnlyCollection<int> endIds;
    private readonly GenerationOptions options;
    private readonly TokenRules rules;
    private readonly BeamCache cache;
    private readonly CandidateList candidates;
    private readonly List<BeamSentence> running = [];
    private readonly int prefix;

    /// <summary>Reads what all prompts begin with.</summary>
    public BeamRun(CausalLanguageModel model, BeamSearch search, IReadOnlyCollection<int> endIds, GenerationOptions options, ReadOnlySpan<int> prefix)
    {
        (this.model, this.search, this.endIds, this.options) = (model, search, endIds, options);
        this.prefix = prefix.Length;
        rules = new TokenRules(options.RepetitionPenalty, options.NoRepeatNgram);
        candidates = new CandidateList(options.Sampling is null ? Math.Max(2, 1 + endIds.Count) * options.Beams : 1);
        var config = model.Config;
        cache = BeamCache.Create(config.Layers, config.KeyValueHeads, config.HeadSize, options.Beams, model.Type, model.Device);
        if (prefix.Length > 0)
        {
            try
            {
                using var scope = NewDisposeScope();
                cache.ReadPrefix();
                Hidden(Array.ConvertAll(prefix.ToArray(), id => (long)id), [.. Enumerable.Range(0, prefix.Length)], 1, 0);
            }
            catch
            {
                cache.Dispose();
                throw;
            }
        }
    }

    /// <summary>The sentences that run.</summary>
    public IReadOnlyList<BeamSentence> Running => running;

    /// <summary>Their prompts as they count against the budget.</summary>
    public BatchLoad Load => running.Aggregate(new BatchLoad(cache.PadsPrompts), (load, sentence) => load.With(sentence.Prompt.Size));

    /// <summary>Memory of the cache in bytes.</summary>
    public long CacheBytes => cache.Bytes;

    /// <summary>Reads the prompts of new sentences and chooses their first beams.</summary>
    public void Enter(IReadOnlyList<BeamSentence> entering)
    {
        running.AddRange(entering);
        using var scope = NewDisposeScope();
        int[][] read = [.. entering.Select(sentence => Tokens(sentence.Prompt))];
        Announce([.. entering.Select(sentence => sentence.Prompt)], Array.ConvertAll(read, ids => ids.Length));
        var (ids, positions, last) = (new List<long>(), new List<long>(), new List<long>());
        foreach (var sentence in read)
        {
            ids.AddRange(sentence.Select(id => (long)id));
            positions.AddRange(Enumerable.Range(prefix, sentence.Length).Select(position => (long)position));
            last.Add(ids.Count - 1);
        }

        var hidden = Hidden([.. ids], [.. positions], 1, read.Length).flatten(0, 1).index_select(0, tensor(last.ToArray()).to(model.Device));
        Choose(entering, model.Logits(hidden), 1);
    }

    /// <summary>Reads the newest token of each beam and chooses the next.</summary>
    public void Step()
    {
        var (beams, rows) = (options.Beams, running.Count * options.Beams);
        var (ids, positions, parents) = (new long[rows], new long[rows], new int[rows]);
        for (var row = 0; row < rows; row++)
        {
            var sentence = running[row / beams];
            ids[row] = sentence.Written(row % beams)[^1];
            positions[row] = sentence.Prompt.Ids.Count + sentence.Length - 1;
            parents[row] = sentence.Parents[row % beams];
        }

        using var scope = NewDisposeScope();
        cache.Advance(parents);
        Choose(running, model.Logits(Hidden(ids, positions, rows, rows).flatten(0, 1)), beams);
    }

    /// <summary>Takes out the sentences that are done.</summary>
    public List<BeamSentence> TakeEnded()
    {
        var ended = running.Where(sentence => sentence.IsDone).ToList();
        if (ended.Count > 0)
        {
            cache.Leave([.. Enumerable.Range(0, running.Count).Where(place => !running[place].IsDone)]);
            running.RemoveAll(sentence => sentence.IsDone);
        }

        return ended;
    }

    public void Dispose() => cache.Dispose();

    /// <summary>What the decoder reads of a prompt after the common prefix.</summary>
    private int[] Tokens(Prompt prompt) => prompt.ForcedFirst is { } forced ? [.. prompt.Ids.Skip(prefix), forced] : [.. prompt.Ids.Skip(prefix)];

    private void Announce(IReadOnlyList<Prompt> prompts, int[] lengths)
    {
        var encoded = search.ReadSources(prompts);
        try
        {
            cache.Enter(lengths, encoded);
        }
        finally
        {
            foreach (var source in encoded ?? [])
            {
                source.Dispose();
            }
        }
    }

    private Tensor Hidden(long[] ids, long[] positions, int rows, int wanted)
    {
        search.BeforeReading?.Invoke(ids.Length, wanted);
        long[] shape = [rows, ids.Length / rows];
        return model.Hidden(tensor(ids, shape).to(model.Device), tensor(positions, shape).to(model.Device), cache);
    }

    private void Choose(IReadOnlyList<BeamSentence> sentences, Tensor logits, int rowsEach)
    {
        var sums = new float[sentences.Count * rowsEach];
        for (var row = 0; row < sums.Length; row++)
        {
            sums[row] = sentences[row / rowsEach].Sums[row % rowsEach];
        }

        var changes = rules.Any ? new RowRules(rules, sentences, rowsEach, onLogits: options.Beams == 1) : null;
        if (options.Sampling is null)
        {
            candidates.Fill(logits, sums, sentences.Count, changes);
        }
        else
        {
            candidates.Draw(logits, sums, [.. sentences.Select(sentence => sentence.Sampler!)], changes);
        }

        for (var place = 0; place < sentences.Count; place++)
        {
            sentences[place].Extend(candidates, place, endIds, search.Stop);
            if (sentences[place].Newest is { } token)
            {
                search.Written?.Invoke(sentences[place].Number, token);
            }
        }
    }
}
