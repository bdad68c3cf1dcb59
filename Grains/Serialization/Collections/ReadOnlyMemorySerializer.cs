namespace Millrace.Serialization.Collections;

/// <summary>Read-only memory of bytes; it comes back as memory of its own.</summary>
internal sealed class ReadOnlyMemorySerializer(TypeShape shape, TypeSerializer<byte> elements)
    : SequenceSerializer<ReadOnlyMemory<byte>, byte>(shape, elements)
{
    protected override ReadOnlySpan<byte> ElementsOf(ReadOnlyMemory<byte> value) => value.Span;

    protected override ReadOnlyMemory<byte> Make(byte[] elements) => elements;
}
