namespace Millrace.Local;

/// <summary>How far a silo process is.</summary>
public enum SiloState
{
    /// <summary>It has begun to start.</summary>
    Starting,

    /// <summary>It is a member of the cluster and takes tasks.</summary>
    Active,

    /// <summary>It was told to stop and leaves the cluster.</summary>
    Stopping,

    /// <summary>Its process is gone without having left the cluster.</summary>
    Dead,
}
