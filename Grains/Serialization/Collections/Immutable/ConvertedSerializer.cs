namespace Millrace.Serialization.Collections.Immutable;

/// <summary>A collection that never changes, or null, written and read by way of one that does.</summary>
/// <typeparam name="TCollection">The collection.</typeparam>
/// <typeparam name="TChanging">What it is made of when it is read.</typeparam>
internal abstract class ConvertedSerializer<TCollection, TChanging>(
    TypeSerializer<TChanging?> changing, bool isImmutable) : TypeSerializer<TCollection?>
    where TCollection : class
    where TChanging : class
{
    public sealed override TypeShape Shape => changing.Shape;

    public sealed override bool IsImmutable => isImmutable;

    public sealed override void Write(RecordWriter writer, in TCollection? value) =>
        changing.Write(writer, value is null ? null : Open(value));

    public sealed override TCollection? Read(ref RecordReader reader) =>
        changing.Read(ref reader) is { } read ? Close(read) : null;

    public sealed override TCollection? Copy(TCollection? value) =>
        isImmutable || value is null ? value : Close(changing.Copy(Open(value))!);

    /// <summary>The same elements, compared in the same way.</summary>
    protected abstract TChanging Open(TCollection value);

    /// <summary>The same elements, compared in the same way.</summary>
    protected abstract TCollection Close(TChanging value);
}
