using Millrace.Repository;

namespace Millrace.Layers;

[TestClass]
public sealed class ProjectDirectionTests
{
    private readonly ProjectDirection _rule = new();

    [TestMethod]
    public void The_repository_has_projects_in_one_direction() => Gate.VerifyClean(_rule.Check(SourceTree.Repository));

    [TestMethod]
    [DataRow("Grains.Interfaces/Grains.Interfaces.csproj", "../Grains/Grains.csproj")]
    [DataRow("Grains/Grains.csproj", "../Hosting/Hosting.csproj")]
    [DataRow("Grains/Grains.csproj", "..\\Silo\\Silo.csproj")]
    [DataRow("Hosting/Hosting.csproj", "../Silo/Silo.csproj")]
    [DataRow("Silo/Silo.csproj", "../ClientHost/ClientHost.csproj")]
    [DataRow("Hosting/Hosting.csproj", "../tests/Testing/Testing.csproj")]
    [DataRow("Connectors/Kafka/Kafka.csproj", "../../Grains/Grains.csproj")]
    [DataRow("examples/WordCount/WordCount.csproj", "../../Grains/Grains.csproj")]
    [DataRow("Cellar/Cellar.csproj", "../Grains/Grains.csproj")]
    public void A_reference_against_the_direction_is_found(string project, string reference) =>
        Gate.VerifyOne("may not refer to", _rule.Check(Tree(project, reference, isInSolution: true)));

    [TestMethod]
    [DataRow("Grains/Grains.csproj", "../Grains.Interfaces/Grains.Interfaces.csproj")]
    [DataRow("Hosting/Hosting.csproj", "../Grains/Grains.csproj")]
    [DataRow("ClientHost/ClientHost.csproj", "../Hosting/Hosting.csproj")]
    [DataRow("tests/Testing/Testing.csproj", "../../Hosting/Hosting.csproj")]
    [DataRow("Connectors/Kafka/Kafka.csproj", "../../Grains.Interfaces/Grains.Interfaces.csproj")]
    public void A_reference_along_the_direction_passes(string project, string reference) =>
        Gate.VerifyClean(_rule.Check(Tree(project, reference, isInSolution: true)));

    [TestMethod]
    public void A_project_outside_the_solution_is_found() =>
        Gate.VerifyOne(
            "nothing builds or tests it",
            _rule.Check(Tree("tests/New/New.csproj", "../Testing/Testing.csproj", isInSolution: false)));

    private static SourceTree Tree(string project, string reference, bool isInSolution) => SourceTree.Of(
        ("Orleans.sln", isInSolution ? $"= \"X\", \"{project.Replace('/', '\\')}\"" : "= \"X\", \"X.csproj\""),
        (project, $"<Project><ItemGroup><ProjectReference Include=\"{reference}\" /></ItemGroup></Project>"));
}
