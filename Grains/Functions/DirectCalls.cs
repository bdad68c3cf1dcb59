using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Millrace.Functions;

/// <summary>Gives the function behind a delegate a type of its own, so that a generic loop over it is compiled for that
/// function alone and may have its body inside.</summary>
/// <remarks>
/// A loop over delegates is compiled once for all delegates of a type; what the compiler learns of one, the others pay
/// for, and in code that can be unloaded it learns nothing (docs/adr/0031). The types live beside the assembly of the
/// function, and go away with it. Thread-safe.
/// </remarks>
internal static class DirectCalls
{
    // By weak reference: what is made for a job's assembly refers to it, and must not keep it.
    private static readonly ConditionalWeakTable<Assembly, DirectCallTypes> Made = [];

    /// <summary>The function behind a delegate, as a struct with nothing but the delegate's target in it.</summary>
    /// <param name="function">A delegate.</param>
    /// <param name="contract">An interface with one method, whose parameters and result are those of the
    /// delegate.</param>
    /// <returns>In its box; null when the method cannot be called directly: the delegate does it then.</returns>
    public static object? Of(Delegate function, Type contract)
    {
        MethodInfo method = function.Method;
        if (!RuntimeFeature.IsDynamicCodeSupported || !CanCall(function, method) || !Fits(method, contract))
        {
            return null;
        }

        return TryFindOwner(method, contract, out Assembly? owner, out HashSet<Assembly> named)
            ? Made.GetValue(owner, static assembly => new DirectCallTypes(assembly))
                .Create(function, method, contract, named)
            : null;
    }

    // Of others, the delegate knows more than the method does: several targets, a first argument that is bound, which
    // override is meant. What was made at run time itself is not found by its name.
    private static bool CanCall(Delegate function, MethodInfo method) =>
        function.HasSingleTarget
        && method.DeclaringType is { } type
        && !method.Module.Assembly.IsDynamic
        && (method.IsStatic
            ? function.Target is null
            : type.IsClass && function.Target is not null && (!method.IsVirtual || method.IsFinal || type.IsSealed));

    private static bool Fits(MethodInfo method, Type contract)
    {
        MethodInfo wanted = contract.GetMethods().Single();
        return method.ReturnType == wanted.ReturnType
            && method.GetParameters().Select(parameter => parameter.ParameterType)
                .SequenceEqual(wanted.GetParameters().Select(parameter => parameter.ParameterType));
    }

    // The one that goes away first: a function of ours over a record of a job belongs to the job.
    private static bool TryFindOwner(
        MethodInfo method, Type contract, [NotNullWhen(true)] out Assembly? owner, out HashSet<Assembly> named)
    {
        named = [method.Module.Assembly];
        AddAssemblies(contract, named);
        AddAssemblies(method.DeclaringType!, named);
        foreach (Type argument in method.GetGenericArguments())
        {
            AddAssemblies(argument, named);
        }

        owner = method.Module.Assembly;
        AssemblyLoadContext? context = null;
        foreach (Assembly assembly in named.Where(assembly => assembly.IsCollectible))
        {
            AssemblyLoadContext? its = AssemblyLoadContext.GetLoadContext(assembly);
            if (its is null || (context is not null && its != context))
            {
                return false;
            }

            context = its;
            owner = owner.IsCollectible ? owner : assembly;
        }

        return !named.Any(assembly => assembly.IsDynamic);
    }

    private static void AddAssemblies(Type type, HashSet<Assembly> assemblies)
    {
        assemblies.Add(type.Assembly);
        if (type.HasElementType)
        {
            AddAssemblies(type.GetElementType()!, assemblies);
        }

        foreach (Type argument in type.GetGenericArguments())
        {
            AddAssemblies(argument, assemblies);
        }
    }
}
