namespace Llamax.Reports;

/// <summary>Two systems that are compared.</summary>
/// <param name="Before">The system that the other is measured against.</param>
/// <param name="After">The system that the report is about.</param>
public sealed record SystemPair(string Before, string After);
