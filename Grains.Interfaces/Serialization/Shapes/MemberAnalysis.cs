using System.Reflection;
using System.Runtime.CompilerServices;

namespace Millrace.Serialization.Shapes;

/// <summary>Finds the members of a struct or class: all its state, which is its instance fields.</summary>
/// <remarks>Fields rather than properties, so that nothing is lost in silence and no getter has an effect.</remarks>
internal sealed class MemberAnalysis(ShapeAnalysis analysis, Type type)
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>True when the type has members that are left out; known after <see cref="MembersOf"/>.</summary>
    public bool HasIgnored { get; private set; }

    public IReadOnlyList<ShapeMember> MembersOf()
    {
        List<ShapeMember> members = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (FieldInfo field in FieldsOf())
        {
            string name = ShapeNames.Of(field);
            if (!names.Add(name))
            {
                name = $"{ShapeNames.Of(field.DeclaringType!)}.{name}";
                names.Add(name);
            }

            RefuseHidden(field, name);
            TypeShape shape = analysis.ShapeBelow($".{name}", field.FieldType);
            members.Add(new ShapeMember(name, shape, OldNamesOf(field), field));
        }

        return members;
    }

    private IEnumerable<FieldInfo> FieldsOf()
    {
        Stack<Type> lineage = [];
        for (Type? at = type; at is not null && at != typeof(object) && at != typeof(ValueType); at = at.BaseType)
        {
            lineage.Push(at);
        }

        foreach (Type at in lineage)
        {
            // Reflection promises no order, metadata has the order of declaration.
            FieldInfo[] fields = [.. at.GetFields(Declared).OrderBy(field => field.MetadataToken)];
            if (fields.Length > 0 && at != type && KnownTypes.IsClosed(at))
            {
                throw analysis.Refused(type, $"it derives from {at}, whose state is the framework's own");
            }

            foreach (FieldInfo field in fields)
            {
                if (IsIgnored(field))
                {
                    HasIgnored = true;
                    continue;
                }

                yield return field;
            }
        }
    }

    private void RefuseHidden(FieldInfo field, string name)
    {
        if (field.IsDefined(typeof(FixedBufferAttribute)))
        {
            throw analysis.Refused(type, $"'{name}' is a buffer of fixed size, which hides its elements");
        }
    }

    private static bool IsIgnored(FieldInfo field) =>
        field.IsDefined(typeof(MillraceIgnoreAttribute))
        || PropertyOf(field)?.IsDefined(typeof(MillraceIgnoreAttribute)) == true
        || EventOf(field)?.IsDefined(typeof(MillraceIgnoreAttribute)) == true;

    private static string[] OldNamesOf(FieldInfo field)
    {
        string bare = ShapeNames.Bare(ShapeNames.Of(field));
        IEnumerable<ParameterInfo> parameters = field.DeclaringType!.GetConstructors(Declared)
            .SelectMany(constructor => constructor.GetParameters())
            .Where(parameter => parameter.Name is not null
                && parameter.ParameterType == field.FieldType
                && ShapeNames.Bare(parameter.Name) == bare);
        IEnumerable<MillraceFieldAttribute?> attributes =
        [
            field.GetCustomAttribute<MillraceFieldAttribute>(),
            PropertyOf(field)?.GetCustomAttribute<MillraceFieldAttribute>(),
            .. parameters.Select(parameter => parameter.GetCustomAttribute<MillraceFieldAttribute>()),
        ];
        return [.. attributes.OfType<MillraceFieldAttribute>().SelectMany(attribute => attribute.OldNames).Distinct()];
    }

    private static PropertyInfo? PropertyOf(FieldInfo field) =>
        field.Name.StartsWith('<')
            ? field.DeclaringType!.GetProperties(Declared)
                .FirstOrDefault(property => property.Name == ShapeNames.Of(field))
            : null;

    private static EventInfo? EventOf(FieldInfo field) =>
        field.FieldType.IsSubclassOf(typeof(Delegate)) ? field.DeclaringType!.GetEvent(field.Name, Declared) : null;
}
