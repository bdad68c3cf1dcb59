using Millrace.Failures;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Programs;
using Millrace.Serialization;

namespace Millrace.UserCode;

/// <summary>
/// The code of the jobs that run on this silo: one copy a job, held as long as somebody uses it. Thread-safe.
/// </summary>
internal interface IJobPrograms
{
    /// <summary>Loads the code of a job, or joins those who use it already.</summary>
    /// <exception cref="StreamingException">The package or the class is not there, or cannot be used.</exception>
    Task<IJobCode> LoadAsync(JobId job, ProgramReference program, CancellationToken cancellationToken);
}

/// <summary>One use of a job's code. When the last one is disposed, the code is unloaded.</summary>
internal interface IJobCode : IDisposable
{
    /// <summary>Serializers of the job's types, shared by all its subtasks on the silo.</summary>
    SerializerSet Serializers { get; }

    /// <summary>Full name of the job class.</summary>
    string ClassName { get; }

    /// <summary>How long <c>Define</c> may take.</summary>
    TimeSpan DefineTimeout { get; }

    /// <summary>Runs the program's <c>Define</c>, on the calling thread and for as long as it takes; see
    /// <see cref="BoundedDefinition"/>. Every call gives new function objects.</summary>
    StreamGraph Define(JobArguments arguments);
}
