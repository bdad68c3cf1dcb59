namespace Millrace.Local;

/// <summary>One silo process of a cluster on this machine.</summary>
/// <param name="Name">Unique in its cluster.</param>
/// <param name="State">How far it is.</param>
/// <param name="Pid">Its process id.</param>
/// <param name="StartedAt">When it began to start.</param>
/// <param name="Slots">How many task slots it offers, once it is active.</param>
/// <param name="Silo">Its Orleans address with generation, once it is active.</param>
/// <param name="Gateway">Where clients connect, once it is active.</param>
/// <param name="Exchange">Where its data exchange listens, once it is active.</param>
/// <param name="Log">The file it logs to.</param>
public sealed record LocalSilo(
    string Name,
    SiloState State,
    int Pid,
    DateTimeOffset StartedAt,
    int? Slots,
    string? Silo,
    string? Gateway,
    string? Exchange,
    string Log)
{
    internal static LocalSilo Of(SiloRecord record, ClusterDirectory cluster) => new(
        record.Name,
        record.IsRunning ? record.State : SiloState.Dead,
        record.Pid,
        record.StartedAt,
        record.Slots,
        record.Silo,
        record.Gateway,
        record.Exchange,
        cluster.LogOf(record.Name));
}
