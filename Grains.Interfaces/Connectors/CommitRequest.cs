namespace Millrace.Connectors;

/// <summary>One committable and what became of it. Used by one call of
/// <see cref="ISinkCommitter.CommitAsync"/>.</summary>
/// <param name="committable">What a writer returned, or what a former try made of it.</param>
/// <param name="retries">How often it was tried before.</param>
public sealed class CommitRequest(byte[] committable, int retries = 0)
{
    /// <summary>What a writer returned, or what <see cref="RetryLater"/> made of it.</summary>
    public byte[] Committable { get; private set; } = committable;

    /// <summary>How often it was tried before in this process.</summary>
    public int Retries { get; } = retries;

    /// <summary>What became of it. Default: <see cref="CommitResult.Committed"/>.</summary>
    public CommitResult Result { get; private set; }

    /// <summary>Why it is not committed; null when it is.</summary>
    public string? Reason { get; private set; }

    /// <summary>It is to be tried again after a pause; the number of tries is bounded.</summary>
    /// <param name="reason">For the log, and for the failure when no try is left.</param>
    /// <param name="updated">What is to be tried: null for the same again. It is forgotten when the process
    /// dies.</param>
    public void RetryLater(string reason, byte[]? updated = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        Result = CommitResult.RetryLater;
        Reason = reason;
        Committable = updated ?? Committable;
    }

    /// <summary>It can never be committed: the job fails.</summary>
    /// <param name="reason">What was seen, and what is needed.</param>
    public void Refuse(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        Result = CommitResult.Refused;
        Reason = reason;
    }
}

/// <summary>What became of a committable.</summary>
public enum CommitResult
{
    /// <summary>It is visible, now or since before.</summary>
    Committed,

    /// <summary>Not yet.</summary>
    RetryLater,

    /// <summary>Never.</summary>
    Refused,
}
