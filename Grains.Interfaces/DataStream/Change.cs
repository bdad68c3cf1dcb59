using System.Text.Json.Serialization;
using Millrace.Serialization;

namespace Millrace.DataStream;

/// <summary>One change to a result that is updated as records come in: its rows, taken in the order of the changes, are
/// those of the result so far.</summary>
/// <remarks>
/// <para>Who adds up (a count, a sum, a hash) adds rows for which <see cref="IsRetraction"/> is false and takes away
/// the others. Who keeps one row for each key sets the row with an insert or an update-after, removes it with a delete,
/// and leaves updates-before aside (<see cref="ChangeStream.FinalRows"/>).</para>
/// <para>Changes of one row keep their order as long as they are not repartitioned by anything but a key of that
/// row.</para>
/// </remarks>
/// <param name="Kind">What happened.</param>
/// <param name="Row">The row: as it was for a retraction, else as it is.</param>
/// <typeparam name="T">The type of the rows.</typeparam>
public readonly record struct Change<T>(ChangeKind Kind, T Row)
{
    /// <summary>Whether the row held until now and does not any more. Follows from the kind, and is not written into
    /// files.</summary>
    [MillraceIgnore, JsonIgnore]
    public bool IsRetraction => Kind is ChangeKind.UpdateBefore or ChangeKind.Delete;

    /// <summary>A new row.</summary>
    public static Change<T> Insert(T row) => new(ChangeKind.Insert, row);

    /// <summary>A row that no longer holds, for which another one follows at once.</summary>
    public static Change<T> UpdateBefore(T row) => new(ChangeKind.UpdateBefore, row);

    /// <summary>The row that holds instead of the one retracted just before.</summary>
    public static Change<T> UpdateAfter(T row) => new(ChangeKind.UpdateAfter, row);

    /// <summary>A row that no longer holds.</summary>
    public static Change<T> Delete(T row) => new(ChangeKind.Delete, row);
}
