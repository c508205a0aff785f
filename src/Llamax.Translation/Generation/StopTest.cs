namespace Llamax.Translation.Generation;

/// <summary>Whether a text ends with what was written last: a stop string, for example (<see cref="StopStrings"/>).</summary>
/// <param name="written">The new tokens, without the prompt.</param>
public delegate bool StopTest(ReadOnlySpan<int> written);
