using System.Globalization;
using Millrace.Jobs;
using Millrace.Local;
using Millrace.Slots;
using Spectre.Console;

namespace Millrace.Output;

/// <summary>All there is to show about a cluster of this machine.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Silos">Its processes.</param>
/// <param name="Resources">Its slots, or null when it was not asked or did not answer.</param>
/// <param name="Jobs">Jobs that have not ended.</param>
/// <param name="Silence">Why it did not answer, or null.</param>
internal sealed record ClusterPage(
    string Name,
    IReadOnlyList<LocalSilo> Silos,
    ResourceOverview? Resources,
    IReadOnlyList<JobOverview> Jobs,
    string? Silence)
{
    public void Write(Terminal terminal)
    {
        if (Silos.Count > 0)
        {
            terminal.Console.Write(CreateTable());
        }

        if (Silence is not null)
        {
            terminal.WriteError($"The silos do not answer. {Silence}");
        }

        if (Resources is not null)
        {
            terminal.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Resources.FreeSlots} of {Texts.Count(Resources.TotalSlots, "slot")} free, "
                + $"{Texts.Count(Jobs.Count, "active job")}"));
        }

        foreach (TaskManagerStatus silo in Resources?.TaskManagers.Where(silo => silo.Degradation is not null) ?? [])
        {
            terminal.Output.WriteLine($"{silo.Name} should be replaced: {silo.Degradation}");
        }
    }

    public object ToJson() => new
    {
        Name,
        Silos = Silos.Select(silo => new
        {
            silo.Name,
            silo.State,
            Process = silo.Pid,
            Address = silo.Silo,
            silo.Gateway,
            silo.Exchange,
            silo.Slots,
            FreeSlots = FreeOf(silo),
            silo.Log,
            StatusOf(silo)?.Degradation,
        }),
        Resources?.TotalSlots,
        Resources?.FreeSlots,
        ActiveJobs = Jobs.Select(JobTable.ToJson),
        Silence,
    };

    private Table CreateTable()
    {
        Table table = Terminal.CreateTable("SILO", "STATE", "PROCESS", "SLOTS", "FREE", "TASKS", "GATEWAY", "LOG");
        foreach (LocalSilo silo in Silos)
        {
            string[] cells =
            [
                silo.Name,
                silo.State.ToString(),
                Number(silo.Pid),
                Number(silo.Slots),
                Number(FreeOf(silo)),
                Number(StatusOf(silo)?.RunningTasks),
                silo.Gateway ?? "-",
                silo.Log,
            ];
            table.AddRow(cells.Select(cell => new Text(cell)));
        }

        return table;
    }

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private TaskManagerStatus? StatusOf(LocalSilo silo) => silo.State == SiloState.Active
        ? Resources?.TaskManagers.FirstOrDefault(status => status.Endpoint.Silo == silo.Silo)
        : null;

    private int? FreeOf(LocalSilo silo) => StatusOf(silo)?.Slots.Count(slot => slot.State == SlotState.Free);
}
