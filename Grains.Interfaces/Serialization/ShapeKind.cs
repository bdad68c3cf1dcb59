namespace Millrace.Serialization;

/// <summary>
/// What a shape is, and by that how its values are written (docs/formats/records.md). Numbers are stored.
/// </summary>
public enum ShapeKind : byte
{
    /// <summary>A truth value, 1 byte.</summary>
    Boolean = 1,

    /// <summary>8 bits without sign.</summary>
    Byte = 2,

    /// <summary>8 bits with sign.</summary>
    SByte = 3,

    /// <summary>16 bits with sign.</summary>
    Int16 = 4,

    /// <summary>16 bits without sign.</summary>
    UInt16 = 5,

    /// <summary>A UTF-16 code unit.</summary>
    Char = 6,

    /// <summary>32 bits with sign.</summary>
    Int32 = 7,

    /// <summary>32 bits without sign.</summary>
    UInt32 = 8,

    /// <summary>64 bits with sign.</summary>
    Int64 = 9,

    /// <summary>64 bits without sign.</summary>
    UInt64 = 10,

    /// <summary>128 bits with sign.</summary>
    Int128 = 11,

    /// <summary>128 bits without sign.</summary>
    UInt128 = 12,

    /// <summary>A floating-point number of 16 bits.</summary>
    Half = 13,

    /// <summary>A floating-point number of 32 bits.</summary>
    Single = 14,

    /// <summary>A floating-point number of 64 bits.</summary>
    Double = 15,

    /// <summary>A decimal number, 16 bytes; its scale is kept.</summary>
    Decimal = 16,

    /// <summary>A GUID, 16 bytes.</summary>
    Guid = 17,

    /// <summary>A date and time with its kind, 8 bytes.</summary>
    DateTime = 18,

    /// <summary>A date and time with its offset in minutes, 10 bytes.</summary>
    DateTimeOffset = 19,

    /// <summary>A duration, 8 bytes.</summary>
    TimeSpan = 20,

    /// <summary>A date, 4 bytes.</summary>
    DateOnly = 21,

    /// <summary>A time of day, 8 bytes.</summary>
    TimeOnly = 22,

    /// <summary>Text or null.</summary>
    String = 40,

    /// <summary>An integer of any size.</summary>
    BigInteger = 41,

    /// <summary>A URI or null.</summary>
    Uri = 42,

    /// <summary>A version of two to four numbers, or null.</summary>
    Version = 43,

    /// <summary>An enumeration: its underlying type is the element.</summary>
    Enum = 60,

    /// <summary>A nullable value type: what may be absent is the element.</summary>
    Nullable = 61,

    /// <summary>An array, list, queue, memory of bytes or the like, or null: elements in order.</summary>
    Sequence = 62,

    /// <summary>A set or null: elements, each once.</summary>
    Set = 63,

    /// <summary>A dictionary or null: keys, each once, and elements.</summary>
    Map = 64,

    /// <summary>A value type: its members.</summary>
    Struct = 65,

    /// <summary>A reference type: null, or its members.</summary>
    Class = 66,

    /// <summary>A type with a serializer of its own, whose format only that one knows.</summary>
    Opaque = 67,
}
