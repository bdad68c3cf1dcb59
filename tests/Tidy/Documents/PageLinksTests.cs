using Millrace.Repository;

namespace Millrace.Documents;

[TestClass]
public sealed class PageLinksTests
{
    private readonly PageLinks _rule = new();

    [TestMethod]
    public void The_repository_links_to_what_is_there() => Gate.VerifyClean(_rule.Check(SourceTree.Repository));

    [TestMethod]
    [DataRow("[x](missing.md)", "no 'docs/missing.md'")]
    [DataRow("[x](../Grains/Missing)", "no 'Grains/Missing'")]
    [DataRow("![x](picture.png)", "no 'docs/picture.png'")]
    [DataRow("[x]: missing.md", "no 'docs/missing.md'")]
    [DataRow("[x](B.md)", "no 'docs/B.md'")]
    [DataRow("[x](../../outside.md)", "no '../outside.md'")]
    [DataRow("[x](/docs/b.md)", "absolute path")]
    [DataRow("[x](b.md#missing)", "no heading")]
    [DataRow("[x](#missing)", "no heading")]
    public void A_link_that_leads_nowhere_is_found(string text, string part) =>
        Gate.VerifyOne(part, _rule.Check(Docs(text)));

    [TestMethod]
    [DataRow("[x](b.md) and [y](../Grains/Jobs/) and [z](../Grains/Jobs/A.cs#L3)")]
    [DataRow("[x](b.md#two-words-and-a-number-7) [y](#title) [z](b.md#said)")]
    [DataRow("[x](b.md \"with a title\") [y](<b.md>)")]
    [DataRow("[x](https://example.org/missing.md) [m](mailto:a@example.org)")]
    [DataRow("`[x](missing.md)` and ``[y](`missing`.md)``")]
    [DataRow("```\n[x](missing.md)\n```")]
    public void A_link_that_leads_somewhere_passes(string text) => Gate.VerifyClean(_rule.Check(Docs(text)));

    private static SourceTree Docs(string text) => SourceTree.Of(
        ("docs/a.md", $"# Title\n{text}\n"),
        ("docs/b.md", "# B\n## Two words, and a *number*: 7\n<a id=\"said\"></a>\n"),
        ("Grains/Jobs/A.cs", ""));
}
