using System.Reflection;
using System.Runtime.CompilerServices;

namespace Millrace.Wire;

/// <summary>What the given assemblies send to other processes, as reflection finds it.</summary>
internal sealed class WireTypes(params Assembly[] assemblies)
{
    private const string Product = "Millrace";
    private const string Generated = "OrleansCodeGen";

    private const BindingFlags OwnMembers = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
        | BindingFlags.DeclaredOnly;

    /// <summary>All types we wrote; not what the compiler and Orleans generate.</summary>
    public IReadOnlyList<Type> All { get; } = [.. assemblies
        .SelectMany(assembly => assembly.GetTypes())
        .Where(type => type.Namespace?.StartsWith(Generated, StringComparison.Ordinal) == false)
        .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false))];

    public IEnumerable<Type> Serialized => All.Where(IsSerialized);

    public IEnumerable<Type> GrainInterfaces =>
        All.Where(type => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type));

    public static bool IsSerialized(Type type) => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false);

    public static bool IsOurs(Type type) =>
        type.Assembly.GetName().Name?.StartsWith(Product, StringComparison.Ordinal) == true;

    public static string? AliasOf(MemberInfo member) =>
        member.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias;

    /// <summary>The state of a type itself, without its base: fields, and the members that stand for them.</summary>
    public static IEnumerable<(FieldInfo Field, MemberInfo Member)> StateOf(Type type) =>
        type.GetFields(OwnMembers)
            .Where(field => !field.IsDefined(typeof(NonSerializedAttribute), inherit: false))
            .Select(field => (field, MemberOf(field)));

    public static IEnumerable<MethodInfo> MethodsOf(Type grainInterface) =>
        grainInterface.GetMethods().Where(method => !method.IsStatic);

    /// <summary>The types of ours in a signature: itself, its arguments, its elements.</summary>
    public static IEnumerable<Type> OursIn(Type type)
    {
        if (type.HasElementType)
        {
            return OursIn(type.GetElementType()!);
        }

        IEnumerable<Type> arguments = type.GetGenericArguments().SelectMany(OursIn);
        if (type.IsGenericParameter || !IsOurs(type))
        {
            return arguments;
        }

        return arguments.Append(type.IsGenericType ? type.GetGenericTypeDefinition() : type);
    }

    /// <summary>The types of ours that the methods of grains lead to, from member to member.</summary>
    public IReadOnlySet<Type> ReachableFromGrains()
    {
        HashSet<Type> seen = [];
        Queue<Type> open = new(
            from grain in GrainInterfaces
            from method in MethodsOf(grain)
            from type in method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)
            from ours in OursIn(type)
            select ours);
        while (open.TryDequeue(out Type? type))
        {
            if (seen.Add(type) && IsSerialized(type))
            {
                IEnumerable<Type> parts = StateOf(type).Select(state => state.Field.FieldType);
                foreach (Type part in parts.Append(type.BaseType ?? typeof(object)).SelectMany(OursIn))
                {
                    open.Enqueue(part);
                }
            }
        }

        return seen;
    }

    private static MemberInfo MemberOf(FieldInfo field)
    {
        // A property's field is called "<Name>k__BackingField".
        int end = field.Name.IndexOf('>', StringComparison.Ordinal);
        PropertyInfo? property = field.Name.StartsWith('<') && end > 0
            ? field.DeclaringType!.GetProperty(field.Name[1..end], OwnMembers)
            : null;
        return property is null ? field : property;
    }
}
