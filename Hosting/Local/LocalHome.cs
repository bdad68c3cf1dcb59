namespace Millrace.Local;

/// <summary>Where the clusters of this machine's user keep their files.</summary>
public static class LocalHome
{
    /// <summary>Name of the environment variable that names another directory.</summary>
    public const string Variable = "MILLRACE_HOME";

    /// <summary>The directory: the environment variable's, else <c>millrace</c> in the user's local application
    /// data.</summary>
    public static string Directory
    {
        get
        {
            string? chosen = Environment.GetEnvironmentVariable(Variable);
            if (!string.IsNullOrWhiteSpace(chosen))
            {
                return Path.GetFullPath(chosen);
            }

            string data = Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            return Path.Combine(data.Length > 0 ? data : Path.GetTempPath(), "millrace");
        }
    }

    /// <summary>The directory of one cluster; whether it exists is another question.</summary>
    /// <exception cref="ArgumentException">The name is not one.</exception>
    public static ClusterDirectory Cluster(string name = ClusterDirectory.DefaultName) =>
        new(Path.Combine(Directory, "clusters"), name);
}
