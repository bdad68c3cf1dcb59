using Millrace.Execution.Files;

namespace Millrace.Tasks.Checkpointing.Copies;

/// <summary>Writes forward into a stream, and the same into a copy. Leaves both open.</summary>
internal sealed class CopyingStream(Stream below, LocalCopyWriter copy) : ForwardStream
{
    public override void Flush() => below.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => below.FlushAsync(cancellationToken);

    protected override void Append(ReadOnlySpan<byte> bytes)
    {
        below.Write(bytes);
        copy.Write(bytes);
    }

    protected override async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await below.WriteAsync(bytes, cancellationToken);
        copy.Write(bytes.Span);
    }
}
