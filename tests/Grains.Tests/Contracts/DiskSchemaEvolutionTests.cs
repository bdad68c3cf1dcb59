using Millrace.State;
using Millrace.State.Disk;

namespace Millrace.Contracts;

[TestClass]
public sealed class DiskSchemaEvolutionTests : SchemaEvolutionContract
{
    private const long MemoryBudget = 32L << 20;

    private readonly List<IDisposable> _backends = [];
    private DiskSpace? _disk;

    [TestCleanup]
    public void GiveBack()
    {
        _backends.ForEach(backend => backend.Dispose());
        _disk?.Dispose();
    }

    private protected override KeyedStateBackend<TKey> Create<TKey>(KeyedStateSettings settings)
    {
        _disk ??= new DiskSpace(MemoryBudget);

        // As many as a silo would have at a time; a rule needs two of them.
        if (_backends.Count == 4)
        {
            _backends[0].Dispose();
            _backends.RemoveAt(0);
        }

        var backend = new DiskStateBackend<TKey>(settings, _disk.Space);
        _backends.Add(backend);
        return backend;
    }
}
