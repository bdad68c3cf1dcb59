using Millrace.Execution;
using Millrace.Execution.Spilling;
using Millrace.Jobs;

namespace Millrace.Tasks.Checkpointing.Copies;

/// <summary>One copy. The file goes with its last user: its owner, or a reader.</summary>
internal sealed class LocalCopy(LocalCopies owner, IFile file, JobId job, CopiedFile name, long number)
{
    private const int ReadBytes = 1 << 20;

    private readonly Lock _gate = new();
    private int _users = 1;
    private long _length;
    private uint _checksum;

    public LocalCopies Owner => owner;

    public JobId Job => job;

    public CopiedFile File => name;

    /// <summary>Copies are numbered in the order in which they were begun.</summary>
    public long Number => number;

    /// <summary>Number of bytes.</summary>
    public long Length => _length;

    /// <summary>Where it is, for people.</summary>
    public string Place => file.Path;

    /// <summary>Adds bytes at the end; the writer's. May block.</summary>
    /// <exception cref="IOException">They could not be written.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        file.Write(_length, bytes);
        _length += bytes.Length;
        _checksum = Checksum.Append(_checksum, bytes);
    }

    /// <summary>Reads bytes. May block.</summary>
    public int Read(long offset, Span<byte> into) => file.Read(offset, into);

    /// <summary>Looks at all of it.</summary>
    /// <returns>What is wrong with it; null when it is what was written.</returns>
    public async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>((int)Math.Clamp(_length, 1, ReadBytes));
        uint checksum = 0;
        for (long offset = 0; offset < _length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int wanted = (int)Math.Min(buffer.Length, _length - offset);
            int read = await file.ReadAsync(offset, buffer.AsMemory(0, wanted));
            if (read < wanted)
            {
                return $"it ends at byte {offset + read}, and {_length} were written.";
            }

            checksum = Checksum.Append(checksum, buffer.AsSpan(0, read));
            offset += read;
        }

        return checksum == _checksum
            ? null
            : $"the checksum of its {_length} bytes is {checksum:x8}, and {_checksum:x8} was written.";
    }

    /// <summary>One more reader.</summary>
    /// <returns>False when it is gone.</returns>
    public bool TryUse()
    {
        lock (_gate)
        {
            _users += _users > 0 ? 1 : 0;
            return _users > 0;
        }
    }

    /// <summary>One user less.</summary>
    public void Release()
    {
        lock (_gate)
        {
            if (--_users > 0)
            {
                return;
            }
        }

        file.Dispose();
        owner.GiveBack(_length);
    }
}
