using System.Reflection;

namespace Millrace.UserCode;

/// <summary>The assemblies whose types occur in what an assembly shows to others.</summary>
internal sealed class PublicSignatures
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance
        | BindingFlags.DeclaredOnly;

    private readonly Dictionary<Assembly, string> _found = [];

    private PublicSignatures()
    {
    }

    /// <returns>Each assembly with one member that shows a type of it.</returns>
    public static IReadOnlyDictionary<Assembly, string> Of(Assembly assembly)
    {
        var signatures = new PublicSignatures();
        foreach (Type type in assembly.GetExportedTypes())
        {
            signatures.AddType(type);
        }

        return signatures._found;
    }

    private void AddType(Type type)
    {
        string where = type.FullName ?? type.Name;
        Add(type.BaseType, where);
        foreach (Type contract in type.GetInterfaces())
        {
            Add(contract, where);
        }

        AddConstraints(type.IsGenericTypeDefinition ? type.GetGenericArguments() : [], where);
        foreach (FieldInfo field in type.GetFields(All).Where(field => IsSeen(field)))
        {
            Add(field.FieldType, where + "." + field.Name);
        }

        foreach (MethodBase method in type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All)).Where(IsSeen))
        {
            AddMethod(method, where + "." + method.Name);
        }
    }

    private static bool IsSeen(FieldInfo field) => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly;

    private static bool IsSeen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private void AddMethod(MethodBase method, string where)
    {
        foreach (ParameterInfo parameter in method.GetParameters())
        {
            Add(parameter.ParameterType, where);
        }

        if (method is MethodInfo withResult)
        {
            Add(withResult.ReturnType, where);
            AddConstraints(method.IsGenericMethodDefinition ? method.GetGenericArguments() : [], where);
        }
    }

    private void AddConstraints(Type[] parameters, string where)
    {
        foreach (Type constraint in parameters.SelectMany(parameter => parameter.GetGenericParameterConstraints()))
        {
            Add(constraint, where);
        }
    }

    private void Add(Type? type, string where)
    {
        if (type is null || type.IsGenericParameter)
        {
            return;
        }

        if (type.HasElementType)
        {
            Add(type.GetElementType(), where);
            return;
        }

        _found.TryAdd(type.Assembly, where);
        foreach (Type argument in type.GetGenericArguments())
        {
            Add(argument, where);
        }
    }
}
