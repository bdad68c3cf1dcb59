using System.Text.Json;
using System.Text.Json.Serialization;
using Millrace.Clustering;

namespace Millrace.Local;

/// <summary>What a silo process says of itself, in a file that it replaces as a whole.</summary>
/// <param name="Name">Unique in its cluster.</param>
/// <param name="State">How far it is.</param>
/// <param name="Pid">Its process id.</param>
/// <param name="Process">Tells it from a later process with the same id; null where the system does not say.</param>
/// <param name="StartedAt">When it began to start.</param>
/// <param name="Slots">How many task slots it offers, once it is active.</param>
/// <param name="Silo">Its Orleans address with generation, once it is active.</param>
/// <param name="Gateway">Where clients connect, once it is active.</param>
/// <param name="Exchange">Where its data exchange listens, once it is active.</param>
internal sealed record SiloRecord(
    string Name,
    SiloState State,
    int Pid,
    ProcessStamp? Process,
    DateTimeOffset StartedAt,
    int? Slots,
    string? Silo = null,
    string? Gateway = null,
    string? Exchange = null)
{
    /// <summary>Whether the process still runs, as far as can be told.</summary>
    [JsonIgnore]
    public bool IsRunning => Process is null ? LooksAlive(Pid) : !Process.IsCertainlyGone();

    /// <returns>Null when there is no such file, or none that can be read.</returns>
    public static SiloRecord? TryRead(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), LocalJson.Default.SiloRecord);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string aside = path + ".new";
        File.WriteAllBytes(aside, JsonSerializer.SerializeToUtf8Bytes(this, LocalJson.Default.SiloRecord));
        File.Move(aside, path, overwrite: true);
    }

    private static bool LooksAlive(int pid)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
