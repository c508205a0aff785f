namespace Llamax.Translation.Generation;

/// <summary>When a beam search gives up looking for a better hypothesis of a sentence; the words are those of Hugging Face.</summary>
public enum EarlyStopping
{
    /// <summary>
    /// As soon as as many hypotheses are closed as there are beams and the best running one, if it ended now, would not
    /// beat the worst of them.
    /// </summary>
    False,

    /// <summary>As soon as as many hypotheses are closed as there are beams.</summary>
    True,

    /// <summary>
    /// Like <see cref="False"/>, but a running hypothesis is thought to grow to the full length where the length penalty
    /// favours long ones: no better hypothesis is missed.
    /// </summary>
    Never,
}
