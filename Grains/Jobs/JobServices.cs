using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Millrace.Execution;
using Millrace.Jobs.Records;
using Millrace.Slots;
using Millrace.UserCode;

namespace Millrace.Jobs;

/// <summary>What every job of this silo uses.</summary>
internal sealed record JobServices(
    IJobRecordStore Records,
    IJobPrograms Programs,
    IExecution Execution,
    IClusterMembershipService Membership,
    IOptions<JobOptions> Options,
    SiloIdentity Silo,
    ILogger<JobMaster> Logger);
