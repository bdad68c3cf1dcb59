using Millrace.Repository;

namespace Millrace.Documents;

[TestClass]
public sealed class SnippetsCompileTests
{
    private readonly SnippetsCompile _rule = new();

    [TestMethod]
    public void The_repository_shows_code_that_compiles() => Gate.VerifyClean(_rule.Check(SourceTree.Repository));

    [TestMethod]
    [DataRow("stream.Grind();", "CS1061")]
    [DataRow("stream.Map(1);", "CS1503")]
    [DataRow("Missing.Thing();", "CS0103")]
    [DataRow("stream.Stop()", "CS1002")]
    [DataRow("stream.Hidden();", "CS0122")]
    [DataRow("new Secret();", "CS0122")]
    public void A_snippet_that_does_not_compile_is_found(string code, string error) =>
        Gate.VerifyOne($"docs/a.md:6: {error}", _rule.Check(Docs("csharp", code)));

    [TestMethod]
    [DataRow("csharp", "stream.Map(x => x.ToString()); System.Console.WriteLine(args.Length);")]
    [DataRow("text", "stream.Grind();")]
    [DataRow("", "stream.Grind();")]
    public void Other_snippets_pass(string language, string code) =>
        Gate.VerifyClean(_rule.Check(Docs(language, code)));

    private static SourceTree Docs(string language, string code)
    {
        string flow = """
            namespace Millrace;
            public class Flow
            {
                public void Map(Func<int, string> f) { }
                public void Stop() { }
                internal void Hidden() { }
            }
            internal class Secret;
            """;
        return SourceTree.Of(
            ("docs/a.md", $"# A\n\n```{language}\nusing Millrace;\nvar stream = new Flow();\n{code}\n```\n"),
            ("Grains/Jobs/Flow.cs", flow));
    }
}
