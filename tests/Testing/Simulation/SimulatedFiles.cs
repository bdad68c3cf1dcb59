using Millrace.Execution;

namespace Millrace.Simulation;

/// <summary>A disk in memory: each read and write is a step at a time drawn from the seed. Faults are told to
/// it.</summary>
public sealed class SimulatedFiles : IFiles
{
    private readonly SimulatedExecution _simulation;
    private readonly Dictionary<string, SimulatedFile> _files = [];

    internal SimulatedFiles(SimulatedExecution simulation) => _simulation = simulation;

    /// <summary>Paths of the files that stand there.</summary>
    public IReadOnlyCollection<string> Paths => _files.Keys;

    /// <summary>Bytes that were written so far, over all files that ever were.</summary>
    public long Written { get; private set; }

    /// <summary>Most bytes that may stand there; more is a full disk.</summary>
    public long Capacity { get; set; } = long.MaxValue;

    private long Used => _files.Values.Sum(file => (long)file.Bytes.Count);

    /// <inheritdoc/>
    public IFile Create(string path)
    {
        var file = new SimulatedFile(this, path);
        return _files.TryAdd(path, file) ? file : throw new IOException($"'{path}' exists already.");
    }

    /// <inheritdoc/>
    public IDisposable? TryHold(string folder) => new Held();

    /// <inheritdoc/>
    public IReadOnlyList<string> FoldersIn(string folder) => [];

    /// <inheritdoc/>
    public void DeleteFolder(string folder)
    {
        foreach (string path in _files.Keys.Where(path => path.StartsWith(folder, StringComparison.Ordinal)).ToArray())
        {
            _files.Remove(path);
        }
    }

    /// <summary>Changes one byte of one file, both drawn from the seed.</summary>
    /// <returns>False when there is none.</returns>
    public bool Damage()
    {
        SimulatedFile[] files = [.. _files.Values.Where(file => file.Bytes.Count > 0)];
        if (files.Length == 0)
        {
            return false;
        }

        List<byte> bytes = files[_simulation.Next(files.Length)].Bytes;
        bytes[_simulation.Next(bytes.Count)] ^= 0x41;
        return true;
    }

    /// <summary>Takes the last bytes of one file away, as many as are drawn from the seed.</summary>
    /// <returns>False when there is none.</returns>
    public bool CutOff()
    {
        SimulatedFile[] files = [.. _files.Values.Where(file => file.Bytes.Count > 0)];
        if (files.Length == 0)
        {
            return false;
        }

        List<byte> bytes = files[_simulation.Next(files.Length)].Bytes;
        int left = _simulation.Next(bytes.Count);
        bytes.RemoveRange(left, bytes.Count - left);
        return true;
    }

    private Task Later() => _simulation.DelayAsync(
        TimeSpan.FromMicroseconds(1 + _simulation.Next(2_000)), CancellationToken.None);

    private sealed class Held : IDisposable
    {
        public void Dispose()
        {
        }
    }

    private sealed class SimulatedFile(SimulatedFiles disk, string path) : IFile
    {
        public List<byte> Bytes { get; } = [];

        public string Path => path;

        public async Task WriteAsync(long offset, ReadOnlyMemory<byte> bytes)
        {
            await disk.Later();
            Write(offset, bytes.Span);
        }

        public async Task WriteAsync(long offset, IReadOnlyList<ReadOnlyMemory<byte>> parts)
        {
            foreach (ReadOnlyMemory<byte> part in parts)
            {
                await WriteAsync(offset, part);
                offset += part.Length;
            }
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            if (disk.Used + bytes.Length > disk.Capacity)
            {
                throw new IOException("No space left on device.");
            }

            disk.Written += bytes.Length;
            while (Bytes.Count < offset)
            {
                Bytes.Add(0);
            }

            Bytes.AddRange(bytes);
        }

        public async Task<int> ReadAsync(long offset, Memory<byte> into)
        {
            await disk.Later();
            return Read(offset, into.Span);
        }

        public int Read(long offset, Span<byte> into)
        {
            int count = (int)Math.Clamp(Bytes.Count - offset, 0, into.Length);
            Bytes.GetRange(Math.Min((int)offset, Bytes.Count), count).ToArray().CopyTo(into);
            return count;
        }

        // All of it, none, or a part.
        public int ReadAtHand(long offset, Span<byte> into) => disk._simulation.Next(3) switch
        {
            0 => 0,
            1 => Read(offset, into),
            _ => Read(offset, into[..disk._simulation.Next(into.Length + 1)]),
        };

        public void Dispose() => disk._files.Remove(path);
    }
}
