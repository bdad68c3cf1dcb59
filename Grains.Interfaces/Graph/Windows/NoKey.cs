namespace Millrace.Graph.Windows;

/// <summary>The one key of all records of a stream that has none.</summary>
internal readonly record struct NoKey;
