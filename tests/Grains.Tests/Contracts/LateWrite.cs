using Millrace.State.Snapshots;

namespace Millrace.Contracts;

/// <summary>Writes what is frozen, a part at a time.</summary>
internal sealed class LateWrite(FrozenState frozen) : IDisposable
{
    private readonly SnapshotOutput _output = new();
    private IEnumerator<long>? _parts;

    public bool Go() => (_parts ??= frozen.Write(_output).GetEnumerator()).MoveNext();

    public byte[] Finish()
    {
        while (Go())
        {
            // Each call writes a part.
        }

        return _output.Writer.WrittenSpan.ToArray();
    }

    public void Dispose()
    {
        _parts?.Dispose();
        frozen.Dispose();
        _output.Dispose();
    }
}
