using Millrace.Repository;

namespace Millrace.PublicApi;

[TestClass]
public sealed class DocumentationIsRequiredTests
{
    private const string Severity = "[*.cs]\ndotnet_diagnostic.CS1591.severity = error\n";

    private const string Build = """
        <Project>
          <PropertyGroup>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <GenerateDocumentationFile>true</GenerateDocumentationFile>
          </PropertyGroup>
        </Project>
        """;

    private readonly DocumentationIsRequired _rule = new();

    [TestMethod]
    public void The_repository_requires_documentation() => Gate.VerifyClean(_rule.Check(SourceTree.Repository));

    [TestMethod]
    public void The_settings_that_require_it_pass() => Gate.VerifyClean(_rule.Check(Tree(Severity, Build)));

    [TestMethod]
    public void A_weaker_severity_is_found() =>
        Gate.VerifyOne(
            "must be an error here",
            _rule.Check(Tree(Severity.Replace("error", "warning", StringComparison.Ordinal), Build)));

    [TestMethod]
    [DataRow("GenerateDocumentationFile")]
    [DataRow("TreatWarningsAsErrors")]
    public void A_build_that_does_not_look_is_found(string property)
    {
        string build = Build.Replace($"<{property}>true", $"<{property}>false", StringComparison.Ordinal);
        Gate.VerifyOne($"{property} must be true", _rule.Check(Tree(Severity, build)));
    }

    [TestMethod]
    [DataRow("Grains.Interfaces/A.cs", "#pragma warning disable CS1591\nclass A;\n")]
    [DataRow("Grains.Interfaces/A.cs", "#pragma warning disable 1591 // not now\nclass A;\n")]
    [DataRow("Grains.Interfaces/A.cs", "#pragma warning disable\nclass A;\n")]
    [DataRow("Grains.Interfaces/A.csproj", "<Project><P><NoWarn>$(NoWarn);1591</NoWarn></P></Project>")]
    public void A_switch_is_found(string path, string text) =>
        Gate.VerifyOne("switches CS1591 off", _rule.Check(Tree(Severity, Build, (path, text))));

    [TestMethod]
    public void Other_warnings_and_other_projects_are_not_meant() =>
        Gate.VerifyClean(_rule.Check(Tree(
            Severity,
            Build,
            ("Grains.Interfaces/A.cs", "#pragma warning disable CA1000\nclass A;\n"),
            ("tests/Directory.Build.props", "<Project><P><NoWarn>CS1591</NoWarn></P></Project>"))));

    private static SourceTree Tree(string severity, string build, params (string, string)[] others) => SourceTree.Of(
        [.. others, ("Grains.Interfaces/.editorconfig", severity), ("Directory.Build.props", build)]);
}
