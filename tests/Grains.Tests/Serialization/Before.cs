namespace Millrace.Serialization;

#pragma warning disable CA1034, CA1815, CA1051
/// <summary>Types as they were when data was written; <see cref="After"/> has what became of them.</summary>
internal static class Before
{
    public sealed class Customer
    {
        public string? Name { get; set; }

        public int Age { get; set; }
    }

    public sealed record Two(int A, string B);

    public record struct Narrow(int Value);

    public sealed record Rich(
        int First, bool Gone1, string? Gone2, Order? Gone3, long Middle, List<Tree>? Gone4,
        Dictionary<string, int?>? Gone5,
        HashSet<Guid>? Gone6, System.Numerics.BigInteger Gone7, Uri? Gone8, Mixed? Gone9, Branch Gone10, Empty Gone11,
        string? Last);

    public sealed record Ordered(string A, int B, double C, int[] D);

    public sealed class Named
    {
        public int Old { get; set; }

        public string? Older { get; set; }

        public int Same { get; set; }
    }

    public sealed record Folder(string Name, List<Folder>? Children, int Gone);

    public sealed record Number<T>(T Value);

    public sealed record Placed(int A, Point Where, string B);
}
