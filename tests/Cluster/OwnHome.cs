using Millrace.Local;

namespace Millrace;

/// <summary>The tests have a home of their own, and leave no process behind.</summary>
[TestClass]
public sealed class OwnHome
{
    private static DirectoryInfo? Home;

    [AssemblyInitialize]
    public static void Create(TestContext _)
    {
        Home = Directory.CreateTempSubdirectory("millrace-home-");
        Environment.SetEnvironmentVariable(LocalHome.Variable, Home.FullName);
    }

    [AssemblyCleanup]
    public static async Task StopAndDeleteAsync()
    {
        string clusters = Path.Combine(Home!.FullName, "clusters");
        foreach (string directory in Directory.Exists(clusters) ? Directory.GetDirectories(clusters) : [])
        {
            var cluster = new LocalCluster(LocalHome.Cluster(Path.GetFileName(directory)));
            if (cluster.IsRunning())
            {
                await cluster.StopAsync(CancellationToken.None);
            }
        }

        Home.Delete(recursive: true);
    }
}
