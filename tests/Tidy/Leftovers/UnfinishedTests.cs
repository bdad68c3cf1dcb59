using Millrace.Repository;

namespace Millrace.Leftovers;

[TestClass]
public sealed class UnfinishedTests
{
    private readonly Unfinished _rule = new();

    [TestMethod]
    public void The_repository_is_finished_where_it_says_so() => Gate.VerifyClean(_rule.Check(SourceTree.Repository));

    [TestMethod]
    [DataRow("A.cs", "class A { void F() => throw new NotImplementedException(); }", "Implement it")]
    [DataRow("A.cs", "class A { void F() => throw new System.NotImplementedException(); }", "Implement it")]
    [DataRow("A.cs", "class A; // TODO: more", "without an issue")]
    [DataRow("A.cs", "class A; /* FIXME */", "without an issue")]
    [DataRow("A.cs", "/// <summary>TODO</summary>\nclass A;", "without an issue")]
    [DataRow("a.yml", "x: 1 # TODO later", "without an issue")]
    [DataRow("tests/run", "#!/bin/sh\n# HACK", "without an issue")]
    public void Unfinished_work_is_found(string path, string text, string part) =>
        Gate.VerifyOne(part, _rule.Check(SourceTree.Of(path, text)));

    [TestMethod]
    [DataRow("A.cs", "class A; // TODO #12: more")]
    [DataRow("A.cs", "class A; // TODO(#12) more")]
    [DataRow("A.cs", "class A { string s = \"TODO\"; void F() => throw new NotSupportedException(); }")]
    [DataRow("a.md", "# A\nA TODO names an issue.")]
    public void Work_with_an_issue_and_the_mere_word_pass(string path, string text) =>
        Gate.VerifyClean(_rule.Check(SourceTree.Of(path, text)));
}
