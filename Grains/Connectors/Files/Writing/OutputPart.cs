using Millrace.Connectors.Files.Formats;

namespace Millrace.Connectors.Files.Writing;

/// <summary>A file that a writer has open: one buffer is filled on the loop while the other is written off
/// it.</summary>
internal sealed class OutputPart(OutputFile file, int bufferBytes) : IDisposable
{
    /// <summary>Filled on the loop.</summary>
    public Utf8Buffer Filling { get; private set; } = new(bufferBytes);

    /// <summary>When records were added last, counted in writes.</summary>
    public long LastUsed { get; set; }

    /// <summary>Whether records were added.</summary>
    public bool HasRecords { get; set; }

    /// <summary>Whether nothing more is added: what is written next completes the file.</summary>
    public bool IsLast { get; set; }

    /// <summary>Where the file is.</summary>
    public string Directory => file.Directory;

    /// <summary>Whether the file is complete.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Written off the loop.</summary>
    private Utf8Buffer Writing { get; set; } = new(bufferBytes);

    /// <summary>What was filled is to be written; only when nothing is being written.</summary>
    public void Turn()
    {
        (Filling, Writing) = (Writing, Filling);
        Filling.Clear();
    }

    /// <summary>Writes what was filled before the last turn. Blocks.</summary>
    /// <returns>What the committer needs, once the file is complete.</returns>
    /// <exception cref="FileWriteException">It cannot be written.</exception>
    public FileCommittable? WriteOut()
    {
        file.Write(Writing.Written);
        if (!IsLast)
        {
            return null;
        }

        file.Complete();
        IsDone = true;
        return file.Committable;
    }

    public void Dispose()
    {
        file.Dispose();
        Filling.Dispose();
        Writing.Dispose();
    }
}
