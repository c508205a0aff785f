using Llamax.Corpora.Dictionaries;
using Llamax.Text.Segmentation;

namespace Llamax.Corpora.CodeSwitching;

/// <summary>What does not change from one sentence of two languages to the next.</summary>
/// <param name="Source">The language of what is changed.</param>
/// <param name="Target">The other one.</param>
/// <param name="Number">The source language's number in the lexicon; -1 where it has none of its words.</param>
/// <param name="Allowed">A bit for each of the lexicon's languages, set where its words may come in.</param>
/// <param name="LowerCase">The source language's rules.</param>
/// <param name="Segmenter">Cuts the source.</param>
/// <param name="Key">Keys the hashes of the sentences.</param>
internal sealed record SwitchPlan(string Source, string Target, int Number, ulong[] Allowed, LowerCase LowerCase, IWordSegmenter Segmenter, long Key);
