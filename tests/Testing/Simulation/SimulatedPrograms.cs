using Millrace.DataStream;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Programs;
using Millrace.Serialization;
using Millrace.UserCode;

namespace Millrace.Simulation;

/// <summary>The one program of a simulated cluster.</summary>
internal sealed class SimulatedPrograms(Action<StreamExecutionEnvironment> define) : IJobPrograms
{
    public Task<IJobCode> LoadAsync(JobId job, ProgramReference program, CancellationToken cancellationToken) =>
        Task.FromResult<IJobCode>(new Code(define));

    private sealed class Code(Action<StreamExecutionEnvironment> define) : IJobCode
    {
        public SerializerSet Serializers { get; } = new();

        public string ClassName => "Simulated";

        public TimeSpan DefineTimeout => TimeSpan.FromMinutes(1);

        public StreamGraph Define(JobArguments arguments)
        {
            var environment = new StreamExecutionEnvironment();
            define(environment);
            return StreamGraph.Of(environment);
        }

        public void Dispose()
        {
        }
    }
}
