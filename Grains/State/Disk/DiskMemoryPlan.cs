using System.Numerics;

namespace Millrace.State.Disk;

/// <summary>How the memory for the state on a silo's disk is divided. All numbers are bytes.</summary>
/// <remarks>
/// Each database has rows at hand (<see cref="DiskRows"/>), which its loop works on. An eighth, or 16 MB, is for what
/// the library takes without counting it: files that are being sorted anew, iterators, open files. All else is one
/// cache of blocks that all databases share, and the write buffers are charged to it, so that the sum is the budget
/// however many databases there are.
/// </remarks>
/// <param name="Budget">All of it.</param>
internal readonly record struct DiskMemoryPlan(long Budget)
{
    private const long LeastUncounted = 16L << 20;
    private const int LeastRows = 8 << 10;
    private const int MostRows = 1 << 20;

    // What a database's rows take, as a multiple of their bytes: a table to find them, and the batch they are written
    // in.
    private const int RowsFactor = 3;

    // Of what is left for rows, a database takes so little that many more find room.
    private const int RowsShare = 16;

    /// <summary>Write buffers of all databases.</summary>
    public long WriteBuffers => (Budget - Uncounted) * 3 / 8;

    /// <summary>One write buffer of one database; there may be two of them.</summary>
    public long WriteBuffer => WriteBuffers / 2;

    /// <summary>One file.</summary>
    public long File => Math.Clamp(Budget / 8, 2L << 20, 64L << 20);

    /// <summary>The first level of sorted files.</summary>
    public long Level => WriteBuffer * 4;

    /// <summary>What is read ahead of each file that is sorted anew.</summary>
    public long ReadAhead => Math.Clamp(Budget / 256, 64L << 10, 2L << 20);

    private long Uncounted => Math.Min(Math.Max(Budget / 8, LeastUncounted), Budget / 2);

    /// <summary>Bytes of rows at hand that a further database gets.</summary>
    /// <param name="taken">What <see cref="TakenBy"/> says of those that are open, together.</param>
    /// <returns>Zero when there is no room for it.</returns>
    public int RowsOfNext(long taken)
    {
        long most = Math.Min(MostRows, (((Budget - Uncounted) / 2) - taken) / RowsFactor / RowsShare);
        long rows = most < LeastRows ? 0 : (long)BitOperations.RoundUpToPowerOf2((ulong)most + 1) / 2;
        return (int)rows;
    }

    /// <summary>What a database takes beside its share of the cache.</summary>
    public static long TakenBy(int rows) => (long)rows * RowsFactor;

    /// <summary>The cache.</summary>
    /// <param name="taken">What databases take beside it.</param>
    public long Cache(long taken) => Budget - Uncounted - taken;
}
