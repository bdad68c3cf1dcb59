using System.Globalization;
using System.Reflection;
using System.Text;

namespace Millrace.Wire;

/// <summary>The shape of everything that crosses a wire, as text: what must not change between two versions.</summary>
internal static class WireContracts
{
    public static string Describe(WireTypes types)
    {
        IReadOnlySet<Type> reachable = types.ReachableFromGrains();
        var text = new StringBuilder();
        IEnumerable<string> blocks =
        [
            .. types.GrainInterfaces.Select(Grain),
            .. types.Serialized.Where(type => !type.IsEnum).Select(Serialized),
            .. reachable.Where(type => type.IsEnum).Select(Enumeration),
        ];
        foreach (string block in blocks.Order(StringComparer.Ordinal))
        {
            text.Append(block).Append('\n');
        }

        return text.ToString();
    }

    private static string Grain(Type grain)
    {
        IEnumerable<string> methods = WireTypes.MethodsOf(grain)
            .Select(method => $"  {WireTypes.AliasOf(method) ?? method.Name}({Parameters(method)}) -> "
                + NameOf(method.ReturnType))
            .Order(StringComparer.Ordinal);
        return Block($"grain {WireTypes.AliasOf(grain)} is {NameOf(grain)}", methods);
    }

    private static string Serialized(Type type)
    {
        Type? parent = type.BaseType is { } direct && WireTypes.IsSerialized(direct) ? direct : null;
        string from = parent is null ? "" : $", a {NameOf(parent)}";
        IEnumerable<string> members = WireTypes.StateOf(type)
            .Select(state => (state.Member.GetCustomAttribute<IdAttribute>()?.Id, state.Field, state.Member))
            .OrderBy(member => member.Id)
            .Select(member => $"  {member.Id} {member.Member.Name}: {NameOf(member.Field.FieldType)}");
        return Block($"type {WireTypes.AliasOf(type)} is {NameOf(type)}{from}", members);
    }

    private static string Enumeration(Type type)
    {
        IEnumerable<string> values = Enum.GetValuesAsUnderlyingType(type).Cast<object>()
            .Select(value => string.Create(CultureInfo.InvariantCulture, $"  {value} {Enum.GetName(type, value)}"));
        return Block($"enum {NameOf(type)}, a {NameOf(Enum.GetUnderlyingType(type))}", values);
    }

    private static string Block(string title, IEnumerable<string> lines) =>
        string.Join('\n', lines.Prepend(title)) + '\n';

    private static string Parameters(MethodInfo method) =>
        string.Join(", ", method.GetParameters().Select(parameter => NameOf(parameter.ParameterType)));

    /// <summary>Full names of our types, short ones of the rest, arguments written out.</summary>
    private static string NameOf(Type type)
    {
        if (type.IsArray)
        {
            return $"{NameOf(type.GetElementType()!)}[]";
        }

        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        string name = WireTypes.IsOurs(type) ? type.FullName ?? $"{type.Namespace}.{type.Name}" : type.Name;
        int arity = name.IndexOf('`', StringComparison.Ordinal);
        string plain = arity < 0 ? name : name[..arity];
        return type.IsGenericType
            ? $"{plain}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
            : plain;
    }
}
