using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Programs;
using Millrace.Serialization;

namespace Millrace.UserCode;

/// <summary>One use of a job's code, until it is disposed.</summary>
internal sealed class JobCodeLease : IJobCode
{
    private readonly JobPrograms _programs;
    private readonly JobId _jobId;
    private LoadedProgram? _program;

    public JobCodeLease(JobPrograms programs, JobId jobId, LoadedProgram program)
    {
        _programs = programs;
        _jobId = jobId;
        _program = program;
    }

    /// <inheritdoc/>
    public string ClassName => Program.ClassName;

    /// <inheritdoc/>
    public TimeSpan DefineTimeout => _programs.DefineTimeout;

    /// <inheritdoc/>
    public SerializerSet Serializers => Program.Serializers;

    private LoadedProgram Program => _program ?? throw new ObjectDisposedException(nameof(JobCodeLease));

    /// <inheritdoc/>
    public StreamGraph Define(JobArguments arguments) => Program.Define(arguments);

    /// <summary>Gives the code back. Afterwards nothing of the job may run or be referred to.</summary>
    public void Dispose()
    {
        // Lets go of the program too: who keeps the lease shall not keep the job's assemblies.
        if (Interlocked.Exchange(ref _program, null) is not null)
        {
            _programs.Release(_jobId);
        }
    }
}
