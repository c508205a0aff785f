using Llamax.Corpora.Building.Chunks;
using Llamax.Corpora.Building.Pseudo;
using Llamax.Corpora.Building.Units;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;
using Llamax.Text.Tokenizers;

namespace Llamax.Corpora.Building;

/// <summary>What a training set would be made from and how large it would be, from the beginning of each source.</summary>
/// <param name="Sources">What would be read.</param>
/// <param name="Made">What would be made, by kind.</param>
/// <param name="IsTokenized">Whether tokens were counted; otherwise <see cref="BytesPerToken"/> bytes were taken for one.</param>
public sealed record BuildEstimate(IReadOnlyList<BuildEstimate.Source> Sources, IReadOnlyList<BuildEstimate.Kind> Made, bool IsTokenized)
{
    /// <summary>Bytes of text that are taken for a token where there is no tokenizer yet.</summary>
    public const double BytesPerToken = 3.5;

    private const int TokenizedBytes = 1 << 20;
    private const int SampleBytes = 4 << 20;
    private const int WholeFile = 8 << 20; // Smaller ones are read to their end.
    private const int SampleInstructions = 1000;

    /// <summary>A source.</summary>
    /// <param name="Name">Its first file.</param>
    /// <param name="Files">Number of files.</param>
    /// <param name="Size">Bytes on disk; of members of archives, the archive's.</param>
    /// <param name="Languages">Languages of its records.</param>
    /// <param name="Records">Texts, pairs or lines of all languages, estimated.</param>
    public sealed record Source(string Name, int Files, long Size, IReadOnlyList<string> Languages, long Records);

    /// <summary>Entries of a kind.</summary>
    /// <param name="Name">One of <see cref="ExampleKinds"/>.</param>
    /// <param name="Entries">How many, before duplicates are left out.</param>
    /// <param name="Tokens">Their ids.</param>
    public sealed record Kind(string Name, long Entries, long Tokens)
    {
        /// <summary>Bytes of the shards.</summary>
        public long Bytes => (4 * Tokens) + (20 * Entries);
    }

    /// <summary>Estimates.</summary>
    /// <param name="sources">What would be read.</param>
    /// <param name="tokenizer">Counts tokens; null where there is none yet.</param>
    /// <param name="options">How texts become entries.</param>
    /// <param name="switches">Whether there are dictionaries.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="LlamaxException">A source cannot be read.</exception>
    public static BuildEstimate Of(TrainingSources sources, Tokenizer? tokenizer, DataOptions options, bool switches, CancellationToken cancellationToken)
    {
        var samples = sources.Units.Select(unit => Sample.Take(unit, tokenizer, cancellationToken)).ToList();
        var groups = samples.SelectMany(sample => sample.Groups).GroupBy(group => group.Name, StringComparer.Ordinal)
            .Select(same => (Name: same.Key, IsPair: same.Key.Contains('-', StringComparison.Ordinal), Records: same.Sum(group => group.Records), Tokens: same.Sum(group => group.Tokens))).ToList();
        var ofLanguage = groups.Where(group => group.IsPair).SelectMany(group => group.Name.Split('-').Select(language => (language, group.Records)))
            .GroupBy(each => each.language, each => each.Records).ToDictionary(each => each.Key, each => each.Sum());
        var (mono, parallel, switched) = (new Sum(), new Sum(), new Sum());
        foreach (var group in groups)
        {
            var limit = group.IsPair ? options.MaxPairs : options.MaxTexts;
            var kept = limit > 0 ? Math.Min(limit, group.Records) : group.Records;
            var tokens = group.Records > 0 ? group.Tokens * kept / group.Records : 0;
            if (!group.IsPair)
            {
                mono.Add(Math.Max(kept, tokens / options.BlockSize), tokens);
                continue;
            }

            var replicas = group.Records < options.ReplicateBelow ? options.Replicate : 1;
            parallel.Add(kept * replicas, tokens * replicas);
            if (switches && options.CodeSwitch.Enabled && group.Name.Split('-').Any(language => ofLanguage[language] < options.AugmentBelow))
            {
                switched.Add(kept * 2 * options.CodeSwitch.Copies, tokens * 2 * options.CodeSwitch.Copies);
            }
        }

        var pairs = groups.Where(group => group.IsPair).ToDictionary(group => group.Name, group => group.Records, StringComparer.Ordinal);
        var (pseudo, pseudoSwitched) = Pseudo(sources.Pseudo, pairs, tokenizer, options, switches, cancellationToken);
        return new BuildEstimate(
            [.. samples.Select(sample => sample.Source)],
            [
                .. new[]
                {
                    (ExampleKinds.Monolingual, mono), (ExampleKinds.Parallel, parallel), (ExampleKinds.CodeSwitched, switched), (ExampleKinds.PseudoParallel, pseudo),
                    (ExampleKinds.PseudoCodeSwitched, pseudoSwitched), (ExampleKinds.Instruction, Instructions(sources, tokenizer, options, cancellationToken)),
                }.Where(each => each.Item2.Entries > 0).Select(each => new Kind(each.Item1, (long)each.Item2.Entries, (long)each.Item2.Tokens)),
            ],
            tokenizer is not null);
    }

    /// <summary>As many English sentences as languages lack pairs, as far as the text has them; a translation is taken to be as long.</summary>
    private static (Sum Pairs, Sum Switched) Pseudo(
        PseudoSource? source, Dictionary<string, double> pairs, Tokenizer? tokenizer, DataOptions options, bool switches, CancellationToken cancellationToken)
    {
        var (whole, switched) = (new Sum(), new Sum());
        var english = (source?.Units ?? []).SelectMany(unit => Sample.Take(unit, tokenizer, cancellationToken).Groups).ToList();
        var sentences = english.Sum(group => group.Records);
        foreach (var language in sentences > 0 ? source!.Languages : [])
        {
            var lines = Math.Min(sentences, options.Pseudo.Below - pairs.Where(pair => pair.Key.Split('-').Contains(language)).Sum(pair => pair.Value));
            if (lines > 0)
            {
                var tokens = 2 * lines * english.Sum(group => group.Tokens) / sentences;
                var (entries, copies) = (options.Pseudo.Unaugmented ? 1 : 0, switches && options.CodeSwitch.Enabled ? 2 * options.CodeSwitch.Copies : 0);
                whole.Add(lines * entries, tokens * entries);
                switched.Add(lines * copies, tokens * copies);
            }
        }

        return (whole, switched);
    }

    private static Sum Instructions(TrainingSources sources, Tokenizer? tokenizer, DataOptions options, CancellationToken cancellationToken)
    {
        var (count, sampled, tokens, encoder, entries) = (0L, 0L, 0.0, tokenizer is null ? null : new ExampleEncoder(tokenizer, options), new EntryBuffer());
        foreach (var instruction in sources.Instructions.DistinctBy(file => file.Name).SelectMany(InstructionReader.Read))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (count++ >= SampleInstructions)
            {
                continue;
            }

            if (encoder is null)
            {
                tokens += (sources.Template!.Render(instruction.Instruction, instruction.Input).Length + instruction.Output.Length) / BytesPerToken;
                sampled++;
                continue;
            }

            encoder.AddInstruction(instruction, sources.Template!, entries);
            tokens += entries.Count > 0 ? entries[0].Length : 0;
            sampled += entries.Count;
            entries.WithoutEntries();
        }

        var sum = new Sum();
        var share = (double)sampled / Math.Clamp(count, 1, SampleInstructions); // Others are too long.
        sum.Add(count * share, sampled > 0 ? count * share * tokens / sampled : 0);
        return sum;
    }

    private sealed class Sum
    {
        public double Entries { get; private set; }

        public double Tokens { get; private set; }

        public void Add(double entries, double tokens) => (Entries, Tokens) = (Entries + entries, Tokens + tokens);
    }

    private sealed record Sample(Source Source, IReadOnlyList<(string Name, double Records, double Tokens)> Groups)
    {
        public static Sample Take(WorkUnit unit, Tokenizer? tokenizer, CancellationToken cancellationToken)
        {
            var groups = new Tally[unit.Groups.Count];
            var (all, bytes, ended) = (0L, 0L, true);
            var ids = new List<int>();
            foreach (var batch in unit.Reader.Read(new BadRecords(), cancellationToken))
            {
                var counts = bytes < TokenizedBytes;
                var lengths = Lengths(batch, counts ? tokenizer : null, ids);
                all += batch.Count;
                bytes += batch.Bytes;
                for (var group = 0; group < groups.Length; group++)
                {
                    for (var record = 0; record < batch.Count; record++)
                    {
                        var (first, second) = (unit.Groups[group].First, unit.Groups[group].Second);
                        var (left, right) = (batch[record, first].Length, second < 0 ? 1 : batch[record, second].Length);
                        if (left > 0 && right > 0)
                        {
                            var size = left + (second < 0 ? 0 : right);
                            var length = lengths[record, first] + (second < 0 ? 0 : lengths[record, second]);
                            var tally = groups[group];
                            groups[group] = new Tally(tally.Records + 1, tally.Bytes + size, tally.Tokenized + (counts ? size : 0), tally.Tokens + (counts ? length : 0));
                        }
                    }
                }

                // Of a member of an archive nobody knows how much is left: it is read to its end.
                if (bytes >= SampleBytes && unit.Size > WholeFile && unit.Position > 0 && unit.Position < unit.Size)
                {
                    ended = false;
                    break;
                }
            }

            var scale = ended ? 1 : (double)unit.Size / unit.Position;
            return new Sample(
                new Source(unit.Reader.Name, unit.Files.Count, unit.Size, unit.Reader.Languages, (long)(all * scale)),
                [.. unit.Groups.Select((group, i) => (group.Name, groups[i].Records * scale, groups[i].AllTokens * scale))]);
        }

        /// <summary>What was counted of a group: tokens of its first bytes only.</summary>
        private readonly record struct Tally(long Records, long Bytes, long Tokenized, double Tokens)
        {
            public double AllTokens => Tokenized > 0 ? Tokens * Bytes / Tokenized : Bytes / BytesPerToken;
        }

        private static double[,] Lengths(RecordBatch batch, Tokenizer? tokenizer, List<int> ids)
        {
            var lengths = new double[batch.Count, batch.Fields];
            for (var record = 0; record < batch.Count; record++)
            {
                for (var field = 0; field < batch.Fields; field++)
                {
                    if (tokenizer is null)
                    {
                        lengths[record, field] = batch[record, field].Length / BytesPerToken;
                        continue;
                    }

                    ids.Clear();
                    tokenizer.Encode(batch[record, field], ids, SpecialTokens.Text);
                    lengths[record, field] = ids.Count;
                }
            }

            return lengths;
        }
    }
}
