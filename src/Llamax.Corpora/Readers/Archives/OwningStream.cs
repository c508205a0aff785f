namespace Llamax.Corpora.Readers.Archives;

/// <summary>A member's stream that closes the archive with itself.</summary>
internal sealed class OwningStream(Stream inner, IDisposable owner) : ForwardStream(inner)
{
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            owner.Dispose();
        }
    }
}
