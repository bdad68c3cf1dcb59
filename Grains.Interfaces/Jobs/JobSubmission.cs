using System.Collections.Immutable;
using Millrace.Checkpointing;
using Millrace.Graph;

namespace Millrace.Jobs;

/// <summary>A job to run. Sent again with the same id it is the same job.</summary>
/// <param name="Job">Drawn by the submitter.</param>
/// <param name="Program">Where the code is found.</param>
/// <param name="Arguments">What the program was given when its plan was made; every silo gives it the same.</param>
/// <param name="Graph">The plan.</param>
/// <param name="Restart">What to do when a subtask fails.</param>
/// <param name="Restore">What it goes on from; null for a job that begins.</param>
[GenerateSerializer, Immutable, Alias("millrace.JobSubmission")]
public sealed record JobSubmission(
    [property: Id(0)] JobId Job,
    [property: Id(1)] ProgramReference Program,
    [property: Id(2)] ImmutableArray<string> Arguments,
    [property: Id(3)] JobGraph Graph,
    [property: Id(4)] RestartSettings Restart,
    [property: Id(5)] RestoreSettings? Restore = null);
