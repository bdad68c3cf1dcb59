using System.Globalization;
using Millrace.Local;
using Spectre.Console;

namespace Millrace.Output;

/// <summary>Silo processes, one a line.</summary>
internal static class SiloTable
{
    public static void Write(Terminal terminal, IEnumerable<LocalSilo> silos)
    {
        Table table = Terminal.CreateTable("SILO", "STATE", "PROCESS", "SLOTS", "GATEWAY", "LOG");
        foreach (LocalSilo silo in silos)
        {
            table.AddRow(
                new Text(silo.Name),
                new Text(silo.State.ToString()),
                new Text(silo.Pid.ToString(CultureInfo.InvariantCulture)),
                new Text(silo.Slots?.ToString(CultureInfo.InvariantCulture) ?? "-"),
                new Text(silo.Gateway ?? "-"),
                new Text(silo.Log));
        }

        terminal.Console.Write(table);
    }
}
