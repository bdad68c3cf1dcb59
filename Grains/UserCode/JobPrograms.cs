using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Millrace.Execution;
using Millrace.Jobs;
using Millrace.UserCode.Packages;

namespace Millrace.UserCode;

/// <summary>The code of the jobs that run on this silo: loaded for a job's first use, unloaded after its
/// last.</summary>
internal sealed class JobPrograms : IJobPrograms
{
    // An unloaded job's assemblies lie outside the managed heap, where they weigh a hundred kilobytes and more; the
    // collector does not see that weight, and may take hours to come by on its own.
    private const int UnloadsPerCollection = 32;

    private readonly Lock _gate = new();
    private readonly Dictionary<JobId, Entry> _entries = [];
    private readonly List<WeakReference> _contexts = [];
    private readonly PackageCache _packages;
    private readonly InProcessPrograms _own;
    private readonly IExecution _execution;
    private readonly ILogger<JobPrograms> _logger;
    private int _unloads;

    public JobPrograms(
        PackageCache packages,
        InProcessPrograms own,
        IExecution execution,
        IOptions<UserCodeOptions> options,
        ILogger<JobPrograms> logger)
    {
        DefineTimeout = options.Value.DefineTimeout;
        _packages = packages;
        _own = own;
        _execution = execution;
        _logger = logger;
    }

    /// <summary>How long a program's <c>Define</c> may take.</summary>
    public TimeSpan DefineTimeout { get; }

    /// <summary>Number of jobs whose code is loaded or being loaded.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Number of load contexts in memory: those in use, and those unloaded that something still refers to or
    /// that no collection has come to yet.</summary>
    public int LiveContexts
    {
        get
        {
            lock (_gate)
            {
                _contexts.RemoveAll(context => !context.IsAlive);
                return _contexts.Count;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IJobCode> LoadAsync(JobId job, ProgramReference program, CancellationToken cancellationToken)
    {
        Entry entry = Enter(job, program);
        try
        {
            return new JobCodeLease(this, job, await entry.Loaded.Task.WaitAsync(cancellationToken));
        }
        catch
        {
            Release(job);
            throw;
        }
    }

    /// <summary>Gives back one use.</summary>
    internal void Release(JobId job)
    {
        LoadedProgram? unused;
        lock (_gate)
        {
            Entry entry = _entries[job];
            entry.Uses--;
            if (entry.Uses > 0)
            {
                return;
            }

            // While it is being loaded there is nothing to unload yet: the loader will find the entry gone.
            _entries.Remove(job);
            unused = entry.Program;
        }

        Unload(job, unused);
    }

    private Entry Enter(JobId job, ProgramReference program)
    {
        Entry entry;
        lock (_gate)
        {
            if (_entries.TryGetValue(job, out Entry? known))
            {
                known.EnsureSame(job, program);
                known.Uses++;
                return known;
            }

            entry = new Entry(program);
            _entries.Add(job, entry);
        }

        // Not awaited: its outcome, good or bad, goes to all who wait for the entry.
        _ = _execution.RunAsync(() => LoadAsync(job, entry));
        return entry;
    }

    private async Task LoadAsync(JobId job, Entry entry)
    {
        try
        {
            LoadedProgram program = entry.Reference.Kind switch
            {
                ProgramKind.InProcess => new LoadedProgram(_own.Get(entry.Reference), context: null),
                ProgramKind.Package => await LoadPackageAsync(job, entry.Reference),
                ProgramKind other => throw new InvalidPackageException(
                    $"A program of kind '{other}' is not known here."),
            };
            bool isWanted;
            lock (_gate)
            {
                isWanted = _entries.TryGetValue(job, out Entry? current) && current == entry;
                entry.Program = program;
            }

            if (!isWanted)
            {
                Unload(job, program);
            }

            entry.Loaded.SetResult(program);
        }
#pragma warning disable CA1031 // Whatever it throws to load somebody else's code belongs to those who asked for it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            entry.Loaded.SetException(error);

            // Counts as observed: those who asked may have stopped waiting.
            _ = entry.Loaded.Task.Exception;
        }
    }

    private async Task<LoadedProgram> LoadPackageAsync(JobId job, ProgramReference reference)
    {
        PackageId id = PackageId.TryParse(reference.Location, out PackageId parsed)
            ? parsed
            : throw new InvalidPackageException($"'{reference.Location}' is no package id.");
        UnpackedPackage package = await _packages.GetAsync(id, CancellationToken.None);
        var context = new JobLoadContext($"job {job}", package.MainAssemblyPath);
        lock (_gate)
        {
            _contexts.Add(new WeakReference(context));
        }

        try
        {
            string? className = reference.EntryClass.Length == 0 ? null : reference.EntryClass;
            JobProgram program = JobProgram.Find(context.LoadMain(), className);
            _logger.Loaded(job, id, program.ClassName);
            return new LoadedProgram(program, context);
        }
        catch
        {
            context.Unload();
            throw;
        }
    }

    private void Unload(JobId job, LoadedProgram? program)
    {
        if (program is not null)
        {
            program.Unload();
            _logger.Unloaded(job);
            if (Interlocked.Increment(ref _unloads) % UnloadsPerCollection == 0)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
            }
        }
    }

    private sealed class Entry(ProgramReference reference)
    {
        public ProgramReference Reference { get; } = reference;

        // Not on the loader's stack, which knows the program: who waited may outlive the job there.
        public TaskCompletionSource<LoadedProgram> Loaded { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Uses { get; set; } = 1;

        public LoadedProgram? Program { get; set; }

        public void EnsureSame(JobId job, ProgramReference program)
        {
            if (Reference != program)
            {
                throw new InvalidOperationException(
                    $"Job {job} runs {Reference} on this silo; it cannot run {program} at the same time.");
            }
        }
    }
}
