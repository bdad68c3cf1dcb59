namespace Millrace.Serialization.Collections;

/// <summary>
/// A dictionary known only by its interface, or null; it comes back as a <see cref="Dictionary{TKey,TValue}"/>.
/// </summary>
/// <typeparam name="TInterface">An interface that <see cref="Dictionary{TKey,TValue}"/> implements.</typeparam>
/// <typeparam name="TKey">Its keys.</typeparam>
/// <typeparam name="TValue">Its values.</typeparam>
internal sealed class AnyMapSerializer<TInterface, TKey, TValue>(
    TypeShape shape, TypeSerializer<TKey> keys, TypeSerializer<TValue> values) : TypeSerializer<TInterface?>
    where TInterface : class, IEnumerable<KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    private readonly DictionarySerializer<TKey, TValue> _asDictionary = new(shape, keys, values);

    public override TypeShape Shape => shape;

    public override void Write(RecordWriter writer, in TInterface? value) =>
        _asDictionary.Write(writer, DictionaryOf(value));

    public override TInterface? Read(ref RecordReader reader) =>
        (TInterface?)(object?)_asDictionary.Read(ref reader);

    public override TInterface? Copy(TInterface? value) =>
        (TInterface?)(object?)_asDictionary.Copy(DictionaryOf(value));

    private static Dictionary<TKey, TValue>? DictionaryOf(TInterface? value) =>
        value as Dictionary<TKey, TValue> ?? (value is null ? null : new Dictionary<TKey, TValue>(value));
}
