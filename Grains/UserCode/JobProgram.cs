using System.Reflection;
using Millrace.DataStream;
using Millrace.Failures;
using Millrace.Programs;

namespace Millrace.UserCode;

/// <summary>The class of a program that defines its job.</summary>
/// <remarks>
/// A job class is a public or internal class that implements <see cref="IStreamJob"/> and is neither abstract nor
/// generic. It is found by name, or because it is the only one of its assembly.
/// </remarks>
internal sealed class JobProgram
{
    private const BindingFlags AnyConstructor = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly Func<IStreamJob> _create;

    /// <param name="className">Full name of the job class, or what stands for it.</param>
    /// <param name="create">Gives a fresh instance.</param>
    public JobProgram(string className, Func<IStreamJob> create)
    {
        ClassName = className;
        _create = create;
    }

    /// <summary>Full name of the job class.</summary>
    public string ClassName { get; }

    /// <summary>Whether a program has a <c>Main</c> of its own.</summary>
    public static bool HasMain(Assembly assembly) => assembly.EntryPoint is not null;

    /// <summary>The job classes of an assembly, by name.</summary>
    public static IReadOnlyList<Type> JobsIn(Assembly assembly) =>
        [.. TypesOf(assembly).Where(IsJob).OrderBy(NameOf, StringComparer.Ordinal)];

    /// <summary>Finds the job class of a program.</summary>
    /// <param name="assembly">The program's main assembly.</param>
    /// <param name="className">Full name, or simple name where only one class has it; null for the only job
    /// class.</param>
    /// <exception cref="NoJobClassException">No name was given, and there is no job class.</exception>
    /// <exception cref="AmbiguousJobClassException">The name, or no name, fits several.</exception>
    /// <exception cref="InvalidJobClassException">The class named does not exist, is no job or cannot be
    /// created.</exception>
    public static JobProgram Find(Assembly assembly, string? className)
    {
        IReadOnlyList<Type> jobs = JobsIn(assembly);
        IReadOnlyList<Type> meant = className is null ? jobs : Named(jobs, className);
        return meant.Count switch
        {
            1 => Of(meant[0]),
            > 1 => throw new AmbiguousJobClassException(NameOf(assembly), [.. meant.Select(NameOf)]),
            _ => throw NotFound(assembly, className, jobs),
        };
    }

    /// <summary>The program of a job class.</summary>
    /// <exception cref="InvalidJobClassException">It is no job class or cannot be created.</exception>
    public static JobProgram Of(Type type)
    {
        if (!IsJob(type))
        {
            throw new InvalidJobClassException(NameOf(type), $"Class '{NameOf(type)}' is no job: {WhyNot(type)}.");
        }

        ConstructorInfo constructor = type.GetConstructor(AnyConstructor, Type.EmptyTypes)
            ?? throw new InvalidJobClassException(
                NameOf(type),
                $"Job class '{NameOf(type)}' has no constructor without parameters. It needs one: what the job needs "
                + "from outside comes through JobArguments.");

        // An error of the constructor comes as it is.
        return new JobProgram(
            NameOf(type),
            () => (IStreamJob)constructor.Invoke(BindingFlags.DoNotWrapExceptions, binder: null, [], culture: null));
    }

    /// <summary>Runs the program's <c>Define</c> on a fresh instance and a fresh environment.</summary>
    public StreamExecutionEnvironment Define(JobArguments args)
    {
        var environment = new StreamExecutionEnvironment();
        _create().Define(environment, args);
        return environment;
    }

    private static IReadOnlyList<Type> Named(IReadOnlyList<Type> jobs, string className)
    {
        List<Type> exact = [.. jobs.Where(job => NameOf(job) == className)];
        return exact.Count > 0 ? exact : [.. jobs.Where(job => job.Name == className)];
    }

    private static StreamingException NotFound(Assembly assembly, string? className, IReadOnlyList<Type> jobs)
    {
        string assemblyName = NameOf(assembly);
        if (LoadFailures(assembly) is { } failures)
        {
            return new InvalidJobClassException(
                className ?? "",
                $"No job was found in assembly '{assemblyName}', parts of which do not load: {failures}");
        }

        if (className is null)
        {
            return new NoJobClassException(assemblyName);
        }

        Type? other = TypesOf(assembly).FirstOrDefault(type => NameOf(type) == className || type.Name == className);
        string reason = other is null
            ? $"There is no class '{className}' in assembly '{assemblyName}'"
            : $"Class '{NameOf(other)}' in assembly '{assemblyName}' is no job: {WhyNot(other)}";
        string known = jobs.Count == 0 ? "it has none" : string.Join(", ", jobs.Select(NameOf));
        return new InvalidJobClassException(className, $"{reason}. Jobs of the assembly: {known}.");
    }

    private static bool IsJob(Type type) => WhyNot(type) is null;

    private static string? WhyNot(Type type) => type switch
    {
        _ when !typeof(IStreamJob).IsAssignableFrom(type) => $"it does not implement {typeof(IStreamJob).FullName}",
        { IsClass: false } => "it is not a class",
        { IsAbstract: true } => "it is abstract",
        { ContainsGenericParameters: true } => "it is generic",
        _ when !IsVisible(type) => "it is neither public nor internal",
        _ => null,
    };

    // Nested in something private counts as private.
    private static bool IsVisible(Type type) =>
        !type.IsNested
        || ((type.IsNestedPublic || type.IsNestedAssembly || type.IsNestedFamORAssem)
            && IsVisible(type.DeclaringType!));

    // What does not load is left out: a job may well do without it. When nothing is found, it is the reason given.
    private static IEnumerable<Type> TypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException error)
        {
            return error.Types.OfType<Type>();
        }
    }

    private static string? LoadFailures(Assembly assembly)
    {
        try
        {
            _ = assembly.GetTypes();
            return null;
        }
        catch (ReflectionTypeLoadException error)
        {
            return string.Join(
                " ", error.LoaderExceptions.Select(loader => loader?.Message).Distinct(StringComparer.Ordinal));
        }
    }

    private static string NameOf(Type type) => type.FullName ?? type.Name;

    private static string NameOf(Assembly assembly) => assembly.GetName().Name ?? assembly.ToString();
}
