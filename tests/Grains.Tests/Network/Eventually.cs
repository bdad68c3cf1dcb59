using System.Globalization;

namespace Millrace.Network;

/// <summary>Waits for what other threads bring about.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task HoldsAsync(string what, Func<bool> condition, Func<string>? seen = null)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                Assert.Fail($"{what}: not within {Patience}; seen {seen?.Invoke() ?? "nothing"}");
            }

            await Task.Delay(1);
        }
    }

    public static Task EqualsAsync(long expected, Func<long> actual, string what) =>
        HoldsAsync(what, () => actual() == expected, () => actual().ToString(CultureInfo.InvariantCulture));
}
