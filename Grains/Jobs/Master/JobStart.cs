namespace Millrace.Jobs.Master;

/// <summary>Where a job master begins.</summary>
/// <param name="Epoch">Its epoch.</param>
/// <param name="SubmittedAt">When the job was accepted.</param>
/// <param name="IsTakeOver">Whether there was another epoch before.</param>
/// <param name="Attempt">Number of the first attempts; higher than any that older epochs may have used.</param>
/// <param name="Restarts">Restarts of older epochs.</param>
internal sealed record JobStart(
    JobEpoch Epoch, DateTimeOffset SubmittedAt, bool IsTakeOver = false, int Attempt = 0, int Restarts = 0);
