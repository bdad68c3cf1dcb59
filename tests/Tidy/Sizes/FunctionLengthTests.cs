using Millrace.Repository;

namespace Millrace.Sizes;

[TestClass]
public sealed class FunctionLengthTests
{
    private readonly FunctionLength _rule = new();

    [TestMethod]
    public void The_repository_keeps_its_functions_short() => Gate.VerifyClean(_rule.Check(SourceTree.Repository));

    [TestMethod]
    public void Seventy_lines_pass_and_one_more_does_not()
    {
        Gate.VerifyClean(_rule.Check(Method(70)));
        Gate.VerifyOne("'Long' has 71 lines", _rule.Check(Method(71)));
    }

    [TestMethod]
    public void Documentation_and_attributes_do_not_count()
    {
        string docs = string.Concat(Enumerable.Repeat("/// <remarks/>\n", 30)) + "[Obsolete(\n\"x\"\n)]\n";
        Gate.VerifyClean(_rule.Check(SourceTree.Of("A.cs", $"class A {{\n{docs}void F() {{\n{Lines(68)}}}\n}}")));
    }

    [TestMethod]
    [DataRow("class A { A() {\n#\n} }", DisplayName = "constructor")]
    [DataRow("class A { int P { get {\n#\nreturn 1; } } }", DisplayName = "accessor")]
    [DataRow("class A { int P => new B {\n#\n}.C; }", DisplayName = "expression body")]
    [DataRow("class A { void F() { void L() {\n#\n} } }", DisplayName = "local function inside")]
    [DataRow("class A { Action a = () => {\n#\n}; }", DisplayName = "lambda in a field")]
    [DataRow("class A { public static A operator +(A a, A b) {\n#\n} }", DisplayName = "operator")]
    [DataRow("F();\n#\nG();", DisplayName = "top-level program")]
    public void Every_kind_of_function_is_measured(string code)
    {
        Gate.VerifyClean(_rule.Check(SourceTree.Of("A.cs", code.Replace("#", Lines(60), StringComparison.Ordinal))));
        Assert.IsNotEmpty(_rule.Check(SourceTree.Of("A.cs", code.Replace("#", Lines(75), StringComparison.Ordinal))));
    }

    [TestMethod]
    public void A_long_class_of_short_functions_passes() =>
        Gate.VerifyClean(_rule.Check(SourceTree.Of(
            "A.cs", "class A {\n" + string.Concat(Enumerable.Repeat("void F() {\n}\n", 100)) + "}")));

    private static SourceTree Method(int lines) =>
        SourceTree.Of("A.cs", $"class A {{\nvoid Long() {{\n{Lines(lines - 2)}}}\n}}");

    private static string Lines(int count) => string.Concat(Enumerable.Repeat("//\n", count));
}
