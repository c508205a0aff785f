using Llamax.Text.Languages;
using Llamax.Text.Tokenizers;
using Llamax.Translation.Generation;

namespace Llamax.Translation.Translating;

/// <summary>Translates texts from one language straight into another.</summary>
/// <param name="model">The model.</param>
/// <param name="from">The texts' language.</param>
/// <param name="to">The language to translate into.</param>
/// <param name="options">How.</param>
internal sealed class TranslationStep(TranslationModel model, Language from, Language to, TranslationOptions options)
{
    /// <summary>Of the model's room, the part that is kept for what it writes.</summary>
    private const int RoomShare = 2;

    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
    private readonly List<Prompt> prompts = [];
    private readonly List<string> sources = [];

    /// <summary>Translates.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="firstNumber">What messages call the first text.</param>
    /// <param name="report">Told of the share that is done; may be null.</param>
    /// <param name="cancellationToken">Looked at before each token.</param>
    public List<TranslatedText> Run(IReadOnlyList<string> texts, long firstNumber, Action<double>? report, CancellationToken cancellationToken)
    {
        var cutter = new TextCutter(text => model.Tokenizer.Encode(text, SpecialTokens.Text).Length, Fits, options.SentenceTokens);
        var plans = new List<IReadOnlyList<TextPart>>();
        for (var i = 0; i < texts.Count; i++)
        {
            plans.Add(!TextCutter.HasLetter(texts[i]) ? [] : cutter.Cut(texts[i]) ?? throw new LlamaxException(
                $"Line {firstNumber + i} does not fit into the model's {model.Room:N0} positions with its prompt, however it is cut: shorten the prompt's template."));
            foreach (var part in plans[i].Where(part => TextCutter.HasLetter(part.Text)))
            {
                Add(part.Text, $"Line {firstNumber + i}");
            }
        }

        var search = options.Generation;
        var wider = options.IsInLanguage is null ? search : search with { Hypotheses = search.Beams };
        var done = 0;
        IReadOnlyList<Hypothesis>[] found = [.. model.Generate(prompts, wider, (_, _) => report?.Invoke((double)++done / prompts.Count), cancellationToken)];
        var events = found.Select(_ => new List<TranslationEvent>()).ToArray();
        RepairLoops(found, events, wider, cancellationToken);
        var read = found.Select((hypotheses, i) => Choose(hypotheses, events[i])).ToList();
        return [.. texts.Select((text, i) => Join(text, plans[i], read, events))];
    }

    private void Add(string text, string line)
    {
        if (numbers.TryAdd(text, prompts.Count))
        {
            prompts.Add(model.Encode(text, from, to) with { Name = line });
            sources.Add(text);
        }
    }

    private bool Fits(string text) => model.Encode(text, from, to) is var prompt && (prompt.Source is { } source
        ? source.Count <= model.Room
        : prompt.Ids.Count + Math.Min(options.Generation.MaxNewTokens, model.Room / RoomShare) <= model.Room);

    /// <summary>Searches anew, without repetitions, where output goes round in circles and its source does not.</summary>
    private void RepairLoops(
        IReadOnlyList<Hypothesis>[] found, List<TranslationEvent>[] events, GenerationOptions search, CancellationToken cancellationToken)
    {
        int[] looping = [.. Enumerable.Range(0, found.Length).Where(i => LoopFinder.Period(found[i][0].Ids) > 0
            && LoopFinder.Period(model.Tokenizer.Encode(sources[i], SpecialTokens.Text)) == 0)];
        if (looping.Length == 0)
        {
            return;
        }

        var again = options.LoopNgram == 0 ? null : model.Generate(
            [.. looping.Select(i => prompts[i])], search with { NoRepeatNgram = options.LoopNgram }, cancellationToken: cancellationToken);
        for (var k = 0; k < looping.Length; k++)
        {
            var (i, period) = (looping[k], LoopFinder.Period(found[looping[k]][0].Ids));
            var repaired = again is not null && LoopFinder.Period(again[k][0].Ids) == 0;
            found[i] = repaired ? again![k] : found[i];
            events[i].Add(repaired
                ? new TranslationEvent(TranslationEventKind.LoopRepaired, $"{period} tokens came again and again; found anew with no {options.LoopNgram} tokens twice")
                : new TranslationEvent(TranslationEventKind.LoopRemains, $"{period} tokens come again and again"));
        }
    }

    /// <summary>The hypotheses as texts, with the first that is in the wanted language in front.</summary>
    private List<TranslationHypothesis> Choose(IReadOnlyList<Hypothesis> found, List<TranslationEvent> events)
    {
        var texts = found.Select(hypothesis => new TranslationHypothesis(
            model.Decode(hypothesis), hypothesis.Score, hypothesis.Ids.Count + (hypothesis.EndId is null ? 0 : 1), hypothesis.EndId is not null)).ToList();
        if (options.IsInLanguage is { } isInLanguage && texts.FindIndex(text => isInLanguage(text.Text, to.Code)) is not 0 and var rank)
        {
            if (rank > 0)
            {
                var chosen = texts[rank];
                texts.RemoveAt(rank);
                texts.Insert(0, chosen);
            }

            if (rank > 0 && LoopFinder.Period(found[rank].Ids) is > 0 and var period)
            {
                events.Add(new TranslationEvent(TranslationEventKind.LoopRemains, $"{period} tokens come again and again"));
            }

            events.Add(rank > 0
                ? new TranslationEvent(TranslationEventKind.LanguageChosen, $"hypothesis {rank + 1} is the first in {to.Name}")
                : new TranslationEvent(TranslationEventKind.WrongLanguage, $"none of {texts.Count} hypotheses is in {to.Name}"));
        }

        if (!texts[0].Complete)
        {
            events.Add(new TranslationEvent(TranslationEventKind.AtLimit, $"cut after {texts[0].Tokens:N0} tokens"));
        }

        return texts[..Math.Min(texts.Count, options.Generation.Hypotheses)];
    }

    private TranslatedText Join(
        string text, IReadOnlyList<TextPart> parts, List<List<TranslationHypothesis>> read, List<TranslationEvent>[] events)
    {
        if (parts.Count == 0)
        {
            TranslationEvent[] passed = text.Length == 0 ? [] : [new TranslationEvent(TranslationEventKind.PassedThrough, "no letters")];
            return new TranslatedText(text, null, [new TranslationHypothesis(text, 0, 0, true)]) { Events = passed };
        }

        var happened = new List<TranslationEvent>();
        if (parts.Count > 1)
        {
            happened.Add(new TranslationEvent(TranslationEventKind.Split, $"{parts.Count} parts"));
        }

        if (parts.Count(part => part.Cut) is > 0 and var cut)
        {
            happened.Add(new TranslationEvent(TranslationEventKind.Cut, $"{cut} parts are pieces of sentences that do not fit into {model.Room:N0} tokens"));
        }

        int[] translated = [.. parts.Select(part => numbers.GetValueOrDefault(part.Text, -1))];
        happened.AddRange(translated.Where(number => number >= 0).SelectMany(number => events[number]));
        var count = translated.Where(number => number >= 0).Min(number => read[number].Count);
        return new TranslatedText(text, null, [.. Enumerable.Range(0, count).Select(rank => Join(parts, translated, read, rank))]) { Events = happened };
    }

    /// <summary>The hypotheses of one rank behind each other; their score is the mean by tokens.</summary>
    private TranslationHypothesis Join(IReadOnlyList<TextPart> parts, int[] translated, List<List<TranslationHypothesis>> read, int rank)
    {
        if (parts.Count == 1 && parts[0].Gap.Length == 0)
        {
            return read[translated[0]][rank];
        }

        var text = string.Concat(parts.Select((part, i) =>
            (translated[i] < 0 ? part.Text : read[translated[i]][rank].Text) + TextCutter.GapBehind(part, i == parts.Count - 1, to)));
        TranslationHypothesis[] all = [.. translated.Where(number => number >= 0).Select(number => read[number][rank])];
        var tokens = all.Sum(hypothesis => hypothesis.Tokens);
        return new TranslationHypothesis(
            text, all.Sum(hypothesis => hypothesis.Score * hypothesis.Tokens) / Math.Max(1, tokens), tokens, Array.TrueForAll(all, hypothesis => hypothesis.Complete));
    }
}
