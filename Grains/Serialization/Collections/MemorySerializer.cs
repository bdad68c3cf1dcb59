namespace Millrace.Serialization.Collections;

/// <summary>Memory of bytes; it comes back as memory of its own.</summary>
internal sealed class MemorySerializer(TypeShape shape, TypeSerializer<byte> elements)
    : SequenceSerializer<Memory<byte>, byte>(shape, elements)
{
    protected override ReadOnlySpan<byte> ElementsOf(Memory<byte> value) => value.Span;

    protected override Memory<byte> Make(byte[] elements) => elements;
}
