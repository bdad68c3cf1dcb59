using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Millrace.Functions;

/// <summary>The types made for functions of one assembly, each once.</summary>
/// <remarks>In assemblies that can be collected, whatever the functions are in: code of such an assembly is compiled as
/// well as it can be at its first call.</remarks>
internal sealed class DirectCallTypes(Assembly owner)
{
    private const string Opening = "System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute";

    private const string Target = "Target";

    private readonly AssemblyLoadContext _context =
        AssemblyLoadContext.GetLoadContext(owner) ?? AssemblyLoadContext.Default;

    private readonly Lock _lock = new();
    private readonly Dictionary<(nint Method, Type? Declaring, Type Contract), Type?> _types = [];
    private readonly HashSet<string> _opened = [];
    private ModuleBuilder? _module;

    /// <summary>A value of the type made for a function.</summary>
    /// <param name="function">The delegate whose target it gets.</param>
    /// <param name="method">Its method.</param>
    /// <param name="contract">What the type implements.</param>
    /// <param name="named">All assemblies that the two name types of.</param>
    /// <returns>Null when it cannot be made.</returns>
    public object? Create(Delegate function, MethodInfo method, Type contract, IEnumerable<Assembly> named)
    {
        if (TypeOf(method, contract, named) is not Type type)
        {
            return null;
        }

        object value = RuntimeHelpers.GetUninitializedObject(type);
        type.GetField(Target)?.SetValue(value, function.Target);
        return value;
    }

    private Type? TypeOf(MethodInfo method, Type contract, IEnumerable<Assembly> named)
    {
        // The handle alone is that of all instances of a generic type over references.
        (nint, Type?, Type) key = (method.MethodHandle.Value, method.DeclaringType, contract);
        lock (_lock)
        {
            if (!_types.TryGetValue(key, out Type? type))
            {
                type = TryMake(method, contract, named);
                _types.Add(key, type);
            }

            return type;
        }
    }

    // Compiled here once, so that whatever forbids the call is found before a loop is built upon it.
    private Type? TryMake(MethodInfo method, Type contract, IEnumerable<Assembly> named)
    {
        try
        {
            if (!named.All(IsFoundByName))
            {
                return null;
            }

            Type type = Make(ModuleFor(named), method, contract);
            RuntimeHelpers.PrepareMethod(type.GetMethod(contract.GetMethods().Single().Name)!.MethodHandle);
            return contract.IsAssignableFrom(type) ? type : null;
        }
        catch (Exception exception) when (exception is MemberAccessException or TypeLoadException
            or IOException or BadImageFormatException or InvalidProgramException or NotSupportedException)
        {
            return null;
        }
    }

    // The function's context may have another assembly of that name, with another method of that name in it.
    private bool IsFoundByName(Assembly assembly) => _context.LoadFromAssemblyName(assembly.GetName()) == assembly;

    private Type Make(ModuleBuilder module, MethodInfo method, Type contract)
    {
        MethodInfo wanted = contract.GetMethods().Single();
        TypeBuilder type = module.DefineType(
            $"{method.DeclaringType!.Name}.{method.Name}.{_types.Count}",
            TypeAttributes.Public | TypeAttributes.Sealed | TypeAttributes.SequentialLayout,
            typeof(ValueType));
        type.AddInterfaceImplementation(contract);
        MethodBuilder call = type.DefineMethod(
            wanted.Name,
            MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig,
            wanted.ReturnType,
            [.. wanted.GetParameters().Select(parameter => parameter.ParameterType)]);
        call.SetImplementationFlags(MethodImplAttributes.AggressiveInlining);
        ILGenerator il = call.GetILGenerator();
        if (!method.IsStatic)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, type.DefineField(Target, method.DeclaringType, FieldAttributes.Public));
        }

        for (short argument = 1; argument <= wanted.GetParameters().Length; argument++)
        {
            il.Emit(OpCodes.Ldarg, argument);
        }

        il.Emit(OpCodes.Call, method);
        il.Emit(OpCodes.Ret);
        type.DefineMethodOverride(call, wanted);
        return type.CreateType();
    }

    // A module opens what its assembly said when it was made: another one for names that come later.
    private ModuleBuilder ModuleFor(IEnumerable<Assembly> named)
    {
        int before = _opened.Count;
        _opened.UnionWith(named.Select(assembly => assembly.GetName().Name!));
        if (_module is null || _opened.Count > before)
        {
            _module = NewModule();
        }

        return _module;
    }

    private ModuleBuilder NewModule()
    {
        // Names are to be found as the functions find them.
        using AssemblyLoadContext.ContextualReflectionScope scope = _context.EnterContextualReflection();
        AssemblyBuilder assembly = AssemblyBuilder.DefineDynamicAssembly(
            new AssemblyName("Millrace.DirectCalls"), AssemblyBuilderAccess.RunAndCollect);
        ModuleBuilder module = assembly.DefineDynamicModule("DirectCalls");
        ConstructorInfo opening = DefineOpening(module);
        foreach (string name in _opened)
        {
            assembly.SetCustomAttribute(new CustomAttributeBuilder(opening, [name]));
        }

        return module;
    }

    // Lambdas and their records are private more often than not. The runtime knows the attribute by its name and has
    // none of its own.
    private static ConstructorInfo DefineOpening(ModuleBuilder module)
    {
        TypeBuilder type = module.DefineType(Opening, TypeAttributes.Public | TypeAttributes.Sealed, typeof(Attribute));
        ConstructorBuilder constructor = type.DefineConstructor(
            MethodAttributes.Public, CallingConventions.Standard, [typeof(string)]);
        ILGenerator il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, typeof(Attribute).GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, [])!);
        il.Emit(OpCodes.Ret);
        return type.CreateType().GetConstructor([typeof(string)])!;
    }
}
