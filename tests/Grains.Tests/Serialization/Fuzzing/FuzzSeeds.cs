using System.Globalization;

namespace Millrace.Serialization.Fuzzing;

/// <summary>
/// Seeds of tests with random input. The same few unless <c>MILLRACE_FUZZ_SEEDS</c> says how many from 1 on.
/// </summary>
internal static class FuzzSeeds
{
    private const string Count = "MILLRACE_FUZZ_SEEDS";
    private const int Usual = 10;

    public static IEnumerable<object[]> All { get; } =
    [
        .. Enumerable.Range(1, int.Parse(
                Environment.GetEnvironmentVariable(Count) ?? $"{Usual}", CultureInfo.InvariantCulture))
            .Select(seed => (object[])[seed]),
    ];
}
