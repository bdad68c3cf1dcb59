namespace Millrace.Tasks;

/// <summary>Where the grains of this room are found.</summary>
public static class TaskGrains
{
    /// <summary>The task manager of a silo.</summary>
    /// <param name="grains">The cluster.</param>
    /// <param name="silo">As <c>SiloAddress.ToParsableString()</c> writes it.</param>
    public static ITaskManagerGrain TaskManager(this IGrainFactory grains, string silo)
    {
        ArgumentNullException.ThrowIfNull(grains);
        return grains.GetGrain<ITaskManagerGrain>(silo);
    }

    /// <summary>The exchange of a silo.</summary>
    /// <param name="grains">The cluster.</param>
    /// <param name="silo">As <c>SiloAddress.ToParsableString()</c> writes it.</param>
    public static IExchangeGrain Exchange(this IGrainFactory grains, string silo)
    {
        ArgumentNullException.ThrowIfNull(grains);
        return grains.GetGrain<IExchangeGrain>(silo);
    }

    /// <summary>One attempt of one subtask on a silo.</summary>
    /// <param name="grains">The cluster.</param>
    /// <param name="silo">As <c>SiloAddress.ToParsableString()</c> writes it.</param>
    /// <param name="attempt">The attempt.</param>
    public static ITaskGrain TaskOf(this IGrainFactory grains, string silo, ExecutionAttemptId attempt)
    {
        ArgumentNullException.ThrowIfNull(grains);
        return grains.GetGrain<ITaskGrain>($"{silo}/{attempt}");
    }
}
