using System.Reflection;
using System.Text;

namespace Millrace.Serialization.Shapes;

/// <summary>Names of types and members as people write them.</summary>
internal static class ShapeNames
{
    /// <summary>The name of a type without namespaces: <c>List&lt;Line&gt;</c>.</summary>
    public static string Of(Type type)
    {
        if (type.IsArray)
        {
            return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return $"{Of(inner)}?";
        }

        if (!type.IsGenericType)
        {
            return type.Name;
        }

        StringBuilder name = new(type.Name.Split('`')[0]);
        return name.Append('<').AppendJoin(", ", type.GetGenericArguments().Select(Of)).Append('>').ToString();
    }

    /// <summary>
    /// The name a field is known by: that of the property or parameter it was made for, else its own.
    /// </summary>
    public static string Of(FieldInfo field)
    {
        string name = field.Name;
        if (field.DeclaringType!.Assembly == typeof(Tuple).Assembly)
        {
            // m_Item1 of tuples, key and value of KeyValuePair.
            string bare = name.StartsWith("m_", StringComparison.Ordinal) ? name[2..] : name;
            return $"{char.ToUpperInvariant(bare[0])}{bare[1..]}";
        }

        // <Name>k__BackingField of properties, <Name>i__Field of anonymous types, <name>P of captured parameters.
        int end = name.IndexOf('>', StringComparison.Ordinal);
        return name.StartsWith('<') && end > 1 ? name[1..end] : name;
    }

    /// <summary>
    /// What is left of a name when habits of spelling are put aside: <c>_userId</c> and <c>UserId</c> agree.
    /// </summary>
    public static string Bare(string name)
    {
        string bare = name.StartsWith("m_", StringComparison.Ordinal) ? name[2..] : name;
        return bare.TrimStart('_').ToUpperInvariant();
    }
}
