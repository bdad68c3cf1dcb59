namespace Millrace.Examples.Nexmark.Output;

/// <summary>Names of the accumulators a query's result is told by.</summary>
public static class ResultNames
{
    /// <summary>Number of rows.</summary>
    public const string Rows = "rows";

    /// <summary>Sum of the hashes of the rows, modulo 2 to the 64th.</summary>
    public const string Hash = "hash";
}
