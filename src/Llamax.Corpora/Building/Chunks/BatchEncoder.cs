using System.Buffers;
using Llamax.Corpora.Building.Planning;
using Llamax.Corpora.Building.Selection;
using Llamax.Corpora.Building.Units;
using Llamax.Corpora.CodeSwitching;
using Llamax.Corpora.Readers.Records;
using Llamax.Text.Randomness;
using Llamax.Text.Tokenizers;

namespace Llamax.Corpora.Building.Chunks;

/// <summary>Makes entries of a batch's records by the rules of their groups. One thread at a time.</summary>
/// <param name="tokenizer">Makes the ids.</param>
/// <param name="options">How texts become entries.</param>
/// <param name="switcher">Augments; null for no augmentation.</param>
/// <param name="seed">The run's seed.</param>
internal sealed class BatchEncoder(Tokenizer tokenizer, DataOptions options, CodeSwitcher? switcher, long seed)
{
    /// <summary>What the manifest calls code-switched entries that do not come into being.</summary>
    public const string UnchangedPairs = $"code-switched pairs {NothingReplaced}, by entry";

    /// <summary>The same of pseudo-parallel pairs.</summary>
    public const string UnchangedPseudoPairs = $"code-switched pseudo-parallel pairs {NothingReplaced}, by entry";

    /// <summary>The same of texts.</summary>
    public const string UnchangedTexts = $"code-switched texts {NothingReplaced}, by entry";

    private const string NothingReplaced = "in which no word was replaced";
    private const string AboveLimit = "above max_tokens";

    private readonly ExampleEncoder encoder = new(tokenizer, options);
    private readonly ContentHash hash = new(seed);
    private readonly ulong direction = new RandomStream(seed, "direction").NextUInt64();
    private readonly ArrayBufferWriter<byte> switched = new();

    /// <summary>Appends the entries of the records that enter.</summary>
    /// <param name="batch">Records of the unit.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="groups">Which of its groups are wanted.</param>
    /// <param name="rules">The rule of each group wanted.</param>
    /// <param name="kept">The places that enter.</param>
    /// <param name="entries">Receives the entries, each with the number of its group.</param>
    public void Encode(
        RecordBatch batch, WorkUnit unit, IReadOnlyList<int> groups, IReadOnlyList<GroupRule> rules, IndexSet kept, EntryBuffer entries)
    {
        for (var record = 0; record < batch.Count; record++)
        {
            for (var i = 0; i < groups.Count; i++)
            {
                if (!kept.Contains(UnitScan.Place(batch.Number(record), unit.Groups.Count, groups[i])))
                {
                    continue;
                }

                var group = unit.Groups[groups[i]];
                if (group.Second < 0)
                {
                    AddText(batch[record, group.First], group.Name, rules[i], entries, groups[i]);
                }
                else
                {
                    AddPair(batch[record, group.First], batch[record, group.Second], group, unit.IsPseudo, rules[i], entries, groups[i]);
                }
            }
        }
    }

    private void AddText(ReadOnlySpan<byte> text, string language, GroupRule rule, EntryBuffer entries, int group)
    {
        encoder.AddBlocks(text, ExampleKinds.Monolingual, language, entries, group);
        if (!rule.IsSwitched || switcher is null || options.CodeSwitch.From == CodeSwitchSource.Parallel)
        {
            return;
        }

        for (var copy = 0; copy < options.CodeSwitch.Copies; copy++)
        {
            switched.ResetWrittenCount();
            if (switcher.TrySwitchText(language, text, copy, switched))
            {
                encoder.AddPair(switched.WrittenSpan, text, ExampleKinds.CodeSwitchedText, language, entries, group);
            }
            else
            {
                entries.LeaveOut(UnchangedTexts);
            }
        }
    }

    private void AddPair(
        ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, LanguageGroup group, bool isPseudo, GroupRule rule, EntryBuffer entries, int number)
    {
        var added = 0;
        if (options.Format == DataFormat.Split)
        {
            added = rule.Replicas;
            for (var i = 0; i < rule.Replicas; i++)
            {
                encoder.AddBlocks(first, ExampleKinds.SplitParallel, group.FirstLanguage, entries, number);
                encoder.AddBlocks(second, ExampleKinds.SplitParallel, group.SecondLanguage, entries, number);
            }
        }
        else if (rule.Replicas > 0)
        {
            var draws = new ContentDraws(hash.Of(group.Utf8Name, first, second), direction);
            for (var i = 0; i < rule.Replicas; i++)
            {
                var kind = isPseudo ? ExampleKinds.PseudoParallel : ExampleKinds.Parallel;
                added += draws.NextBool()
                    ? encoder.AddPair(first, second, kind, group.Name, entries, number) ? 1 : 0
                    : encoder.AddPair(second, first, kind, group.Reversed, entries, number) ? 1 : 0;
            }
        }

        var changes = 0;
        if (rule.IsSwitched && switcher is not null && options.CodeSwitch.From != CodeSwitchSource.Monolingual)
        {
            var kind = isPseudo ? ExampleKinds.PseudoCodeSwitched : ExampleKinds.CodeSwitched;
            for (var copy = 0; copy < options.CodeSwitch.Copies; copy++)
            {
                AddSwitched(group.FirstLanguage, group.SecondLanguage, first, second, copy, kind, group.Name);
                AddSwitched(group.SecondLanguage, group.FirstLanguage, second, first, copy, kind, group.Reversed);
            }

            var unchanged = (2 * options.CodeSwitch.Copies) - changes;
            entries.LeaveOut(isPseudo ? UnchangedPseudoPairs : UnchangedPairs, unchanged);
        }

        if (isPseudo && added == 0) // Nothing of the pair enters: neither language has it.
        {
            var reason = changes == 0 && rule.Replicas == 0 ? NothingReplaced : AboveLimit;
            entries.LeaveOut($"pseudo-parallel pairs of {group.FirstLanguage} {reason}");
            entries.LeaveOut($"pseudo-parallel pairs of {group.SecondLanguage} {reason}");
        }

        void AddSwitched(string source, string target, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, int copy, string kind, string name)
        {
            switched.ResetWrittenCount();
            if (switcher.TrySwitch(source, target, from, to, copy, switched))
            {
                changes++;
                added += encoder.AddForTarget(switched.WrittenSpan, to, kind, name, entries, number) ? 1 : 0;
            }
        }
    }
}
