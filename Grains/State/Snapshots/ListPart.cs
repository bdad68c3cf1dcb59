using System.Runtime.InteropServices;
using Millrace.Serialization;

namespace Millrace.State.Snapshots;

/// <summary>A further part of a list that was written in parts.</summary>
/// <param name="Before">How many elements stand before it.</param>
/// <param name="Elements">Its elements, in their order.</param>
internal readonly record struct ListPart<T>(long Before, List<T> Elements)
{
    /// <summary>Reads it, behind what the list is found by.</summary>
    public static ListPart<T> Read(ref RecordReader reader, TypeSerializer<T> serializer)
    {
        long before = (long)reader.ReadVarUInt64();
        List<T> elements = ElementsOf(ref reader, serializer);
        return new ListPart<T>(before, elements);
    }

    /// <summary>Reads elements behind their number.</summary>
    public static List<T> ElementsOf(ref RecordReader reader, TypeSerializer<T> serializer)
    {
        int count = reader.ReadCount(serializer.MinBytes);
        List<T> elements = new(count);
        CollectionsMarshal.SetCount(elements, count);
        serializer.ReadBatch(ref reader, CollectionsMarshal.AsSpan(elements));
        return elements;
    }

    /// <summary>Whether it comes next. A list that was written more than once has it already.</summary>
    /// <param name="reader">Stands behind it.</param>
    /// <param name="there">How many elements the list has.</param>
    /// <param name="state">Name of the state, for errors.</param>
    /// <exception cref="RecordCorruptedException">A part before it is missing.</exception>
    public bool Follows(ref RecordReader reader, long there, string state)
    {
        if (there != Before && there < Before + Elements.Count)
        {
            reader.ThrowCorrupted(
                $"a list of state '{state}' has {there} elements, and a part of it comes behind {Before}");
        }

        return there == Before;
    }
}
