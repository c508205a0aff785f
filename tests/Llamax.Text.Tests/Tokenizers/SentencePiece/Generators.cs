using CsCheck;

namespace Llamax.Text.Tests.Tokenizers.SentencePiece;

internal static class Generators
{
    /// <summary>One of the choices, each as likely as any other.</summary>
    public static Gen<T> AnyOf<T>(params T[] choices) => Gen.Int[0, choices.Length - 1].Select(i => choices[i]);
}
