namespace Llamax.Testing.Hub;

/// <summary>What a server does after the bytes that it sends.</summary>
public enum HubEnding
{
    /// <summary>It is ready for the next request.</summary>
    Regular,

    /// <summary>It closes the connection.</summary>
    Close,

    /// <summary>It resets the connection.</summary>
    Reset,

    /// <summary>It says nothing more.</summary>
    Stall,
}
