using System.Runtime.CompilerServices;

namespace Millrace.Serialization;

/// <summary>Refuses values that generated code cannot take.</summary>
internal static class ValueGuard
{
    /// <exception cref="RecordRefusedException">Always.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ThrowDerived(object value, Type declared) => throw new RecordRefusedException(
        $"An object of type {value.GetType()} stands where {declared} is declared: members of the derived type would "
        + $"be lost. Declare the type that is meant, or register a serializer for {declared}.");

    /// <exception cref="RecordRefusedException">The stack is nearly used up.</exception>
    public static void EnsureStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new RecordRefusedException("A value is nested too deeply to be copied, or refers to itself.");
        }
    }
}
