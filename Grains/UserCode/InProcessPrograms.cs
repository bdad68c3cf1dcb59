using System.Collections.Concurrent;
using Millrace.Jobs;
using Millrace.Programs;

namespace Millrace.UserCode;

/// <summary>Programs that are part of this process and need no package: those of a cluster inside a program.</summary>
/// <remarks>Shared by the silos of the process; a silo of its own has none and takes packages only.
/// Thread-safe.</remarks>
internal sealed class InProcessPrograms
{
    private readonly ConcurrentDictionary<string, JobProgram> _programs = new(StringComparer.Ordinal);

    /// <summary>Makes a job class known.</summary>
    /// <exception cref="InvalidJobClassException">It is no job class or cannot be created.</exception>
    public ProgramReference Add(Type jobClass)
    {
        ArgumentNullException.ThrowIfNull(jobClass);
        return Add(jobClass.AssemblyQualifiedName ?? jobClass.Name, JobProgram.Of(jobClass));
    }

    /// <summary>Makes a program known under a key of its own, in place of one that had the key before.</summary>
    /// <param name="key">Unique in the process.</param>
    /// <param name="create">Gives a fresh instance; called once for every subtask attempt and once for the
    /// plan.</param>
    public ProgramReference Add(string key, Func<IStreamJob> create)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(create);
        return Add(key, new JobProgram(key, create));
    }

    /// <summary>Forgets a program; jobs that have loaded it go on.</summary>
    public void Remove(ProgramReference program) => _programs.TryRemove(program.Location, out _);

    /// <exception cref="InvalidJobClassException">It is not known here.</exception>
    public JobProgram Get(ProgramReference program) =>
        _programs.TryGetValue(program.Location, out JobProgram? known)
            ? known
            : throw new InvalidJobClassException(
                program.EntryClass,
                $"The program '{program.Location}' is not part of this process; only the process that submits it can "
                + "run it without a package.");

    private ProgramReference Add(string key, JobProgram program)
    {
        _programs[key] = program;
        return new ProgramReference(ProgramKind.InProcess, key, program.ClassName);
    }
}
