using System.Collections.Immutable;

namespace Millrace.Serialization.Collections.Immutable;

/// <summary>An immutable list or null.</summary>
internal sealed class ImmutableListSerializer<T>(TypeShape shape, TypeSerializer<T> elements)
    : SequenceSerializer<ImmutableList<T>, T>(shape, elements)
{
    public override bool IsImmutable => Elements.IsImmutable;

    protected override ReadOnlySpan<T> ElementsOf(ImmutableList<T> value) => value.ToArray();

    protected override ImmutableList<T> Make(T[] elements) => ImmutableList.Create(elements);
}
