using System.Reflection;
using System.Runtime.CompilerServices;
using Millrace.Serialization.Shapes;

namespace Millrace.State;

/// <summary>Finds equality that somebody wrote, as opposed to what the compiler makes for records.</summary>
internal static class CustomEquality
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <returns>The first method by which values of the type compare in a way of their own; null when there is
    /// none.</returns>
    public static string? Of(Type type)
    {
        for (Type? at = type; at is not null && !IsGiven(at); at = at.BaseType)
        {
            MethodInfo? method = at.GetMethods(Declared).FirstOrDefault(IsWritten);
            if (method is not null)
            {
                return $"{ShapeNames.Of(at)}.{method.Name}({ShapeNames.Of(method.GetParameters()[0].ParameterType)})";
            }
        }

        return null;
    }

    /// <summary>
    /// Types of the framework and those the compiler makes, such as anonymous ones, compare by their parts.
    /// </summary>
    private static bool IsGiven(Type type) =>
        type.Assembly == typeof(object).Assembly || type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    private static bool IsWritten(MethodInfo method) =>
        (method.Name == nameof(Equals) || method.Name.EndsWith(".Equals", StringComparison.Ordinal))
        && method.GetParameters().Length == 1
        && method.ReturnType == typeof(bool)
        && !method.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);
}
