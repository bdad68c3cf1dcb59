namespace Millrace.Clustering;

/// <summary>Where the list of a cluster's silos is kept.</summary>
public enum ClusteringProvider
{
    /// <summary>A file in a directory: several processes on one machine. Any silo may die, the first
    /// included.</summary>
    File,

    /// <summary>An object shared by the silos and clients of one process: tests and the in-process cluster.</summary>
    InProcess,

    /// <summary>Azure Table Storage, by the Orleans package.</summary>
    AzureStorage,

    /// <summary>Azure Blob Storage. Not available yet.</summary>
    AzureBlob,

    /// <summary>Redis, by the Orleans package.</summary>
    Redis,

    /// <summary>A relational database, by the Orleans package.</summary>
    AdoNet,
}
