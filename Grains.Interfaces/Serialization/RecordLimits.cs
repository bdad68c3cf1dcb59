namespace Millrace.Serialization;

/// <summary>Limits of what a record may be. Changing one changes which data can be read back.</summary>
public static class RecordLimits
{
    /// <summary>Deepest nesting of values of recursive types, such as the nodes of a list or a tree.</summary>
    /// <remarks>Small enough for the stack of any worker: a level takes about 1 KB of it at worst.</remarks>
    public const int MaxDepth = 256;

    /// <summary>Largest number of bytes one writer holds; about 2 GB.</summary>
    public const int MaxBytes = 0x7FFF_FFC7;
}
