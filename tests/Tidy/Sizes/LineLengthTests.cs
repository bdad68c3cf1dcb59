using Millrace.Repository;

namespace Millrace.Sizes;

[TestClass]
public sealed class LineLengthTests
{
    private readonly LineLength _rule = new();

    [TestMethod]
    public void The_repository_keeps_its_lines_short() => Gate.VerifyClean(_rule.Check(SourceTree.Repository));

    [TestMethod]
    public void A_hundred_and_twenty_columns_pass_and_one_more_does_not()
    {
        Gate.VerifyClean(_rule.Check(SourceTree.Of("A.cs", new string('/', 120))));
        Gate.VerifyOne("A.cs:2: 121 columns", _rule.Check(SourceTree.Of("A.cs", "\n" + new string('/', 121))));
    }

    [TestMethod]
    public void A_column_is_a_character_even_outside_the_basic_plane() =>
        Gate.VerifyClean(_rule.Check(SourceTree.Of("A.cs", string.Concat(Enumerable.Repeat("\U0001F30A", 120)))));

    [TestMethod]
    public void A_windows_line_break_is_no_column() =>
        Gate.VerifyClean(_rule.Check(SourceTree.Of("A.cs", new string('/', 120) + "\r\n//")));

    [TestMethod]
    public void Prose_is_not_measured_and_scripts_are()
    {
        Gate.VerifyClean(_rule.Check(SourceTree.Of("a.md", new string('x', 500))));
        Gate.VerifyOne("121 columns", _rule.Check(SourceTree.Of("tests/run", "#!/bin/sh\n" + new string('x', 121))));
    }
}
