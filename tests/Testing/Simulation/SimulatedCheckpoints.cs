using Millrace.Checkpointing;
using Millrace.Checkpointing.Storage;
using Millrace.Execution.Files;
using Millrace.Jobs;

namespace Millrace.Simulation;

/// <summary>Where simulated silos keep checkpoints: writes take their time, and fail as often as is wanted.</summary>
/// <param name="simulation">Decides everything.</param>
/// <param name="failures">Of how many writes one fails; 0 for none.</param>
/// <param name="delay">Longest time that a write takes, beside the usual one.</param>
internal sealed class SimulatedCheckpoints(SimulatedExecution simulation, int failures, TimeSpan delay = default)
    : ICheckpointStorage
{
    /// <summary>Before the paths of files of jobs, in addresses.</summary>
    public const string Root = "sim://checkpoints/";

    private readonly Dictionary<string, byte[]> _files = [];

    /// <summary>Paths of all files.</summary>
    public IReadOnlyCollection<string> Files => _files.Keys;

    /// <summary>Whether nothing can be written from now on.</summary>
    public bool FailsAlways { get; set; }

    /// <summary>Beginning of the paths whose writes take <see cref="SlowTime"/> more; none by default.</summary>
    public string? SlowBelow { get; set; }

    /// <summary>See <see cref="SlowBelow"/>.</summary>
    public TimeSpan SlowTime { get; set; }

    /// <summary>How many of those have begun.</summary>
    public int SlowWrites { get; private set; }

    /// <summary>Whether a write that takes longer is not given up on any account: what it writes comes all the
    /// same.</summary>
    public bool WritesAllTheSame { get; set; }

    public async Task WriteAsync(
        JobId job, string file, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        byte[] content = bytes.ToArray();
        TimeSpan time = TimeSpan.FromMicroseconds(1 + simulation.Next(20_000 + (int)delay.TotalMicroseconds));
        if (SlowBelow is { } slow && Describe(job, file).StartsWith(slow, StringComparison.Ordinal))
        {
            SlowWrites++;
            await simulation.DelayAsync(SlowTime, WritesAllTheSame ? CancellationToken.None : cancellationToken);
        }
        else
        {
            await simulation.DelayAsync(time, cancellationToken);
        }

        if (FailsAlways || (failures > 0 && simulation.Next(failures) == 0))
        {
            throw new IOException($"'{file}' could not be written.");
        }

        _files[Describe(job, file)] = content;
    }

    public async Task WriteAsync(
        JobId job, string file, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        // Whoever writes has gone on with its work by then.
        MemoryStream stream = new();
        await simulation.DelayAsync(TimeSpan.FromMicroseconds(1 + simulation.Next(20_000)), cancellationToken);
        await write(stream, cancellationToken);
        await WriteAsync(job, file, stream.ToArray(), cancellationToken);
    }

    public Task<byte[]> ReadAsync(JobId job, string file, CancellationToken cancellationToken) =>
        _files.TryGetValue(Describe(job, file), out byte[]? bytes)
            ? Task.FromResult(bytes)
            : throw new CheckpointCorruptedException(Describe(job, file), "it is missing.");

    /// <summary>How often a file was opened to restore from it.</summary>
    public int Opened { get; private set; }

    public async Task<StoredFile> OpenReadAsync(JobId job, string file, CancellationToken cancellationToken)
    {
        Opened++;
        return new MemoryFile(await ReadAsync(job, file, cancellationToken));
    }

    public Task<IReadOnlyList<string>> ListAsync(JobId job, string folder, CancellationToken cancellationToken)
    {
        string prefix = folder.Length == 0 ? $"{job}/" : $"{Describe(job, folder)}/";
        return Task.FromResult<IReadOnlyList<string>>(
        [
            .. _files.Keys.Where(path => path.StartsWith(prefix, StringComparison.Ordinal))
                .Select(path => path[prefix.Length..])
                .Order(StringComparer.Ordinal),
        ]);
    }

    public Task DeleteAsync(JobId job, IReadOnlyCollection<string> files, CancellationToken cancellationToken)
    {
        foreach (string file in files)
        {
            _files.Remove(Describe(job, file));
        }

        return Task.CompletedTask;
    }

    public Task DeleteAsync(JobId job, CheckpointReference checkpoint, CancellationToken cancellationToken) =>
        RemoveAll(Describe(job, CheckpointFiles.Folder(checkpoint)) + "/");

    public Task DeleteAsync(JobId job, CancellationToken cancellationToken) => RemoveAll($"{job}/");

    public string Describe(JobId job, string file) => CheckpointFiles.IsAbsolute(file)
        ? file.StartsWith(Root, StringComparison.Ordinal) ? file[Root.Length..] : file
        : $"{job}/{CheckpointFiles.Checked(file)}";

    /// <summary>Changes what is in a file.</summary>
    public void Damage(string path, Func<byte[], byte[]> how) => _files[path] = how(_files[path]);

    /// <summary>What a checkpoint consists of is gone.</summary>
    public void RemoveMetadata(CheckpointReference checkpoint) => Remove(
        _files.Keys.Single(path => path.EndsWith(CheckpointFiles.Metadata(checkpoint), StringComparison.Ordinal)));

    /// <summary>A file is gone.</summary>
    public void Remove(string path) => _files.Remove(path);

    /// <summary>A file is there that nobody knows of.</summary>
    public void Place(string path) => _files[path] = [1, 2, 3];

    private Task RemoveAll(string prefix)
    {
        foreach (string path in _files.Keys.Where(path => path.StartsWith(prefix, StringComparison.Ordinal)).ToArray())
        {
            _files.Remove(path);
        }

        return Task.CompletedTask;
    }
}
