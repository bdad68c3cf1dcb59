using Millrace.Local;

namespace Millrace;

/// <summary>The tests have a home of their own: clusters of the machine's user are none of their business.</summary>
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
    public static void Delete() => Home?.Delete(recursive: true);
}
