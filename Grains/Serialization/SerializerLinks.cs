namespace Millrace.Serialization;

/// <summary>Objects that generated code refers to, by number: the first argument of every generated method.</summary>
internal sealed class SerializerLinks
{
    private int _count;

    /// <summary>
    /// The objects. Only ever grows; code that knows a number was made after its object was put here.
    /// </summary>
    public object[] Items { get; private set; } = new object[16];

    /// <returns>The number of the object.</returns>
    public int Add(object item)
    {
        if (_count == Items.Length)
        {
            object[] larger = new object[2 * _count];
            Items.CopyTo(larger, 0);
            Items = larger;
        }

        Items[_count] = item;
        return _count++;
    }
}
