using System.Collections.Immutable;

namespace Millrace.Checkpointing;

/// <summary>Where the state of one subtask is.</summary>
/// <param name="File">Its file among those of the job's checkpoints, or null when the bytes are few and stand
/// here.</param>
/// <param name="Bytes">The bytes themselves, or null when they are in a file.</param>
/// <param name="Length">Number of bytes.</param>
/// <param name="Checksum">CRC-32C of the bytes.</param>
[GenerateSerializer, Immutable, Alias("millrace.StateHandle")]
public sealed record StateHandle(
    [property: Id(0)] string? File,
    [property: Id(1)] byte[]? Bytes,
    [property: Id(2)] long Length,
    [property: Id(3)] uint Checksum)
{
    /// <summary>Where the state of earlier checkpoints is that this one builds upon, oldest first: this one may hold
    /// only what has changed since the last of them. None of them has earlier ones of its own.</summary>
    [Id(4)]
    public ImmutableArray<StateHandle> Earlier { get; init; } = [];

    /// <summary>All files that are needed to read it, each once.</summary>
    public IEnumerable<string> Files() =>
        Earlier.Append(this).Select(static handle => handle.File).OfType<string>().Distinct();

    /// <summary>The same with other names for its files.</summary>
    internal StateHandle WithFiles(Func<string, string> name) => this with
    {
        File = File is null ? null : name(File),
        Earlier = [.. Earlier.Select(earlier => earlier.WithFiles(name))],
    };
}
