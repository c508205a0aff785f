using System.Text;
using Llamax.Corpora.Building.Planning;
using Llamax.Corpora.Building.Selection;
using Llamax.Corpora.Building.Units;
using Llamax.Corpora.Cleaning;
using Llamax.Corpora.CodeSwitching;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;
using Llamax.Corpora.Shards;
using Llamax.Text.Tokenizers;

namespace Llamax.Corpora.Building.Chunks;

/// <summary>Reads the units of a chunk again and writes the entries of the records that enter.</summary>
/// <param name="tokenizer">Makes the ids.</param>
/// <param name="options">How texts become entries.</param>
/// <param name="switcher">Augments; null for no augmentation.</param>
/// <param name="sources">The units, which are numbered in the plan, and the instructions.</param>
/// <param name="cleaner">Cleans the records as it did when they were scanned.</param>
/// <param name="build">Seed, threads, clock.</param>
internal sealed class ChunkEncoder(Tokenizer tokenizer, DataOptions options, CodeSwitcher? switcher, TrainingSources sources, Cleaner cleaner, BuildOptions build)
{
    private const int InstructionsPerBatch = 256;

    /// <summary>Makes a chunk.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="plan">The plan that it belongs to.</param>
    /// <param name="keptOf">The places of a unit that enter.</param>
    /// <param name="folder">An empty folder for its shards.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public void Run(PlannedChunk chunk, BuildPlan plan, Func<int, IndexSet> keptOf, string folder, Action progress, CancellationToken cancellationToken)
    {
        var began = build.Time.GetTimestamp();
        var files = new ShardFiles(folder, options.Shards, options.Packing, options.PackedLength);
        var (leftOut, cleaning) = (new SortedDictionary<string, long>(StringComparer.Ordinal), new CleaningCounts());
        if (chunk.Parts.Count == 0)
        {
            Write(Instructions(cancellationToken), files, leftOut, cleaning, progress);
        }
        else if (chunk.Parts.SelectMany(part => part.Groups.Select(group => sources.Units[part.Unit].Groups[group].Name)).Distinct(StringComparer.Ordinal).Count() == 1)
        {
            Write(chunk.Parts.SelectMany(part => Entries(part, plan, keptOf(part.Unit), cancellationToken)), files, leftOut, cleaning, progress);
        }
        else
        {
            Write(Grouped(chunk, plan, keptOf, progress, cancellationToken), files, leftOut, cleaning, progress);
        }

        files.Complete();
        new ChunkResult
        {
            Shards = files.Shards,
            Groups = files.Groups,
            LeftOut = leftOut,
            Cleaning = cleaning.Rows,
            Seconds = build.Time.GetElapsedTime(began).TotalSeconds,
        }.Save(folder);
    }

    private static void Write(IEnumerable<EntryBuffer> buffers, ShardFiles files, SortedDictionary<string, long> leftOut, CleaningCounts cleaning, Action progress)
    {
        foreach (var entries in buffers)
        {
            for (var i = 0; i < entries.Count; i++)
            {
                var entry = entries[i];
                files.Add(entries.Ids(i), entry.LossFrom, entry.Kind, entry.Direction);
            }

            foreach (var (reason, count) in entries.LeftOut)
            {
                leftOut[reason] = leftOut.GetValueOrDefault(reason) + count;
            }

            cleaning.Add(entries.Cleaning.Rows);
            progress();
        }
    }

    private IEnumerable<EntryBuffer> Entries(PlannedPart part, BuildPlan plan, IndexSet kept, CancellationToken cancellationToken)
    {
        var unit = sources.Units[part.Unit];
        GroupRule[] rules = [.. part.Groups.Select(group => plan.Rules[BuildPlan.RuleName(unit.IsPseudo, unit.Groups[group].Name)])];
        return UnitPass.Run(
            unit,
            cleaner,
            build.Threads,
            (batch, _) =>
            {
                var entries = new EntryBuffer();
                new BatchEncoder(tokenizer, options, switcher, build.Seed).Encode(batch, unit, part.Groups, rules, kept, entries);
                return entries;
            },
            new BadRecords(), // Counted when they were scanned.
            cancellationToken);
    }

    /// <summary>What belongs to a language or a pair put together: the chunk is small, or it would hold one of them only.</summary>
    private IEnumerable<EntryBuffer> Grouped(
        PlannedChunk chunk, BuildPlan plan, Func<int, IndexSet> keptOf, Action progress, CancellationToken cancellationToken)
    {
        var groups = new SortedDictionary<(bool IsPseudo, bool IsPair, string Name), EntryBuffer>();
        foreach (var part in chunk.Parts)
        {
            var unit = sources.Units[part.Unit];
            foreach (var entries in Entries(part, plan, keptOf(part.Unit), cancellationToken))
            {
                for (var i = 0; i < entries.Count; i++)
                {
                    var group = unit.Groups[entries[i].Group];
                    var key = (unit.IsPseudo, group.Second >= 0, group.Name);
                    if (!groups.TryGetValue(key, out var together))
                    {
                        groups.Add(key, together = new EntryBuffer());
                    }

                    together.Add(entries, i);
                }

                yield return entries.WithoutEntries();
                progress();
            }
        }

        foreach (var together in groups.Values)
        {
            yield return together;
        }
    }

    /// <summary>The benchmark whose test set has a part of the instruction; null where none has.</summary>
    private string? Contaminating(InstructionExample instruction) => sources.Benchmarks is not { } benchmarks ? null
        : new[] { instruction.Instruction, instruction.Input, instruction.Output }.Select(part => benchmarks.Find(Encoding.UTF8.GetBytes(part))).FirstOrDefault(found => found is not null);

    private IEnumerable<EntryBuffer> Instructions(CancellationToken cancellationToken) => OrderedPipeline.Select(
        sources.Instructions.SelectMany(InstructionReader.Read).Chunk(InstructionsPerBatch),
        build.Threads,
        batch =>
        {
            var (encoder, entries) = (new ExampleEncoder(tokenizer, options), new EntryBuffer());
            foreach (var instruction in batch)
            {
                if (Contaminating(instruction) is { } benchmark)
                {
                    entries.LeaveOut("instructions that a benchmark's test set has");
                    entries.Cleaning.Add(CleaningStep.Contaminated, ExampleEncoder.UnknownLanguage, benchmark: benchmark);
                }
                else
                {
                    encoder.AddInstruction(instruction, sources.Template!, entries);
                }
            }

            return entries;
        },
        cancellationToken);
}
