using Millrace.State;
using Millrace.State.Disk;

namespace Millrace.Contracts;

/// <summary>State on the disk with memory for all of it.</summary>
[TestClass]
public sealed class DiskStateBackendTests : DiskStateContract
{
    private protected override long MemoryBudget => 32L << 20;
}

/// <summary>State on the disk with so little memory that rows come and go all the time.</summary>
[TestClass]
public sealed class TightDiskStateBackendTests : DiskStateContract
{
    private protected override long MemoryBudget => DiskSpace.Tight;
}

/// <summary>What every keyed state backend must do, by one on the disk.</summary>
public abstract class DiskStateContract : KeyedStateContract
{
    private readonly List<KeyedStateBackend<string>> _backends = [];
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

        // As many as a silo would have at a time.
        if (_backends.Count == 8)
        {
            _backends[0].Dispose();
            _backends.RemoveAt(0);
        }

        var backend = new DiskStateBackend<string>(settings, _disk.Space);
        _backends.Add(backend);
        return backend;
    }
}
