using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Millrace.Checkpointing.Storage;
using Millrace.Jobs.Master;
using Millrace.Execution;
using Millrace.Jobs.Storage;
using Millrace.Metrics;
using Millrace.Slots;
using Millrace.Tasks;
using Millrace.UserCode;

namespace Millrace.Jobs;

/// <summary>What every job of this silo uses.</summary>
internal sealed record JobServices(
    IJobRecordStore Records,
    IJobPrograms Programs,
    IExecution Execution,
    IClusterMembershipService Membership,
    IOptions<JobOptions> Options,
    IOptions<TaskHostOptions> Tasks,
    SiloIdentity Silo,
    CheckpointStore Checkpoints,
    JobMeters Meters,
    SavepointStore Savepoints,
    IOptions<CheckpointOptions> CheckpointPlaces,
    ILogger<JobMaster> Logger)
{
    /// <summary>How long subtasks may take to stop, as far as a job waits for it.</summary>
    public TimeSpan StopPatience => Tasks.Value.CancellationTimeout + Options.Value.CancellationMargin;
}
