using Millrace.Programs;

namespace Millrace.Runs;

/// <summary>The way into the cluster that was chosen for a run.</summary>
/// <param name="Place">For people, such as <c>on cluster 'default'</c>.</param>
/// <param name="SubmitAsync">Fixes the plan of a job class and submits it.</param>
internal sealed record JobDoor(string Place, Func<Type, string[], CancellationToken, Task<JobHandle>> SubmitAsync);
