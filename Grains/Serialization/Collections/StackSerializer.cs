namespace Millrace.Serialization.Collections;

/// <summary>A stack or null, from the bottom up.</summary>
internal sealed class StackSerializer<T>(TypeShape shape, TypeSerializer<T> elements)
    : SequenceSerializer<Stack<T>, T>(shape, elements)
{
    protected override ReadOnlySpan<T> ElementsOf(Stack<T> value)
    {
        T[] topDown = value.ToArray();
        Array.Reverse(topDown);
        return topDown;
    }

    protected override Stack<T> Make(T[] elements) => new(elements);
}
