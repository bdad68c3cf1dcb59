namespace Millrace.Jobs;

/// <summary>
/// Counts who has been in charge of a job; raised by a conditional write each time a job grain takes over.
/// </summary>
/// <param name="Value">From 1. A message of an older epoch is dropped at the door.</param>
[GenerateSerializer, Immutable, Alias("millrace.JobEpoch")]
public readonly record struct JobEpoch([property: Id(0)] long Value) : IComparable<JobEpoch>
{
    /// <summary>Before anybody took charge.</summary>
    public static readonly JobEpoch None = new(0);

    /// <summary>The epoch after this one.</summary>
    public JobEpoch Next() => new(checked(Value + 1));

    /// <inheritdoc/>
    public int CompareTo(JobEpoch other) => Value.CompareTo(other.Value);

    /// <summary>Whether the left epoch is older.</summary>
    public static bool operator <(JobEpoch left, JobEpoch right) => left.Value < right.Value;

    /// <summary>Whether the left epoch is newer.</summary>
    public static bool operator >(JobEpoch left, JobEpoch right) => left.Value > right.Value;

    /// <summary>Whether the left epoch is older or the same.</summary>
    public static bool operator <=(JobEpoch left, JobEpoch right) => left.Value <= right.Value;

    /// <summary>Whether the left epoch is newer or the same.</summary>
    public static bool operator >=(JobEpoch left, JobEpoch right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public override string ToString() => $"epoch {Value}";
}
