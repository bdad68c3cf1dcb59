using Millrace.Contracts;

namespace Millrace.State.Disk;

/// <summary>State on the disk with memory for all of it.</summary>
[TestClass]
public sealed class DiskExpirySweepTests : DiskExpirySweepContract
{
    private protected override long MemoryBudget => 32L << 20;
}

/// <summary>State on the disk with so little memory that rows come and go all the time.</summary>
[TestClass]
public sealed class TightDiskExpirySweepTests : DiskExpirySweepContract
{
    private protected override long MemoryBudget => DiskSpace.Tight;
}

/// <summary>What must go from every backend, by one on the disk.</summary>
public abstract class DiskExpirySweepContract : ExpirySweepContract
{
    private readonly List<IDisposable> _backends = [];
    private DiskSpace? _disk;

    private protected abstract long MemoryBudget { get; }

    [TestCleanup]
    public void GiveBack()
    {
        _backends.ForEach(backend => backend.Dispose());
        _disk?.Dispose();
    }

    private protected override KeyedStateBackend<string> Create(KeyedStateSettings settings)
    {
        _disk ??= new DiskSpace(MemoryBudget);
        var backend = new DiskStateBackend<string>(settings, _disk.Space);
        _backends.Add(backend);
        return backend;
    }
}
