using System.Runtime.InteropServices;

namespace Llamax.Corpora.Dictionaries.Storage;

/// <summary>A translation with its language.</summary>
/// <param name="Language">The language's number.</param>
/// <param name="Entry">The translation.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LexiconStep(int Language, LexiconEntry Entry);
