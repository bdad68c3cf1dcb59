namespace Millrace.Serialization.Collections;

/// <summary>A queue or null, first come first.</summary>
internal sealed class QueueSerializer<T>(TypeShape shape, TypeSerializer<T> elements)
    : SequenceSerializer<Queue<T>, T>(shape, elements)
{
    protected override ReadOnlySpan<T> ElementsOf(Queue<T> value) => value.ToArray();

    protected override Queue<T> Make(T[] elements) => new(elements);
}
