using Millrace.Slots;

namespace Millrace.InProcess;

/// <summary>Waits for what a cluster brings about.</summary>
internal static class Eventually
{
    public static Task HoldsAsync(Func<bool> condition) => HoldsAsync(() => Task.FromResult(condition()));

    /// <summary>Until so many slots are free, and so all silos have joined: before that a job could do with
    /// fewer.</summary>
    public static Task HasSlotsAsync(MiniCluster cluster, int count) => HoldsAsync(async () =>
        (await cluster.Grains.ResourceManager().GetOverviewAsync(CancellationToken.None)).FreeSlots == count);

    /// <param name="condition">What is waited for.</param>
    /// <param name="found">Tells what there is instead, should it not come to that.</param>
    public static async Task HoldsAsync(Func<Task<bool>> condition, Func<string>? found = null)
    {
        int looks = 0;
        while (!await condition())
        {
            Assert.IsLessThan(6_000, looks++, found?.Invoke() ?? "it does not come to that");
            await Task.Delay(10);
        }
    }
}
