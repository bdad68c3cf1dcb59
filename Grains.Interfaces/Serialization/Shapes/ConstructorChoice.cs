using System.Reflection;

namespace Millrace.Serialization.Shapes;

/// <summary>Which constructor makes an object that is read from bytes.</summary>
internal static class ConstructorChoice
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <returns>
    /// For a class the constructor without parameters, of whatever visibility; else the one with most parameters, all
    /// of which have the name (in any spelling) and the type of a member; null when there is none.
    /// </returns>
    public static ShapeConstruction? For(Type type, IReadOnlyList<ShapeMember> members)
    {
        if (type.IsValueType)
        {
            return new ShapeConstruction(null, []);
        }

        return type.GetConstructors(Any)
            .OrderBy(constructor => constructor.GetParameters().Length == 0 ? 0 : 1)
            .ThenByDescending(constructor => constructor.IsPublic)
            .ThenByDescending(constructor => constructor.GetParameters().Length)
            .ThenBy(constructor => constructor.MetadataToken)
            .Select(constructor => Match(constructor, members))
            .FirstOrDefault(construction => construction is not null);
    }

    private static ShapeConstruction? Match(ConstructorInfo constructor, IReadOnlyList<ShapeMember> members)
    {
        List<ShapeMember> arguments = [];
        foreach (ParameterInfo parameter in constructor.GetParameters())
        {
            string bare = ShapeNames.Bare(parameter.Name ?? "");
            ShapeMember? member = members.FirstOrDefault(
                member => member.Field!.FieldType == parameter.ParameterType && ShapeNames.Bare(member.Name) == bare);
            if (member is null || arguments.Contains(member))
            {
                return null;
            }

            arguments.Add(member);
        }

        return new ShapeConstruction(constructor, arguments);
    }
}
