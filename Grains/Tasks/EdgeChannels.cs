using Millrace.Graph;

namespace Millrace.Tasks;

/// <summary>Which subtasks an edge connects. Both ends ask here, so that they agree.</summary>
internal static class EdgeChannels
{
    /// <summary>The consuming subtasks that a producing one sends to.</summary>
    /// <param name="partitioner">How records find their subtask.</param>
    /// <param name="producer">Zero-based index of the producing subtask.</param>
    /// <param name="producers">Number of producing subtasks.</param>
    /// <param name="consumers">Number of consuming subtasks.</param>
    /// <returns>First index and number of them; at least one.</returns>
    public static (int First, int Count) ConsumersOf(
        PartitionerKind partitioner, int producer, int producers, int consumers) =>
        partitioner switch
        {
            PartitionerKind.Forward => (producer, 1),
            PartitionerKind.Rescale => Share(producer, producers, consumers),
            _ => (0, consumers),
        };

    /// <summary>The producing subtasks that send to a consuming one.</summary>
    /// <param name="partitioner">How records find their subtask.</param>
    /// <param name="consumer">Zero-based index of the consuming subtask.</param>
    /// <param name="producers">Number of producing subtasks.</param>
    /// <param name="consumers">Number of consuming subtasks.</param>
    /// <returns>First index and number of them; at least one.</returns>
    public static (int First, int Count) ProducersOf(
        PartitionerKind partitioner, int consumer, int producers, int consumers) =>
        partitioner switch
        {
            PartitionerKind.Forward => (consumer, 1),
            PartitionerKind.Rescale => Share(consumer, consumers, producers),
            _ => (0, producers),
        };

    // The larger side is cut into one range for each of the smaller side. Range i of n over m begins at ceil(i * m /
    // n); the one that a member j of the larger side belongs to is floor(j * n / m), which is the inverse.
    private static (int First, int Count) Share(int mine, int mySide, int otherSide)
    {
        if (mySide >= otherSide)
        {
            return ((int)((long)mine * otherSide / mySide), 1);
        }

        int first = Begin(mine);
        return (first, Begin(mine + 1) - first);

        int Begin(int index) => (int)((((long)index * otherSide) + mySide - 1) / mySide);
    }
}
