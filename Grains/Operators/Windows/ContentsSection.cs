using Millrace.Serialization;
using Millrace.State;
using Millrace.State.Snapshots;
using Millrace.Windowing;

namespace Millrace.Operators.Windows;

/// <summary>What windows of time hold, by key and window, in snapshots: the same whichever operator keeps it.</summary>
internal abstract class ContentsSection<TKey, TAccumulator> : KeyedSection
{
    /// <summary>Name of the section.</summary>
    public const string Name = "contents";

    private readonly SerializerSet _serializers;
    private readonly TypeSerializer<TKey> _keys;
    private readonly TypeSerializer<TimeWindow> _windows;
    private readonly TypeSerializer<TAccumulator> _values;
    private readonly KeyHasher<TKey> _hasher;

    protected ContentsSection(SerializerSet serializers, KeyHasher<TKey> hasher)
    {
        _serializers = serializers;
        _hasher = hasher;
        _keys = serializers.Get<TKey>();
        _windows = serializers.Get<TimeWindow>();
        _values = serializers.Get<TAccumulator>();
        Header = new SectionHeader(
            SectionKind.Value, Name, _keys.Shape, _windows.Shape, null, _values.Shape);
    }

    public override SectionHeader Header { get; }

    public KeyHasher<TKey> Hasher => _hasher;

    /// <summary>Copies what windows hold, so that two share nothing that changes; null where nothing can.</summary>
    protected Func<TAccumulator, TAccumulator>? Copier => _values.IsImmutable ? null : _values.Copy;

    public sealed override EntryReader ReaderOf(SectionHeader written, bool replaces)
    {
        if (written.Namespace is null || written.Value is null)
        {
            throw new IncompatibleShapeException(Name, "it was saved without windows, and is now what they hold");
        }

        TypeSerializer<TKey> keys = _serializers.CreateReader<TKey>(written.Key);
        TypeSerializer<TimeWindow> windows = _serializers.CreateReader<TimeWindow>(written.Namespace);
        TypeSerializer<TAccumulator> values = _serializers.CreateReader<TAccumulator>(written.Value);
        return (ref RecordReader reader) =>
        {
            TKey key = keys.Read(ref reader);
            TimeWindow window = windows.Read(ref reader);
            TAccumulator value = values.Read(ref reader);
            ulong hash = _hasher.Hash(in key);
            if (!Restore(in key, hash, window, in value))
            {
                reader.ThrowCorrupted($"a key has {window} twice, or windows that this operator does not make");
            }

            return hash;
        };
    }

    /// <summary>Appends an entry. From any thread.</summary>
    public void Write(RecordWriter writer, in TKey key, TimeWindow window, in TAccumulator value)
    {
        _keys.Write(writer, in key);
        _windows.Write(writer, in window);
        _values.Write(writer, in value);
    }

    /// <summary>Takes over what a window of a key holds.</summary>
    /// <returns>False when it holds something already, or there can be no such window.</returns>
    protected abstract bool Restore(in TKey key, ulong hash, TimeWindow window, in TAccumulator value);
}
