using Millrace.Repository;

namespace Millrace.Sizes;

[TestClass]
public sealed class FileLengthTests
{
    private readonly FileLength _rule = new();

    [TestMethod]
    public void The_repository_keeps_its_files_short() => Gate.VerifyClean(_rule.Check(SourceTree.Repository));

    [TestMethod]
    public void Four_hundred_lines_pass_and_one_more_does_not()
    {
        Gate.VerifyClean(_rule.Check(SourceTree.Of("A.cs", Lines(400))));
        Gate.VerifyOne("401 lines, 400 allowed", _rule.Check(SourceTree.Of("A.cs", Lines(401))));
    }

    [TestMethod]
    public void A_script_without_extension_is_measured_too() =>
        Gate.VerifyOne("tests/run", _rule.Check(SourceTree.Of("tests/run", "#!/usr/bin/env bash\n" + Lines(400))));

    [TestMethod]
    public void A_decision_that_names_the_file_allows_600_lines_and_not_more()
    {
        (string, string) decision = ("docs/adr/0042-long.md", "# Long\nA.cs is a table.");
        Gate.VerifyClean(_rule.Check(SourceTree.Of(decision, ("A.cs", "// ADR 0042\n" + Lines(599)))));
        Gate.VerifyOne("601 lines", _rule.Check(SourceTree.Of(decision, ("A.cs", "// ADR 0042\n" + Lines(600)))));
    }

    [TestMethod]
    public void A_decision_that_does_not_exist_allows_nothing() =>
        Gate.VerifyOne("400 allowed", _rule.Check(SourceTree.Of("A.cs", "// ADR 0042\n" + Lines(450))));

    [TestMethod]
    public void A_decision_about_another_file_allows_nothing()
    {
        (string, string) decision = ("docs/adr/0042-long.md", "# Long\nB.cs is a table.");
        Gate.VerifyOne(
            "400 allowed", _rule.Check(SourceTree.Of(decision, ("A.cs", "// docs/adr/0042\n" + Lines(450)))));
    }

    private static string Lines(int count) => string.Concat(Enumerable.Repeat("//\n", count));
}
