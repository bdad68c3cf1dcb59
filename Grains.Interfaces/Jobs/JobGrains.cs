namespace Millrace.Jobs;

/// <summary>Where the grains of this room are found.</summary>
public static class JobGrains
{
    /// <summary>The cluster's dispatcher.</summary>
    public static IDispatcherGrain Dispatcher(this IGrainFactory grains)
    {
        ArgumentNullException.ThrowIfNull(grains);
        return grains.GetGrain<IDispatcherGrain>(0);
    }

    /// <summary>The grain that runs a job.</summary>
    public static IJobGrain Job(this IGrainFactory grains, JobId job)
    {
        ArgumentNullException.ThrowIfNull(grains);
        return grains.GetGrain<IJobGrain>(job.ToString());
    }

    /// <summary>The grain that takes the upload of a package.</summary>
    public static IPackageGrain Package(this IGrainFactory grains, PackageId package)
    {
        ArgumentNullException.ThrowIfNull(grains);
        return grains.GetGrain<IPackageGrain>(package.ToString());
    }
}
