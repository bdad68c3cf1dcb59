using System.Runtime.CompilerServices;
using Millrace.Serialization;
using Millrace.State.Heap;

namespace Millrace.Operators.Keyed;

/// <summary>About the bytes that a table takes. Some of what its entries refer to is looked at now and then: when there
/// are twice as many as the last time. Belongs to one loop.</summary>
internal sealed class EntrySize<TKey, TValue>(SerializerSet serializers)
{
    // Hash, place in the order and slots of the table, which is between half and wholly full.
    private const int OfEntry = 32;

    // What an object has beside its members; texts are twice as long as they are written.
    private const int OfObject = 24;
    private const int CharBytes = 2;
    private const int Looks = 32;

    private long _bytes;
    private int _lookAt = 1;

    /// <summary>Bytes of a table, about.</summary>
    public long Of(KeyedTable<TKey, TValue> table)
    {
        if (table.Count >= _lookAt)
        {
            _lookAt = 2 * table.Count;
            _bytes = Unsafe.SizeOf<TKey>() + Unsafe.SizeOf<TValue>() + OfEntry + ReferredBytes(table);
        }

        return _bytes * table.Count;
    }

    private long ReferredBytes(KeyedTable<TKey, TValue> table)
    {
        bool hasKeys = RuntimeHelpers.IsReferenceOrContainsReferences<TKey>();
        bool hasValues = RuntimeHelpers.IsReferenceOrContainsReferences<TValue>();
        if (!hasKeys && !hasValues)
        {
            return 0;
        }

        using var written = new RecordWriter();
        int step = Math.Max(1, table.Count / Looks);
        int looks = 0;
        for (int i = 0; i < table.Count; i += step)
        {
            looks++;
            if (hasKeys)
            {
                serializers.Get<TKey>().Write(written, in table.KeyAt(i));
            }

            if (hasValues)
            {
                serializers.Get<TValue>().Write(written, in table.ValueAt(i));
            }
        }

        return (CharBytes * written.Length / looks) + OfObject;
    }
}
