namespace Millrace.Serialization.Collections;

/// <summary>A linked list or null.</summary>
internal sealed class LinkedListSerializer<T>(TypeShape shape, TypeSerializer<T> elements)
    : SequenceSerializer<LinkedList<T>, T>(shape, elements)
{
    protected override ReadOnlySpan<T> ElementsOf(LinkedList<T> value) => value.ToArray();

    protected override LinkedList<T> Make(T[] elements) => new(elements);
}
