using System.Runtime.InteropServices;

namespace Millrace.Serialization.Collections;

/// <summary>A collection known only by its interface, or null; it comes back as a list.</summary>
/// <typeparam name="TInterface">An interface that <see cref="List{T}"/> implements.</typeparam>
/// <typeparam name="T">Its elements.</typeparam>
internal sealed class EnumerableSerializer<TInterface, T>(TypeShape shape, TypeSerializer<T> elements)
    : SequenceSerializer<TInterface, T>(shape, elements)
    where TInterface : IEnumerable<T>
{
    protected override ReadOnlySpan<T> ElementsOf(TInterface value) => value switch
    {
        T[] array => array,
        List<T> list => CollectionsMarshal.AsSpan(list),
        _ => value.ToArray(),
    };

    protected override TInterface Make(T[] elements)
    {
        List<T> list = new(elements.Length);
        list.AddRange(elements.AsSpan());
        return (TInterface)(object)list;
    }
}
