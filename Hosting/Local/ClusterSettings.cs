using System.Text.Json;

namespace Millrace.Local;

/// <summary>How a local cluster was started; silos that are added get the same.</summary>
/// <param name="SlotsPerSilo">Task slots of each silo.</param>
/// <param name="StartedAt">When it was started.</param>
/// <param name="Settings">Handed to every silo, such as <c>Millrace:Tasks:CancellationTimeout</c>.</param>
internal sealed record ClusterSettings(
    int SlotsPerSilo, DateTimeOffset StartedAt, IReadOnlyDictionary<string, string> Settings)
{
    /// <returns>Null when there is no such file, or none that can be read.</returns>
    public static ClusterSettings? TryRead(ClusterDirectory cluster)
    {
        try
        {
            return JsonSerializer.Deserialize(
                File.ReadAllBytes(cluster.SettingsFile), LocalJson.Default.ClusterSettings);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public void Write(ClusterDirectory cluster) => File.WriteAllBytes(
        cluster.SettingsFile, JsonSerializer.SerializeToUtf8Bytes(this, LocalJson.Default.ClusterSettings));
}
