namespace Llamax.Corpora.Readers;

/// <summary>A task and its answer, as in the Alpaca data.</summary>
/// <param name="Instruction">What to do.</param>
/// <param name="Input">What to do it with; may be empty.</param>
/// <param name="Output">The answer.</param>
public sealed record InstructionExample(string Instruction, string Input, string Output);
