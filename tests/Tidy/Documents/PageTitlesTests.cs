using Millrace.Repository;

namespace Millrace.Documents;

[TestClass]
public sealed class PageTitlesTests
{
    private readonly PageTitles _rule = new();

    [TestMethod]
    public void The_repository_titles_its_documents() => Gate.VerifyClean(_rule.Check(SourceTree.Repository));

    [TestMethod]
    [DataRow("text", "0 titles")]
    [DataRow("## Second level", "0 titles")]
    [DataRow("#NoSpace", "0 titles")]
    [DataRow("# One\n# Two", "2 titles")]
    [DataRow("```\n# in code\n```", "0 titles")]
    [DataRow("text\n\n# Late", "begin with it")]
    public void A_document_without_exactly_one_title_is_found(string text, string part) =>
        Gate.VerifyOne(part, _rule.Check(SourceTree.Of("docs/a.md", text)));

    [TestMethod]
    [DataRow("# One\n## Two\n## Three")]
    [DataRow("\n# One\n\n```bash\n# a comment\n```\n~~~~\n# too\n~~~\n# still in code\n~~~~\n")]
    public void One_title_passes_and_comments_in_code_are_none(string text) =>
        Gate.VerifyClean(_rule.Check(SourceTree.Of("docs/a.md", text)));
}
