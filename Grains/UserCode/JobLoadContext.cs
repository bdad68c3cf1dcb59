using System.Reflection;
using System.Runtime.Loader;

namespace Millrace.UserCode;

/// <summary>Where the assemblies of one job live, apart from those of every other job; goes away with the
/// job.</summary>
/// <remarks>
/// Loads from files of the package's folder, so that native libraries and <see cref="Assembly.Location"/> work. An
/// assembly of <see cref="SharedAssemblies"/> is always the process's own. An assembly of the .NET runtime is too,
/// unless the job asks for a newer one and brings it. After <see cref="AssemblyLoadContext.Unload"/> the memory is
/// given back once nothing refers to a type or object of the job any more: no static of ours may.
/// </remarks>
internal sealed class JobLoadContext : AssemblyLoadContext
{
    private static readonly AssemblyLoadContext Host =
        GetLoadContext(typeof(JobLoadContext).Assembly) ?? Default;

    private readonly AssemblyDependencyResolver _resolver;
    private readonly string _mainAssemblyPath;

    /// <param name="name">For diagnostics: the job.</param>
    /// <param name="mainAssemblyPath">Absolute path; the other files of the package stand beside it.</param>
    public JobLoadContext(string name, string mainAssemblyPath)
        : base(name, isCollectible: true)
    {
        _mainAssemblyPath = mainAssemblyPath;
        _resolver = new AssemblyDependencyResolver(mainAssemblyPath);
    }

    /// <summary>Loads the package's main assembly, the first time.</summary>
    public Assembly LoadMain() => LoadFromAssemblyPath(_mainAssemblyPath);

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string name = assemblyName.Name ?? "";
        if (SharedAssemblies.Contains(name))
        {
            return LoadShared(assemblyName, name);
        }

        if (SharedAssemblies.IsFramework(name) && HostHas(assemblyName, name))
        {
            // The default of the runtime: ask the host.
            return null;
        }

        string? path = _resolver.ResolveAssemblyToPath(assemblyName);
        return path is null ? null : LoadFromAssemblyPath(path);
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        string? path = _resolver.ResolveUnmanagedDllToPath(unmanagedDllName);
        return path is null ? nint.Zero : LoadUnmanagedDllFromPath(path);
    }

    private static Assembly LoadShared(AssemblyName wanted, string name)
    {
        // By name alone: whether the version will do is for us to say, in words.
        Assembly found = Host.LoadFromAssemblyName(new AssemblyName(name));
        Version? has = found.GetName().Version;
        return wanted.Version is null || has is null || has >= wanted.Version
            ? found
            : throw new FileLoadException(
                $"The job was built against {name} {wanted.Version}, which is shared with the process it runs in; this "
                + $"process has {has}. Build the job against {has} or older.",
                name);
    }

    private static bool HostHas(AssemblyName wanted, string name)
    {
        Version? has = Host.LoadFromAssemblyName(new AssemblyName(name)).GetName().Version;
        return wanted.Version is null || has is null || has >= wanted.Version;
    }
}
