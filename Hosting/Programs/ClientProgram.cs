using System.Reflection;
using Millrace.Jobs;
using Millrace.UserCode;
using Millrace.UserCode.Packages;

namespace Millrace.Programs;

/// <summary>A program of somebody else, loaded to be started here: on the client.</summary>
internal sealed class ClientProgram : IDisposable
{
    private readonly ProgramFolder _folder;
    private readonly JobPackage _package;
    private readonly JobLoadContext _context;
    private readonly Assembly _assembly;

    private ClientProgram(ProgramFolder folder, JobPackage package)
    {
        _folder = folder;
        _package = package;
        _context = new JobLoadContext("client", package.MainAssemblyPath);
        _assembly = _context.LoadMain();
    }

    /// <summary>Finds what the user names, builds it where needed, and loads it.</summary>
    /// <param name="path">A project folder or file, a published folder, an assembly or a package.</param>
    /// <param name="publish">How a project is built.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Failures.StreamingException">There is no program, it does not build, or cannot be
    /// packed.</exception>
    public static async Task<ClientProgram> LoadAsync(
        string path, PublishOptions publish, CancellationToken cancellationToken)
    {
        var options = new UserCodeOptions();
        var locator = new ProgramLocator(new ProjectPublisher(publish, TimeProvider.System), options);
        ProgramFolder folder = await locator.LocateAsync(path, cancellationToken);
        try
        {
            return new ClientProgram(folder, folder.Pack(options));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>What to start: the job class that is named, else nothing where there is a <c>Main</c>, else the only
    /// job class.</summary>
    /// <returns>Null for the program's <c>Main</c>.</returns>
    /// <exception cref="NoJobClassException">There is neither.</exception>
    /// <exception cref="AmbiguousJobClassException">There is no <c>Main</c>, and several job classes.</exception>
    /// <exception cref="InvalidJobClassException">The class named is no job.</exception>
    public Type? FindEntry(string? className)
    {
        if (className is null && JobProgram.HasMain(_assembly))
        {
            return null;
        }

        string found = JobProgram.Find(_assembly, className).ClassName;
        return _assembly.GetType(found, throwOnError: true)!;
    }

    /// <summary>Runs the program's <c>Main</c>, on the calling thread and to its end.</summary>
    /// <returns>Its exit code.</returns>
    public int InvokeMain(string[] args)
    {
        MethodInfo main = _assembly.EntryPoint!;
        object?[] arguments = main.GetParameters().Length == 0 ? [] : [args];
        object? code = main.Invoke(null, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);
        return code is int number ? number : ProgramTarget.Success;
    }

    /// <summary>Lets go of the code, and deletes what was built or unpacked.</summary>
    public void Dispose()
    {
        _context.Unload();
        _folder.Dispose();
    }

    /// <summary>Sends the program's package to a cluster, unless it is there.</summary>
    /// <returns>Where its silos find the job class.</returns>
    /// <exception cref="InvalidPackageException">The cluster refuses it.</exception>
    public async Task<ProgramReference> SendAsync(
        ClusterCalls calls, Type jobClass, CancellationToken cancellationToken)
    {
        await new PackageSender(calls).SendAsync(_package, cancellationToken);
        return new ProgramReference(ProgramKind.Package, _package.Id.ToString(), jobClass.FullName!);
    }
}
