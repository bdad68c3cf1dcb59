namespace Millrace.State;

/// <summary>What lets a value with a time to live begin to live anew.</summary>
public enum StateTtlUpdate
{
    /// <summary>Being written.</summary>
    Write,

    /// <summary>Being written or read.</summary>
    ReadAndWrite,
}
