using System.Runtime.InteropServices;

namespace Millrace.State.Disk.Rocks;

/// <summary>Goes through the rows that begin with a prefix, in the order of their keys, as they were when it began.
/// </summary>
/// <remarks>Used by one thread at a time; disposed before its database is closed.</remarks>
internal sealed class RocksScan : IDisposable
{
    private readonly string _path;
    private readonly nint _end;
    private readonly nint _options;
    private readonly nint _iterator;
    private readonly Action? _ended;
    private readonly ulong _mostSkipped;

    /// <param name="database">The database.</param>
    /// <param name="path">Its folder, for errors.</param>
    /// <param name="prefix">With which rows begin; not all of its bytes are 255.</param>
    /// <param name="first">The first row, or one that would stand before it.</param>
    /// <param name="snapshot">What is seen; zero for what is there now.</param>
    /// <param name="ended">Told when it needs the database no longer.</param>
    /// <param name="mostSkipped">Most removed rows that it passes over on the way to the next one, if it is not to go
    /// on until there is one; 0 for all.</param>
    /// <exception cref="DiskStateException">The disk fails.</exception>
    public RocksScan(
        nint database,
        string path,
        ReadOnlySpan<byte> prefix,
        ReadOnlySpan<byte> first,
        nint snapshot = 0,
        Action? ended = null,
        ulong mostSkipped = 0)
    {
        _mostSkipped = mostSkipped;
        _path = path;
        _ended = ended;
        byte[] end = EndOf(prefix);
        _end = Marshal.AllocHGlobal(end.Length);
        Marshal.Copy(end, 0, _end, end.Length);
        _options = RocksNative.CreateReadOptions();
        RocksNative.SetUpperBound(_options, _end, (nuint)end.Length);
        if (snapshot != 0 || mostSkipped > 0)
        {
            // Who reads all of it once must not drive out what is used.
            RocksNative.SetFillsCache(_options, 0);
        }

        if (snapshot != 0)
        {
            RocksNative.SetSnapshot(_options, snapshot);
        }

        if (mostSkipped > 0)
        {
            RocksNative.SetMostSkipped(_options, mostSkipped);
        }

        _iterator = RocksNative.CreateIterator(database, _options);
        RocksNative.Seek(_iterator, ref MemoryMarshal.GetReference(first), (nuint)first.Length);
        try
        {
            IsValid = Check();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Whether there is a row.</summary>
    public bool IsValid { get; private set; }

    /// <summary>Whether it ended before so many removed rows that it may not pass over: there may be more.</summary>
    public bool IsCut { get; private set; }

    /// <summary>The row's key, until the next step.</summary>
    public ReadOnlySpan<byte> Key => RocksSlice.At(RocksNative.GetKey(_iterator, out nuint length), length);

    /// <summary>The row's value, until the next step.</summary>
    public ReadOnlySpan<byte> Value => RocksSlice.At(RocksNative.GetValue(_iterator, out nuint length), length);

    /// <summary>Goes to the next row.</summary>
    /// <exception cref="DiskStateException">The disk fails.</exception>
    public void MoveNext()
    {
        RocksNative.MoveNext(_iterator);
        IsValid = Check();
    }

    public void Dispose()
    {
        RocksNative.DestroyIterator(_iterator);
        RocksNative.DestroyReadOptions(_options);
        Marshal.FreeHGlobal(_end);
        _ended?.Invoke();
    }

    /// <summary>The first key behind all that begin with a prefix.</summary>
    public static byte[] EndOf(ReadOnlySpan<byte> prefix)
    {
        int length = prefix.Length;
        while (prefix[length - 1] == byte.MaxValue)
        {
            length--;
        }

        byte[] end = prefix[..length].ToArray();
        end[^1]++;
        return end;
    }

    private bool Check()
    {
        if (RocksNative.IsValid(_iterator) != 0)
        {
            return true;
        }

        nint error = 0;
        RocksNative.GetError(_iterator, ref error);
        if (_mostSkipped > 0 && RocksError.FreeIfCut(error))
        {
            IsCut = true;
            return false;
        }

        RocksError.ThrowIf(error, _path);
        return false;
    }
}
