using Millrace.State;
using Millrace.State.Heap;

namespace Millrace.Contracts;

[TestClass]
public sealed class HeapSchemaEvolutionTests : SchemaEvolutionContract
{
    private protected override KeyedStateBackend<TKey> Create<TKey>(KeyedStateSettings settings) =>
        new HeapStateBackend<TKey>(settings);
}
