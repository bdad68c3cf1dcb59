namespace Millrace.Connectors.Files.Formats;

/// <summary>Dates and times as ISO 8601 has them.</summary>
internal static class IsoFormats
{
    /// <summary>The format string for a type, or null for its usual one.</summary>
    public static string? Of(Type type)
    {
        Type value = Nullable.GetUnderlyingType(type) ?? type;
        return value == typeof(DateTime) || value == typeof(DateTimeOffset)
            || value == typeof(DateOnly) || value == typeof(TimeOnly)
            ? "O"
            : null;
    }
}
