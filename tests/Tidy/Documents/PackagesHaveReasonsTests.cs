using Millrace.Repository;

namespace Millrace.Documents;

[TestClass]
public sealed class PackagesHaveReasonsTests
{
    private readonly PackagesHaveReasons _rule = new();

    [TestMethod]
    public void The_repository_explains_its_packages() => Gate.VerifyClean(_rule.Check(SourceTree.Repository));

    [TestMethod]
    [DataRow("", "no reason")]
    [DataRow("| `Known` | tests | |\n", "no reason")]
    [DataRow("| `Known` | tests | Because |\n| `Gone` | tests | Because |\n", "'Gone' is not in")]
    public void A_package_without_reason_and_a_reason_without_package_are_found(string rows, string part) =>
        Gate.VerifyOne(part, _rule.Check(Tree(rows)));

    [TestMethod]
    public void A_package_with_a_reason_passes() =>
        Gate.VerifyClean(_rule.Check(Tree("| package | in | why |\n| --- | --- | --- |\n| `Known` | all | Why |\n")));

    private static SourceTree Tree(string rows) => SourceTree.Of(
        ("Directory.Packages.props", "<Project><I><PackageVersion Include=\"Known\" Version=\"1\" /></I></Project>"),
        ("docs/adr/0004-dependencies.md", "# 0004\n" + rows));
}
