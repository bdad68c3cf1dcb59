using Millrace.Checkpointing.Storage;
using Millrace.Execution;
using Millrace.Network;
using Millrace.State;
using Millrace.Tasks.Checkpointing.Copies;
using Millrace.UserCode;

namespace Millrace.Tasks;

/// <summary>What a silo's subtasks stand on.</summary>
/// <param name="Silo">The silo's Orleans address with generation, as <c>SiloAddress.ToParsableString()</c> writes
/// it.</param>
/// <param name="SiloName">The silo's name, for people.</param>
/// <param name="Execution">Threads, clock, connections.</param>
/// <param name="Network">The ways to other subtasks.</param>
/// <param name="Programs">The code of jobs.</param>
/// <param name="Reporter">Where jobs are told what happens.</param>
/// <param name="Options">Limits.</param>
/// <param name="Checkpoints">Where checkpoints are kept.</param>
internal sealed record TaskHostEnvironment(
    string Silo,
    string SiloName,
    IExecution Execution,
    NetworkEnvironment Network,
    IJobPrograms Programs,
    ITaskReporter Reporter,
    TaskHostOptions Options,
    ICheckpointStorage Checkpoints)
{
    /// <summary>What state can be kept in.</summary>
    public StateEnvironment State { get; init; } = StateEnvironment.Memory;

    /// <summary>The checkpoints together with what is kept of them on the silo's disk; null where nothing is.</summary>
    public SiloCheckpointStorage? Local => Checkpoints as SiloCheckpointStorage;
}
