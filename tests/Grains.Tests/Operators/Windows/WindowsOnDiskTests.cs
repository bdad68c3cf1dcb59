using Millrace.State.Disk;
using Millrace.State.Snapshots;

namespace Millrace.Operators.Windows;

/// <summary>Windows whose contents are on the disk, beside the same ones in memory.</summary>
[TestClass]
public sealed class WindowsOnDiskTests
{
    // Now and then each goes on with what the other has saved.
    [TestMethod]
    [DynamicData(nameof(WindowOperatorTests.AllCases), typeof(WindowOperatorTests))]
    public void Results_are_those_of_windows_in_memory(int one, string name)
    {
        using var disk = new DiskSpace(DiskSpace.Tight);
        WindowRun<Fired> inMemory = new(WindowOperatorTests.Of(one));
        WindowRun<Fired> onDisk = new(WindowOperatorTests.Of(one), state: disk.State);
        int step = 0;
        foreach ((Click click, long watermark) in WindowOperatorTests.Steps(seed: 1, 300))
        {
            inMemory.Process(click);
            onDisk.Process(click);
            inMemory.Advance(watermark);
            onDisk.Advance(watermark);
            CollectionAssert.AreEqual(inMemory.Results, onDisk.Results, $"{name}, after {click}");
            CollectionAssert.AreEqual(inMemory.Late, onDisk.Late, $"{name}, after {click}");
            if (++step % 60 == 0)
            {
                OperatorSnapshot ofMemory = inMemory.Snapshot();
                OperatorSnapshot ofDisk = onDisk.Snapshot();
                inMemory.Dispose();
                onDisk.Dispose();
                inMemory = new(WindowOperatorTests.Of(one), restored: [ofDisk]);
                onDisk = new(WindowOperatorTests.Of(one), restored: [ofMemory], state: disk.State);
            }
        }

        Assert.AreEqual(inMemory.Snapshot().Keyed.Length, onDisk.Snapshot().Keyed.Length, "nothing is left behind");
        inMemory.Dispose();
        onDisk.Dispose();
    }
}
