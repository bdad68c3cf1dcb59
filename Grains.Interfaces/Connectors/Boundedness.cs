namespace Millrace.Connectors;

/// <summary>Whether a source ends by itself.</summary>
public enum Boundedness
{
    /// <summary>It ends.</summary>
    Bounded,

    /// <summary>It goes on until the job is canceled.</summary>
    Continuous,
}
