namespace Millrace.Graph;

/// <summary>Names types for people: as C# writes them, without namespaces.</summary>
internal static class TypeName
{
    /// <summary>Such as <c>Keyed&lt;String, Int64&gt;</c>.</summary>
    public static string Of(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (type.IsArray)
        {
            return $"{Of(type.GetElementType()!)}[]";
        }

        int tick = type.Name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0
            ? type.Name
            : $"{type.Name[..tick]}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>";
    }
}
