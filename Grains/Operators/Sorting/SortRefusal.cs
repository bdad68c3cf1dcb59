using Millrace.State;

namespace Millrace.Operators.Sorting;

/// <summary>Why an operator whose input is being sorted is neither saved nor restored.</summary>
/// <remarks>Half of a sort is of no use to anybody: its input is kept by those who made it, and is read
/// again.</remarks>
internal static class SortRefusal
{
    /// <summary>Somebody wants a snapshot.</summary>
    public static InvalidOperationException OfFreeze(string name) => new(
        $"'{name}' takes no snapshots: it sorts its input by key, as operators do in batch mode only, where no " +
        "checkpoint is taken and what is lost runs again.");

    /// <summary>Somebody has one.</summary>
    public static IncompatibleStateException OfRestore(string name) => new(
        $"'{name}' goes on from no snapshot: it sorts its input by key, as operators do in batch mode only, which " +
        "begins anew in any case. A program that is to go on from one sets RuntimeMode.Streaming.");
}
