using Millrace.Execution.Files;

namespace Millrace.Checkpointing.Storage;

/// <summary>Writes forward into a stream, no faster than it should. Blocks; leaves it open.</summary>
internal sealed class PacedStream(Stream below, WritePace pace, CancellationToken cancellationToken) : ForwardStream
{
    public override void Flush() => below.Flush();

    protected override void Append(ReadOnlySpan<byte> bytes)
    {
        below.Write(bytes);
        pace.Keep(bytes.Length, cancellationToken);
    }
}
