using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Millrace.Serialization.Collections.Immutable;

/// <summary>An immutable array; the default one counts as null.</summary>
internal sealed class ImmutableArraySerializer<T>(TypeShape shape, TypeSerializer<T> elements)
    : SequenceSerializer<ImmutableArray<T>, T>(shape, elements)
{
    public override bool IsImmutable => Elements.IsImmutable;

    protected override bool IsNull(ImmutableArray<T> value) => value.IsDefault;

    protected override ReadOnlySpan<T> ElementsOf(ImmutableArray<T> value) => value.AsSpan();

    protected override ImmutableArray<T> Make(T[] elements) => ImmutableCollectionsMarshal.AsImmutableArray(elements);
}
