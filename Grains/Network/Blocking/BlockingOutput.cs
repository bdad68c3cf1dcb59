using Millrace.Jobs;
using Millrace.Tasks;

namespace Millrace.Network.Blocking;

/// <summary>What an output that writes a partition needs to know beside its edge.</summary>
/// <param name="Id">The partition.</param>
/// <param name="Epoch">Of the job that has it written.</param>
/// <param name="FirstConsumer">Zero-based index of the first target among the subtasks of the consumer.</param>
internal sealed record BlockingOutput(PartitionId Id, JobEpoch Epoch, int FirstConsumer);
