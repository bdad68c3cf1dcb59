using Millrace.Serialization;

namespace Millrace.Savepoints;

/// <summary>Shapes of types, for people.</summary>
internal static class ShapeText
{
    // Deeper ones are named only; a shape may contain itself.
    private const int MostLevels = 3;

    /// <summary>Such as <c>Order(Id: Int64, Lines: Line(Price: Double)[])</c>.</summary>
    public static string Of(TypeShape shape) => Of(shape, level: 0);

    private static string Of(TypeShape shape, int level)
    {
        if (level == MostLevels || shape.IsRecursive)
        {
            return shape.Name;
        }

        if (shape.Members.Count > 0)
        {
            IEnumerable<string> members = shape.Members.Select(
                member => $"{member.Name}: {Of(member.Shape, level + 1)}");
            return $"{shape.Name}({string.Join(", ", members)})";
        }

        return (shape.Key, shape.Element) switch
        {
            (null, null) => shape.Name,
            (null, { } element) => $"{shape.Name} of {Of(element, level + 1)}",
            ({ } key, { } element) => $"{shape.Name} of {Of(key, level + 1)} and {Of(element, level + 1)}",
            ({ } key, null) => $"{shape.Name} of {Of(key, level + 1)}",
        };
    }
}
