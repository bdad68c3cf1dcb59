using System.Buffers.Binary;
using Millrace.Connectors;
using Millrace.Functions;

namespace Millrace.Examples.Nexmark.Output;

/// <summary>Number of rows and sum of their hashes: accumulators of the job, which go on from checkpoints.</summary>
internal sealed class ResultSums
{
    private const int Bytes = 2 * sizeof(long);

    private readonly LongCounter _rows;
    private readonly LongCounter? _hash;

    /// <param name="runtime">Of the subtask that writes.</param>
    /// <param name="states">What other sums had come to, from <see cref="ToBytes"/>.</param>
    /// <param name="withHash">Whether hashes are added up as well.</param>
    public ResultSums(RuntimeContext runtime, IReadOnlyList<byte[]> states, bool withHash)
    {
        _rows = runtime.Counter(ResultNames.Rows);
        _hash = withHash ? runtime.Counter(ResultNames.Hash) : null;
        foreach (byte[] state in states)
        {
            Add(
                BinaryPrimitives.ReadInt64LittleEndian(state),
                BinaryPrimitives.ReadInt64LittleEndian(state.AsSpan(sizeof(long))));
        }
    }

    /// <summary>Adds some rows.</summary>
    public void Add(long rows, long hash)
    {
        _rows.Add(rows);
        _hash?.Add(hash);
    }

    /// <summary>What another one goes on from.</summary>
    public SinkWriterSnapshot Snapshot()
    {
        byte[] state = new byte[Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(state, _rows.Value);
        BinaryPrimitives.WriteInt64LittleEndian(state.AsSpan(sizeof(long)), _hash?.Value ?? 0);
        return new SinkWriterSnapshot([state], []);
    }
}
