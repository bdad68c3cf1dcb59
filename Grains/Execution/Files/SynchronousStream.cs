namespace Millrace.Execution.Files;

/// <summary>A stream for writers on a thread of their own: what they await is done when it returns, so that they stay
/// on their thread.</summary>
/// <remarks>A file stream would send each asynchronous write to the pool. Disposing it leaves the stream below
/// open.</remarks>
internal sealed class SynchronousStream(Stream below) : ForwardStream
{
    public override void Flush() => below.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        below.Flush();
        return Task.CompletedTask;
    }

    protected override void Append(ReadOnlySpan<byte> bytes) => below.Write(bytes);
}
