namespace Millrace.Graph;

/// <summary>How results are produced.</summary>
public enum RuntimeMode
{
    /// <summary><see cref="Batch"/> when every source is bounded, else <see cref="Streaming"/>.</summary>
    Automatic,

    /// <summary>Each record updates the results at once.</summary>
    Streaming,

    /// <summary>Final results only: a rolling aggregate emits once per key, at the end of the input.</summary>
    Batch,
}
