namespace Millrace.Serialization;

#pragma warning disable CA1034, CA1815, CA1051
/// <summary>What became of the types in <see cref="Before"/>.</summary>
internal static class After
{
    public sealed class Customer
    {
        public int Visits { get; set; }

        public string? Name { get; set; }

        public string City { get; set; } = "unknown";

        public DateOnly? Birthday { get; set; }

        public int Age { get; set; }
    }

    public sealed record Three(int A, string B, double C)
    {
        public (int A, string B, double C) Deconstructed() => (A, B, C);
    }

    public record struct Wider(long Value, int More, string? Text);

    public sealed record Rich(int First, long Middle, string? Last);

    public sealed record Reordered(int[] D, double C, string A, int B);

    public sealed class Renamed
    {
        [MillraceField("NeverUsed", "Old")]
        public long New { get; set; }

        public int Same { get; set; }

        [field: MillraceField("Older")]
        public string? Newer { get; set; }
    }

    public record struct Positional([MillraceField("Value")] long Number);

    public sealed class Swapped
    {
        public int Old { get; set; }

        [MillraceField("Old")]
        public int Taken { get; set; }
    }

    public sealed record Folder(string Name, List<Folder>? Children, long Depth);

    public sealed record Number<T>(T Value);

    public sealed record Placed(long A, string B);
}
