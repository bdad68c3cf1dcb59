using Millrace.Serialization;
using Millrace.State.Snapshots;

namespace Millrace.State.Heap;

/// <summary>Hashes, writes and reads what the entries of a scope are found by.</summary>
internal abstract class EntryCodec<TEntry>
{
    /// <summary>Hash and equality.</summary>
    public abstract KeyHasher<TEntry> Hasher { get; }

    /// <summary>Shape of the keys.</summary>
    public abstract TypeShape Key { get; }

    /// <summary>Shape of the namespaces, or null.</summary>
    public abstract TypeShape? Namespace { get; }

    /// <summary>Whether their bytes in memory are what is read.</summary>
    public virtual bool IsBlock => false;

    public abstract void Write(RecordWriter writer, in TEntry entry);

    public abstract TEntry Read(ref RecordReader reader);

    /// <summary>One that reads what was written with other shapes.</summary>
    /// <exception cref="IncompatibleShapeException">The present shapes cannot take such data over.</exception>
    public abstract EntryCodec<TEntry> ReaderOf(SectionHeader written);
}

/// <summary>Entries found by a key alone.</summary>
internal sealed class KeyCodec<TKey>(
    SerializerSet serializers, KeyHasher<TKey> hasher, TypeSerializer<TKey> serializer) : EntryCodec<TKey>
{
    public override KeyHasher<TKey> Hasher => hasher;

    public override TypeShape Key => serializer.Shape;

    public override TypeShape? Namespace => null;

    public override bool IsBlock => serializer is IBlockSerializer;

    public override void Write(RecordWriter writer, in TKey entry) => serializer.Write(writer, in entry);

    public override TKey Read(ref RecordReader reader) => serializer.Read(ref reader);

    public override EntryCodec<TKey> ReaderOf(SectionHeader written) => written.Namespace is null
        ? new KeyCodec<TKey>(serializers, hasher, serializers.CreateReader<TKey>(written.Key))
        : throw new IncompatibleShapeException(
            written.Name, "it was saved for keys with a namespace, and is now for keys alone");
}

/// <summary>Entries found by a key and a namespace.</summary>
internal sealed class AddressCodec<TKey, TNamespace>(
    SerializerSet serializers,
    StateAddressHasher<TKey, TNamespace> hasher,
    TypeSerializer<TKey> keys,
    TypeSerializer<TNamespace> spaces)
    : EntryCodec<StateAddress<TKey, TNamespace>>
{
    public override KeyHasher<StateAddress<TKey, TNamespace>> Hasher => hasher;

    public override TypeShape Key => keys.Shape;

    public override TypeShape? Namespace => spaces.Shape;

    public override void Write(RecordWriter writer, in StateAddress<TKey, TNamespace> entry)
    {
        keys.Write(writer, in entry.Key);
        spaces.Write(writer, in entry.Space);
    }

    public override StateAddress<TKey, TNamespace> Read(ref RecordReader reader)
    {
        TKey key = keys.Read(ref reader);
        TNamespace space = spaces.Read(ref reader);
        return new StateAddress<TKey, TNamespace>(in key, in space);
    }

    public override EntryCodec<StateAddress<TKey, TNamespace>> ReaderOf(SectionHeader written) =>
        written.Namespace is { } shape
            ? new AddressCodec<TKey, TNamespace>(
                serializers,
                hasher,
                serializers.CreateReader<TKey>(written.Key),
                serializers.CreateReader<TNamespace>(shape))
            : throw new IncompatibleShapeException(
                written.Name, "it was saved for keys alone, and is now for keys with a namespace");
}
