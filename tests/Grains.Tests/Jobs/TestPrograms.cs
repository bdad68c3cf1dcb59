using System.Collections.Concurrent;
using Millrace.DataStream;
using Millrace.Graph;
using Millrace.Programs;
using Millrace.Serialization;
using Millrace.UserCode;

namespace Millrace.Jobs;

/// <summary>Programs that are part of the test, and how many of them are in use.</summary>
internal sealed class TestPrograms : IJobPrograms
{
    private readonly ConcurrentDictionary<string, IStreamJob> _programs = new(StringComparer.Ordinal);
    private int _inUse;

    public int InUse => _inUse;

    public void Add(string key, IStreamJob program) => _programs[key] = program;

    public Task<IJobCode> LoadAsync(JobId job, ProgramReference program, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _inUse);
        return Task.FromResult<IJobCode>(new Code(this, _programs[program.Location]));
    }

    private sealed class Code(TestPrograms owner, IStreamJob program) : IJobCode
    {
        private int _isDisposed;

        public SerializerSet Serializers { get; } = new();

        public string ClassName => "TestProgram";

        public TimeSpan DefineTimeout => TimeSpan.FromMinutes(1);

        public StreamGraph Define(JobArguments arguments)
        {
            var environment = new StreamExecutionEnvironment();
            program.Define(environment, arguments);
            return StreamGraph.Of(environment);
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            {
                Interlocked.Decrement(ref owner._inUse);
            }
        }
    }
}
