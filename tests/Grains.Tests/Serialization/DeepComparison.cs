using System.Collections;
using System.Reflection;

namespace Millrace.Serialization;

/// <summary>
/// Compares object graphs field by field, by reflection: nothing of it is shared with what is tested.
/// </summary>
internal static class DeepComparison
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <returns>Where two graphs differ; null when they do not.</returns>
    public static string? FirstDifference(object? left, object? right, string path = "value")
    {
        if (left is null || right is null)
        {
            return left is null && right is null ? null : $"{path}: {left ?? "null"} and {right ?? "null"}";
        }

        if (left is string || left.GetType().IsPrimitive || left is IConvertible or Guid or Uri or IFormattable)
        {
            return left.Equals(right) ? null : $"{path}: '{left}' and '{right}'";
        }

        if (left is IDictionary or IEnumerable && left.GetType().GetInterfaces().Any(IsUnordered))
        {
            return FirstUnmatched((IEnumerable)left, (IEnumerable)right, path);
        }

        if (left is IEnumerable leftItems && !IsDefaultImmutableArray(left))
        {
            return IsDefaultImmutableArray(right)
                ? $"{path}: only the second is default"
                : FirstDifferent(leftItems, (IEnumerable)right, path);
        }

        if (left is ReadOnlyMemory<byte> memory)
        {
            return memory.Span.SequenceEqual(((ReadOnlyMemory<byte>)right).Span) ? null : $"{path}: bytes differ";
        }

        return left.GetType() == right.GetType()
            ? FirstDifferentField(left, right, path)
            : $"{path}: a {left.GetType()} and a {right.GetType()}";
    }

    private static string? FirstDifferentField(object left, object right, string path)
    {
        for (Type? type = left.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (FieldInfo field in type.GetFields(Declared))
            {
                PropertyInfo? property = type.GetProperties(Declared)
                    .FirstOrDefault(p => field.Name == $"<{p.Name}>k__BackingField");
                bool ignored = field.IsDefined(typeof(MillraceIgnoreAttribute))
                    || property?.IsDefined(typeof(MillraceIgnoreAttribute)) == true;
                string? difference = ignored
                    ? null
                    : FirstDifference(field.GetValue(left), field.GetValue(right), $"{path}.{field.Name}");
                if (difference is not null)
                {
                    return difference;
                }
            }
        }

        return null;
    }

    private static string? FirstDifferent(IEnumerable left, IEnumerable right, string path)
    {
        object?[] leftItems = [.. left.Cast<object?>()];
        object?[] rightItems = [.. right.Cast<object?>()];
        return leftItems.Length != rightItems.Length
            ? $"{path}: {leftItems.Length} and {rightItems.Length} elements"
            : leftItems.Select((item, i) => FirstDifference(item, rightItems[i], $"{path}[{i}]"))
                .FirstOrDefault(difference => difference is not null);
    }

    private static string? FirstUnmatched(IEnumerable left, IEnumerable right, string path)
    {
        List<object?> rest = [.. right.Cast<object?>()];
        foreach (object? item in left)
        {
            int match = rest.FindIndex(other => FirstDifference(item, other) is null);
            if (match < 0)
            {
                return $"{path}: '{item}' is missing";
            }

            rest.RemoveAt(match);
        }

        return rest.Count == 0 ? null : $"{path}: {rest.Count} elements too many";
    }

    private static bool IsUnordered(Type type) =>
        type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(IReadOnlySet<>)
            || type.GetGenericTypeDefinition() == typeof(ISet<>)
            || type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>));

    private static bool IsDefaultImmutableArray(object value) =>
        value.GetType().Name == "ImmutableArray`1" && (bool)value.GetType().GetProperty("IsDefault")!.GetValue(value)!;
}
