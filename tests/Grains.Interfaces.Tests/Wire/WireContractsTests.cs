using Millrace.Failures;

namespace Millrace.Wire;

/// <summary>
/// What crosses a wire is written down in Contracts.txt beside this project, so that a change of it is seen in review.
/// An alias or id never changes its meaning; new ones are added at the end.
/// </summary>
[TestClass]
public sealed class WireContractsTests
{
    private const string Switch = "MILLRACE_WRITE_CONTRACTS";

    [TestMethod]
    public void Contracts_are_what_the_page_says()
    {
        string path = Path.Combine(Root(), "tests", "Grains.Interfaces.Tests", "Contracts.txt");
        string found = WireContracts.Describe(new WireTypes(typeof(StreamingException).Assembly));
        if (Environment.GetEnvironmentVariable(Switch) == "1")
        {
            File.WriteAllText(path, found);
        }

        string written = File.ReadAllText(path);

        string[] foundLines = found.Split('\n');
        string[] writtenLines = written.Split('\n');
        string gone = string.Join('\n', writtenLines.Except(foundLines));
        string added = string.Join('\n', foundLines.Except(writtenLines));
        Assert.AreEqual(
            written,
            found,
            $"Contracts changed. No longer there:\n{gone}\nNew:\n{added}\nIf that is meant and silos of the last "
            + $"version can live with it, write the page anew: {Switch}=1 dotnet test tests/Grains.Interfaces.Tests");
    }

    private static string Root()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Orleans.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException(
            $"No Orleans.sln above '{AppContext.BaseDirectory}': run this test from a build inside the repository.");
    }
}
