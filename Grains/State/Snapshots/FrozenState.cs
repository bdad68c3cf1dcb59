namespace Millrace.State.Snapshots;

/// <summary>State as it was at a cut, while its owner goes on to change its own.</summary>
/// <remarks>Made on the owner's loop, in a time that does not depend on how much state there is. Then written once, on
/// any one thread; and disposed, whether it was written, or given up before or while it was.</remarks>
internal abstract class FrozenState : IDisposable
{
    /// <summary>Whether it cannot be read without the checkpoint it builds upon.</summary>
    public abstract bool IsChange { get; }

    /// <summary>Writes it, part by part, so that what was written can go on in between.</summary>
    /// <param name="output">Takes the bytes.</param>
    /// <returns>Behind each part, the position of the output. A part has some megabytes, or one entry that is
    /// larger.</returns>
    public abstract IEnumerable<long> Write(SnapshotOutput output);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Writes all of it at once, and disposes it.</summary>
    public byte[] ToArray()
    {
        using (this)
        {
            using SnapshotOutput output = new();
            foreach (long _ in Write(output))
            {
                // All of it stays in the output.
            }

            return output.Writer.WrittenSpan.ToArray();
        }
    }
}
