namespace Millrace.Serialization.Shapes;

/// <summary>The parts of a shape as read from bytes, before and while they are linked to each other.</summary>
internal sealed class ShapeTable(int count)
{
    private readonly Entry[] _entries = new Entry[count];
    private readonly TypeShape[] _shapes = new TypeShape[count];

    public void Add(int index, Entry entry)
    {
        _entries[index] = entry;
        _shapes[index] = new TypeShape(entry.Kind, entry.Name, type: null) { Version = (int)entry.Version };
    }

    /// <summary>Puts the parts together and checks that they make sense: nothing that follows has to.</summary>
    /// <returns>The first part.</returns>
    public TypeShape Link(ref RecordReader reader)
    {
        for (int i = 0; i < _entries.Length; i++)
        {
            Entry entry = _entries[i];
            CheckForm(ref reader, entry);
            CheckReferences(ref reader, entry);
            _shapes[i].Element = entry.Element == 0 ? null : _shapes[entry.Element - 1];
            _shapes[i].Key = entry.Key == 0 ? null : _shapes[entry.Key - 1];
            _shapes[i].Members = [.. entry.Members.Select(
                member => new ShapeMember(member.Name, _shapes[member.Node], [], field: null))];
        }

        CheckElements(ref reader);
        if (ShapeSizes.Settle(_shapes) is { } endless)
        {
            reader.ThrowCorrupted($"'{endless.Name}' contains itself as a value");
        }

        ShapeCycles.Mark(_shapes);
        return _shapes[0];
    }

    private static void CheckForm(ref RecordReader reader, Entry entry)
    {
        bool composite = entry.Kind is ShapeKind.Struct or ShapeKind.Class;
        bool wrapper = entry.Kind is ShapeKind.Enum or ShapeKind.Nullable
            or ShapeKind.Sequence or ShapeKind.Set or ShapeKind.Map;
        bool valid = Enum.IsDefined(entry.Kind)
            && wrapper == (entry.Element != 0)
            && entry.Kind == ShapeKind.Map == (entry.Key != 0)
            && (composite || entry.Members.Length == 0)
            && (entry.Kind == ShapeKind.Opaque ? entry.Version is > 0 and <= int.MaxValue : entry.Version == 0)
            && entry.Members.DistinctBy(member => member.Name).Count() == entry.Members.Length;
        if (!valid)
        {
            reader.ThrowCorrupted($"'{entry.Name}' of kind {entry.Kind} is not well formed");
        }
    }

    private void CheckReferences(ref RecordReader reader, Entry entry)
    {
        bool valid = entry.Element <= (uint)_shapes.Length
            && entry.Key <= (uint)_shapes.Length
            && entry.Members.All(member => member.Node < (uint)_shapes.Length);
        if (!valid)
        {
            reader.ThrowCorrupted($"'{entry.Name}' refers to a part that is not there");
        }
    }

    private void CheckElements(ref RecordReader reader)
    {
        foreach (TypeShape shape in _shapes)
        {
            bool valid = shape.Kind switch
            {
                ShapeKind.Enum => shape.Element!.Kind
                    is >= ShapeKind.Byte and <= ShapeKind.UInt64 and not ShapeKind.Char,
                ShapeKind.Nullable => shape.Element!.Kind != ShapeKind.Nullable,
                _ => true,
            };
            if (!valid)
            {
                reader.ThrowCorrupted($"'{shape.Name}' cannot be of kind {shape.Kind} over '{shape.Element!.Name}'");
            }
        }
    }

    /// <summary>One part as stored: references are numbers of other parts, those of element and key plus one.</summary>
    internal readonly record struct Entry(
        ShapeKind Kind, string Name, uint Version, uint Element, uint Key, (string Name, uint Node)[] Members);
}
