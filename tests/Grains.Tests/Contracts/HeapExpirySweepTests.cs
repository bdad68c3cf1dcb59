using Millrace.State;
using Millrace.State.Heap;

namespace Millrace.Contracts;

[TestClass]
public sealed class HeapExpirySweepTests : ExpirySweepContract
{
    private protected override KeyedStateBackend<string> Create(KeyedStateSettings settings) =>
        new HeapStateBackend<string>(settings);
}
